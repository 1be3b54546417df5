"""Is and is not: what narrows a problem down, asked of what, where, when and how much."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.records.models import Record


class IsIsNot(models.Model):
    """One of the four rows: what it is, what it could be but is not, and the difference."""

    class Aspect(models.TextChoices):
        """The four questions."""

        WHAT = "what", _("what")
        WHERE = "where", _("where")
        WHEN = "when", _("when")
        EXTENT = "extent", _("extent")

    record = models.ForeignKey(Record, models.PROTECT, related_name="is_is_not")
    aspect = models.CharField(_("aspect"), max_length=10, choices=Aspect.choices)
    is_so = models.CharField(_("is"), max_length=500, blank=True)
    is_not = models.CharField(_("is not"), max_length=500, blank=True)
    distinction = models.CharField(_("distinction"), max_length=500, blank=True)
    change = models.CharField(_("what changed"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("row of is and is not")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "aspect"], name="one_row_per_aspect"),
        ]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.is_so}"
