"""Stream, its frozen limits and its state; signals and findings."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.models import Account


class Stream(models.Model):
    """One characteristic at one machine (and, for counted defects, in one shift)."""

    code = models.CharField(_("stream"), max_length=200, unique=True)
    characteristic = models.ForeignKey(Characteristic, models.PROTECT, related_name="streams")
    machine = models.ForeignKey(Machine, models.PROTECT, related_name="streams")
    shift = models.CharField(_("shift"), max_length=20, blank=True)

    class Meta:
        ordering = ("machine__process__position", "machine__position", "code")

    def __str__(self) -> str:
        return self.code


class FrozenLimits(models.Model):
    """The yardstick of a stream, from a phase I; a new phase is a new version with a reason."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="limits")
    version = models.PositiveIntegerField(_("version"))
    since = models.DateField(_("phase I from"))
    until = models.DateField(_("phase I to"))
    subgroups = models.PositiveIntegerField(_("subgroups"))
    size = models.PositiveIntegerField(_("subgroup size"))
    is_logarithmic = models.BooleanField(default=False)
    mean = models.FloatField(_("mean of subgroup means"))
    sigma_of_means = models.FloatField(_("standard deviation of subgroup means"))
    sigma_within = models.FloatField(_("standard deviation within subgroups"))
    spread_lower = models.FloatField(_("lower limit of the range"), default=0)
    spread_upper = models.FloatField(_("upper limit of the range"), null=True)
    autocorrelation = models.FloatField(_("autocorrelation of subgroup means, lag 1"), null=True)
    normality_p = models.FloatField(_("p of the normality test"), null=True)
    remarks = models.JSONField(_("what phase I says of itself"), default=list)
    reason = models.CharField(_("reason"), max_length=300)
    frozen_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(_("frozen"))
    is_append_only = True

    class Meta:
        ordering = ("stream", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "version"], name="one_limits_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id} version {self.version}"

    @property
    def lower(self) -> float:
        """The lower control limit of subgroup means, on the model's scale."""
        return self.mean - 3 * self.sigma_of_means

    @property
    def upper(self) -> float:
        """The upper control limit of subgroup means, on the model's scale."""
        return self.mean + 3 * self.sigma_of_means


class StreamState(models.Model):
    """What judging the next subgroup needs: bounded, whatever the history's length."""

    stream = models.OneToOneField(Stream, models.CASCADE, primary_key=True, related_name="state")
    content = models.JSONField()
    last_at = models.DateTimeField(null=True)
    trail = False  # derived: a replay of the history gives it again

    def __str__(self) -> str:
        return f"state of {self.stream_id}"


class Signal(models.Model):
    """A chart rule fired on a subgroup; it is acknowledged in one tap, with what was done."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="signals")
    subgroup = models.CharField(max_length=120)
    produced_on = models.DateField(_("production day"))
    shift = models.CharField(_("shift"), max_length=20, blank=True)
    measured_at = models.DateTimeField(_("measured"))
    rule = models.CharField(_("rule"), max_length=60)
    value = models.FloatField(_("value"))
    batch = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField(_("raised"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reaction = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        ordering = ("-measured_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stream", "subgroup", "rule"], name="one_signal_per_rule"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stream", "-measured_at"], name="signal_of_stream"),
            models.Index(
                fields=["-raised_at"],
                name="signal_open",
                condition=models.Q(acknowledged_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.rule} {self.produced_on}"


class Finding(models.Model):
    """A departure that is statistically confirmed and practically relevant."""

    class Rule(models.TextChoices):
        """By which rule it was confirmed."""

        EXTREME = "EXTREME", _("extreme subgroup")
        SHIFT = "SHIFT", _("sustained shift")
        RATE = "RATE", _("raised defect rate")
        EFFECT = "EFFECT", _("an action without effect")
        GAUGE = "GAUGE", _("an unfit instrument")

    stream = models.ForeignKey(Stream, models.PROTECT, null=True, related_name="findings")
    place = models.CharField(_("place"), max_length=200)
    """The stream's code; for an action without effect the characteristic it was to change, for an
    unfit instrument characteristic and instrument."""
    rule = models.CharField(_("rule"), max_length=20, choices=Rule.choices)
    direction = models.SmallIntegerField(_("direction"))
    found_on = models.DateField(_("found on"))
    shift = models.CharField(_("shift"), max_length=20, blank=True)
    found_at = models.DateTimeField(_("found"))
    began_on = models.DateField(_("began about"))
    subgroup = models.CharField(max_length=120)
    detail = models.JSONField(_("numbers"), default=dict)
    lots = models.JSONField(_("lots"), default=list)
    batch = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    """Set when late data of the same days show that the rule would not have fired."""

    class Meta:
        ordering = ("found_at", "id")
        indexes: ClassVar = [models.Index(fields=["stream", "-found_at"], name="finding_of_stream")]

    def __str__(self) -> str:
        return f"{self.place} {self.rule} {self.found_on}"


class Exclusion(models.Model):
    """A subgroup left out of the next phase I, with the assignable cause as its reason."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="exclusions")
    subgroup = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=300)
    excluded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    excluded_at = models.DateTimeField()
    is_append_only = True

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "subgroup"], name="one_exclusion"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id} {self.subgroup}"


class Annotation(models.Model):
    """What somebody noted at a point of a chart."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="annotations")
    subgroup = models.CharField(max_length=120)
    text = models.CharField(_("note"), max_length=500)
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    is_append_only = True

    class Meta:
        ordering = ("written_at",)

    def __str__(self) -> str:
        return self.text[:60]


class WeekTally(models.Model):
    """Defects and pieces of one attribute stream in one week, kept as they arrive."""

    week = models.DateField(_("week of (Monday)"))
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="tallies")
    inspected = models.PositiveBigIntegerField()
    defective = models.PositiveBigIntegerField()
    trail = False  # derived: sums over the history

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "stream"], name="one_tally_per_week"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.stream_id}"


class ClosedWeek(models.Model):
    """A week whose defect rates were judged."""

    week = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    trail = False  # derived

    def __str__(self) -> str:
        return str(self.week)
