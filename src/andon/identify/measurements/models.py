"""What the door remembers; the measurements themselves are in the history."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from andon.records.models import Account


class RememberedMapping(models.Model):
    """Which column is which in files with one header, as an account mapped them last."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    header = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    trail = False

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "header"], name="one_mapping_per_header"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.header[:8]}"


class MeasurementPurge(models.Model):
    """The destruction of whole months of measurements, asked for by one and done by another."""

    before = models.DateField(unique=True)
    """Months that end before this day are meant."""
    reason = models.CharField(max_length=300)
    requested_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="measurement_purge_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"before {self.before}: {self.reason}"
