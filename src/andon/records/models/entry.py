"""Entry: one unchangeable line of history, written by database triggers (TRUST)."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

_KEPT = ("id", "chain", "sequence", "at", "actor", "action", "reason", "previous", "digest")
_IS_PURGED = (
    "EXISTS (SELECT 1 FROM records_purge p WHERE 'record:' || p.record_key = OLD.chain"
    " AND OLD.sequence <= p.purged_until)"
)


class Entry(models.Model):
    """Who did what to which row, when and why, chained by hash to the entry before it.

    One chain per record, because one chain for all makes writers queue. Only text and integers,
    so that the hash can be recomputed from what is stored, on any machine, without Andon.
    """

    chain = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField()
    at = models.CharField(max_length=40)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=10)
    table = models.CharField(max_length=80)
    row = models.CharField(max_length=60)
    old = models.TextField()
    new = models.TextField()
    reason = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    trail = False
    is_append_only = True
    append_only_but: ClassVar[Mapping[str, str]] = {
        "UPDATE": " AND ".join(
            [
                "NEW.old = '' AND NEW.new = ''",
                *(f"NEW.{name} = OLD.{name}" for name in _KEPT),
                'NEW."table" = OLD."table" AND NEW."row" = OLD."row"',
                _IS_PURGED,
            ]
        )
    }
    """Values may be destroyed when two people purged the record; the digests stay."""

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="one_entry_per_place"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["actor", "id"], name="entry_actor"),
            models.Index(fields=["table", "id"], name="entry_table"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}: {self.action} {self.table} {self.row}"
