"""What the door remembers; the measurements themselves are in the history."""

from typing import ClassVar

from django.db import models

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
