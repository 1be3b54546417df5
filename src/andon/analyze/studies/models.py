"""Study with its readings, and evidence: a statistic kept beside what it was computed from."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.analyze.studies.workflow import WORKFLOW
from andon.control.instruments.models import Instrument
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.models import Account, Record
from andon.records.sites import SeenByReader
from andon.records.workflow import Workflow


class Study(Record):
    """A planned question to the data: of a measurement system, a process, or an experiment."""

    class Method(models.TextChoices):
        """What is asked, and how."""

        TYPE_ONE = "type 1", _("type 1: one part, Cg and Cgk")
        BIAS = "bias", _("bias against a reference")
        LINEARITY = "linearity", _("linearity over the range")
        STABILITY = "stability", _("stability over time")
        CROSSED = "crossed", _("gauge R&R, crossed")
        NESTED = "nested", _("gauge R&R, nested (destructive)")
        AGREEMENT = "agreement", _("attribute agreement")
        CAPABILITY = "capability", _("process capability")
        EXPERIMENT = "experiment", _("designed experiment")

    class Verdict(models.TextChoices):
        """What the statistics say by the registered limits."""

        GOOD = "good", _("good")
        CONDITIONAL = "conditional", _("conditional")
        NOT_USABLE = "not usable", _("not usable")
        CAPABLE = "capable", _("capable")
        NOT_CAPABLE = "not capable", _("not capable")
        NOT_STABLE = "not stable", _("not stable")
        EFFECTS = "effects", _("effects found")
        NO_EFFECTS = "no effects", _("no effect found")

    WORKFLOW: ClassVar[Workflow] = WORKFLOW

    method = models.CharField(_("method"), max_length=20, choices=Method.choices)
    characteristic = models.ForeignKey(
        Characteristic, models.PROTECT, null=True, blank=True, related_name="studies",
        verbose_name=_("characteristic"),
    )  # fmt: skip
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="studies",
        verbose_name=_("instrument"),
    )  # fmt: skip
    machine = models.ForeignKey(
        Machine, models.PROTECT, null=True, blank=True, related_name="studies",
        verbose_name=_("machine"),
    )  # fmt: skip
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    plan = models.JSONField(_("plan"), default=dict, blank=True, editable=False)
    """The stated values of `plans.FIELDS`; what is not stated has its usual value."""
    seed = models.BigIntegerField(_("seed of the order"), null=True, editable=False)
    """Plan and seed give the run sheet, so the sheet is nowhere to be read before its time."""
    verdict = models.CharField(
        _("verdict"), max_length=20, choices=Verdict.choices, blank=True, editable=False
    )
    words = models.TextField(_("verdict in words"), blank=True, editable=False)
    judged_at = models.DateTimeField(_("judged"), null=True, editable=False)
    is_use_permitted = models.BooleanField(_("use permitted"), default=False, editable=False)

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        indexes: ClassVar = [
            models.Index(
                fields=["instrument", "characteristic", "-judged_at"], name="study_of_pair"
            )
        ]

    @property
    def content_lines(self) -> tuple[str, ...]:
        """What signature and print include: readings only when nobody measures any more."""
        return ("readings",) if self.verdict else ()

    @property
    def withheld_fields(self) -> tuple[str, ...]:
        """What the history keeps to itself meanwhile: the order of the parts follows from them."""
        return () if self.verdict else ("plan", "seed")

    @property
    def is_of_gauge(self) -> bool:
        """Tell whether it studies a measurement system."""
        return self.method not in (self.Method.CAPABILITY, self.Method.EXPERIMENT)


class Reading(models.Model):
    """One entry on the run sheet; the highest revision of a run counts, all stay."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="readings")
    run = models.PositiveIntegerField(_("run"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    text = models.CharField(_("reading"), max_length=60)
    """As typed: a number, or the rating of an attribute."""
    value = models.FloatField(_("value"), null=True)
    entered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"))
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)
    is_append_only = True
    is_told = False
    """Whoever measures must not read on the page what was measured before."""
    trail_record = "study"

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("run", "revision")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "run", "revision"], name="one_reading_per_run")
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.text}"


class Evidence(models.Model):
    """A statistic on a record: method, inputs, result, and what computed it. Never changed.

    Inputs stand here by value, or by reference: a span of the history that is read again. Of a file
    that was given, the values, the name and the digest stand here, and not the file.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="evidence")
    title = models.CharField(_("title"), max_length=200)
    method = models.CharField(_("method"), max_length=80)
    options = models.JSONField(_("options"), default=dict)
    inputs = models.JSONField(_("inputs"), default=dict)
    """Columns by the names of the method's inputs; empty where they are referred to."""
    reference = models.JSONField(_("read from the history"), default=dict)
    inputs_digest = models.CharField(_("digest of the inputs"), max_length=64)
    values = models.PositiveIntegerField(_("values"))
    result = models.JSONField(_("result"))
    result_digest = models.CharField(_("digest of the result"), max_length=64)
    versions = models.JSONField(_("computed by"), default=dict)
    note = models.CharField(_("note"), max_length=500, blank=True)
    saved_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved"))
    is_append_only = True
    trail_exclude = ("inputs", "result")
    """Both are large; the trail holds their digests."""
    seen_with = ("record",)
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title

    def told(self) -> dict[str, Any]:
        """Return it as plain JSON data."""
        names = (
            "id", "title", "method", "options", "inputs", "reference", "inputs_digest", "values",
            "result", "result_digest", "versions", "note",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names} | {
            "record": self.record.number,
            "saved_by": self.saved_by.username,
            "saved_at": self.saved_at.isoformat(),
        }
