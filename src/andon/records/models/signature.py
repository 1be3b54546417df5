"""Signature: an act with a meaning, bound to the digest of exactly what was signed."""

from typing import ClassVar

from django.db import models

from andon.records.models.account import Account
from andon.records.models.record import Record


class Signature(models.Model):
    """Who signed which content of which record, when, and what it means (21 CFR 11.50, 11.70)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="signatures")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=200)
    transition = models.CharField(max_length=60)
    meaning = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    """SHA-256 of the record's canonical content when it was signed."""
    version = models.PositiveIntegerField()
    signed_at = models.DateTimeField()
    is_append_only = True

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=["record", "id"], name="signature_record")]

    def __str__(self) -> str:
        return f"{self.printed_name}: {self.meaning}"
