"""Instrument: what measurements are taken with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Instrument(models.Model):
    """A gauge or tester with its calibration state."""

    class Status(models.TextChoices):
        """Where the instrument stands."""

        IN_USE = "in use", _("in use")
        QUARANTINED = "quarantined", _("quarantined")
        IN_CALIBRATION = "in calibration", _("in calibration")
        RETIRED = "retired", _("retired")
        REFERENCE_ONLY = "reference only", _("reference only")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=100)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    resolution = models.FloatField(_("resolution"), null=True, blank=True)
    location = models.CharField(_("location"), max_length=100, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.IN_USE
    )
    calibrated_on = models.DateField(_("calibrated on"), null=True, blank=True)
    due_on = models.DateField(_("calibration due on"), null=True, blank=True)
    """Without a date the instrument needs no calibration."""
    maximum_permissible_error = models.FloatField(
        _("maximum permissible error"), null=True, blank=True
    )

    class Meta:
        ordering = ("code",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("calibrated_on")),
                name="instrument_due_after_calibration",
                violation_error_message=_("The due date is not before the calibration."),
            ),
            models.CheckConstraint(
                condition=Q(resolution__gt=0, resolution__lt=1e300),
                name="instrument_resolution_positive",
                violation_error_message=_("The resolution must be above zero."),
            ),
            models.CheckConstraint(
                condition=Q(maximum_permissible_error__gt=0, maximum_permissible_error__lt=1e300),
                name="instrument_error_positive",
                violation_error_message=_("The maximum permissible error must be above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
