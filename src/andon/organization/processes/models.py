"""Process, machine, shift and the calendar of working days."""

from datetime import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Process(models.Model):
    """A step of making the product, in process order, with its owner."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """A part of the working day; one that ends before it starts runs past midnight."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    starts_at = models.TimeField(_("starts at"))
    ends_at = models.TimeField(_("ends at"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        ordering = ("position", "code")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(starts_at=models.F("ends_at")), name="shift_lasts"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_past_midnight(self) -> bool:
        """Tell whether the shift ends on the day after it began."""
        return self.ends_at < self.starts_at

    def covers(self, moment: time) -> bool:
        """Tell whether a time of day lies in the shift; its end belongs to the next one."""
        if self.is_past_midnight:
            return moment >= self.starts_at or moment < self.ends_at
        return self.starts_at <= moment < self.ends_at


class Machine(models.Model):
    """A machine, line, cell or tester on which a process runs."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="machines", verbose_name=_("process")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    shifts: "models.ManyToManyField[Shift, models.Model]" = models.ManyToManyField(
        Shift, blank=True, related_name="machines", verbose_name=_("shifts")
    )
    """The shifts in which it runs; none given means every shift."""
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        ordering = ("process__position", "position", "code")

    def __str__(self) -> str:
        return self.code if self.name == self.code else f"{self.code} {self.name}"


def monday_to_friday() -> list[int]:
    """Return the usual working days as ISO weekday numbers."""
    return [1, 2, 3, 4, 5]


def validate_weekdays(days: Any) -> None:
    """Refuse a list of anything but ISO weekday numbers, each once."""
    if not isinstance(days, list) or len(days) != len(set(days) & set(range(1, 8))):
        raise ValidationError(_("Write weekdays as numbers, 1 Monday to 7 Sunday."))


class WorkWeek(models.Model):
    """On which weekdays the organization works: one row; without it Monday to Friday."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    weekdays = models.JSONField(
        _("weekdays"), default=monday_to_friday, validators=[validate_weekdays]
    )
    """ISO weekday numbers, 1 Monday to 7 Sunday."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_work_week"),
        ]

    def __str__(self) -> str:
        return ", ".join(str(day) for day in self.weekdays)


class ClosedDay(models.Model):
    """A day on which the organization does not work although the weekday says so."""

    on = models.DateField(_("day"), unique=True)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ("on",)

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.reason}"
