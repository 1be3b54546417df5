"""What else is changed so that it stays away: standards, and similar parts and processes."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.improve.actions.models.action import CorrectiveAction


class UpdateAnswer(models.Model):
    """Whether one of the five standards was updated, or why it need not be."""

    class Subject(models.TextChoices):
        """The standards that are asked for one by one."""

        FMEA = "FMEA", _("FMEA")
        CONTROL_PLAN = "control plan", _("control plan")
        DOCUMENTS = "documents", _("documents")
        TRAINING = "training", _("training")
        SUPPLIER = "supplier", _("supplier")

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="updates")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    subject = models.CharField(_("standard"), max_length=20, choices=Subject.choices)
    is_updated = models.BooleanField(_("was updated"))
    answer = models.CharField(_("what was updated, or why not"), max_length=500)
    trail_record = "action"

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "cycle", "subject"], name="one_answer_per_standard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.answer}"


class ReadAcross(models.Model):
    """A similar part or process, and whether the same cause is there too."""

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="read_across")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    place = models.CharField(_("similar part or process"), max_length=200)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    trail_record = "action"

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "cycle", "place"], name="one_answer_per_similar_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.answer}"
