"""How long records are kept, and what is left of one that was destroyed when its time was over."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.records.models.account import Account


class RetentionPeriod(models.Model):
    """For how many years after it was closed a type of record is kept; or what was measured."""

    kind = models.CharField(_("type"), max_length=60, unique=True)
    years = models.PositiveSmallIntegerField(_("years after closing"))
    basis = models.CharField(_("basis"), max_length=300)
    """The law, standard or contract that asks for it."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(years__gte=1), name="retention_of_a_year_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.years} years ({self.basis})"


class Purge(models.Model):
    """The destruction of one record, asked for by one and done by another; it is the stub left."""

    record_key = models.PositiveBigIntegerField()
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    closed_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    requested_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    purged_until = models.PositiveIntegerField(default=0)
    """The contents of the entries up to this one were destroyed; their digests stay."""
    trail_record = "record_key"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_key"], name="one_purge_of_a_record"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="purge_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(purged_until=0) | Q(approved_by__isnull=False),
                name="purge_only_when_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"
