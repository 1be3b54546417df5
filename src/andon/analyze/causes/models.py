"""Cause and why step: the branches of an Ishikawa diagram and the chains of five whys."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.records.models import Account, Attachment, Record
from andon.records.sites import SeenByReader


class Cause(models.Model):
    """A possible cause of what a record is about, with the evidence for or against it."""

    class Kind(models.TextChoices):
        """The three legs of a complete answer."""

        OCCURRENCE = "occurrence", _("why it was made")
        NON_DETECTION = "non-detection", _("why it was not detected")
        SYSTEMIC = "systemic", _("why the system allowed it")

    class Category(models.TextChoices):
        """The bones of the Ishikawa diagram (6M)."""

        MAN = "man", _("man")
        MACHINE = "machine", _("machine")
        MATERIAL = "material", _("material")
        METHOD = "method", _("method")
        MEASUREMENT = "measurement", _("measurement")
        ENVIRONMENT = "environment", _("environment")

    class Status(models.TextChoices):
        """What the evidence says."""

        OPEN = "open", _("open")
        SUPPORTED = "supported", _("supported")
        REFUTED = "refuted", _("refuted")

    class EvidenceKind(models.TextChoices):
        """How a cause is verified."""

        ON_OFF_TEST = "on/off test", _("on/off test")
        DATA_SPLIT = "data split", _("data split")
        REPRODUCTION = "reproduction", _("reproduction")

    record = models.ForeignKey(Record, models.PROTECT, related_name="causes")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    kind = models.CharField(_("answers"), max_length=20, choices=Kind.choices)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    statement = models.CharField(_("statement"), max_length=500)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.OPEN
    )
    evidence = models.TextField(_("evidence"), max_length=4000, blank=True)
    evidence_kind = models.CharField(
        _("kind of evidence"), max_length=20, choices=EvidenceKind.choices, blank=True
    )
    evidence_record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("record with the evidence"),
    )  # fmt: skip
    evidence_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("file with the evidence"),
    )  # fmt: skip
    factor = models.CharField(_("factor"), max_length=100, blank=True)
    level = models.CharField(_("level"), max_length=200, blank=True)
    measure = models.CharField(_("measure of effect"), max_length=40, blank=True)
    effect = models.FloatField(_("effect"), null=True, blank=True)
    """From the driver analysis: eta squared or a rate ratio, when it proposed this branch."""
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    verified_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    seen_with = ("record",)
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = [models.Index(fields=["record", "cycle"], name="cause_of_record")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open")
                | (~Q(evidence="") & Q(verified_by__isnull=False, verified_at__isnull=False)),
                name="cause_decided_by_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(status="supported") | ~Q(evidence_kind=""),
                name="cause_supported_in_a_known_way",
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def root(self) -> str:
        """The last answer of the chain: what an action has to remove."""
        last = self.why_steps.order_by("-position").first()
        return last.answer if last else self.statement


class WhyStep(models.Model):
    """One further why below a cause, with its own evidence."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="why_steps")
    position = models.PositiveSmallIntegerField(_("step"))
    answer = models.CharField(_("because"), max_length=500)
    evidence = models.CharField(_("evidence"), max_length=1000, blank=True)
    seen_with = ("record",)
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        ordering = ("cause", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cause", "position"], name="one_answer_per_why"),
        ]

    def __str__(self) -> str:
        return self.answer
