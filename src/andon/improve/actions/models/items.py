"""Action items by strength, their completion, and the implementation as a whole."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.analyze.causes.models import Cause
from andon.improve.actions.models.action import CorrectiveAction
from andon.records.models import Account
from andon.records.sites import SeenByReader


class ActionItem(models.Model):
    """One thing to do against one verified cause."""

    class Strength(models.TextChoices):
        """From what cannot fail to what is forgotten: the strongest first."""

        ELIMINATE = "eliminate", _("eliminate")
        ENGINEER = "engineer", _("engineer")
        DETECT = "detect", _("detect")
        ADMINISTRATIVE = "administrative", _("administrative")
        TRAINING = "training", _("training")

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="items")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="items", verbose_name=_("cause"))
    text = models.CharField(_("action"), max_length=500)
    strength = models.CharField(_("strength"), max_length=20, choices=Strength.choices)
    responsible = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    due_on = models.DateField(_("due on"))
    trail_record = "action"
    seen_with = ("action",)
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text

    @property
    def is_done(self) -> bool:
        """Tell whether its completion was recorded."""
        return hasattr(self, "completion")


class Completion(models.Model):
    """That an item is done, and how one can see it."""

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="+")
    item = models.OneToOneField(ActionItem, models.PROTECT, related_name="completion")
    evidence = models.TextField(_("evidence"), max_length=2000)
    done_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    is_append_only = True
    trail_record = "action"

    def __str__(self) -> str:
        return self.evidence[:60]


class Implementation(models.Model):
    """From which day on the action works, and what the first parts showed."""

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="implementations")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    implemented_on = models.DateField(_("implemented on"))
    validation = models.TextField(_("short-term validation"), max_length=4000)
    recorded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    trail_record = "action"

    class Meta:
        ordering = ("cycle",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "cycle"], name="one_implementation"),
        ]

    def __str__(self) -> str:
        return self.implemented_on.isoformat()
