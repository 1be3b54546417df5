"""Control plan and its lines: the requirement against which every sample is judged."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.control.instruments.models import Instrument
from andon.control.plans.run_rules import validate_rules
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic, Product
from andon.records.roles import Role


class ControlPlan(models.Model):
    """A plan by its code; each change of a line raises the revision."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="control_plans",
        verbose_name=_("product"),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    is_effective = models.BooleanField(_("is effective"), default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class PlanLine(models.Model):
    """One check: what, where, how many, how often, by which chart, and what to do.

    Without a machine the line holds for every machine of the characteristic's process. The four
    thresholds of findings are those of the statistics unless the line sets its own.
    """

    class Frequency(models.TextChoices):
        """How often a sample is taken."""

        PER_PIECE = "per piece", _("every piece")
        PER_HOUR = "per hour", _("every hour")
        PER_SHIFT = "per shift", _("every shift")
        PER_DAY = "per day", _("every day")
        PER_LOT = "per lot", _("every lot")

    class Chart(models.TextChoices):
        """Which control chart is drawn; automatic chooses by kind and sample size."""

        AUTO = "auto", _("automatic")
        INDIVIDUALS = "I-MR", "I-MR"
        MEAN_RANGE = "Xbar-R", "Xbar-R"
        MEAN_DEVIATION = "Xbar-S", "Xbar-S"
        PROPORTION = "p", "p"
        NONCONFORMING = "np", "np"
        DEFECTS = "c", "c"
        DEFECT_RATE = "u", "u"

    class Consequence(models.TextChoices):
        """What Andon does by itself."""

        NOTE = "note", _("note it")
        RAISE = "raise nonconformity", _("raise a nonconformity")

    plan = models.ForeignKey(
        ControlPlan, models.PROTECT, related_name="lines", verbose_name=_("control plan")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    characteristic = models.ForeignKey(
        Characteristic,
        models.PROTECT,
        related_name="plan_lines",
        verbose_name=_("characteristic"),
    )
    machine = models.ForeignKey(
        Machine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name=_("machine"),
    )
    instruments: "models.ManyToManyField[Instrument, models.Model]" = models.ManyToManyField(
        Instrument, related_name="plan_lines", blank=True, verbose_name=_("instruments")
    )
    sample_size = models.PositiveIntegerField(_("sample size"), null=True, blank=True)
    """None where all pieces are inspected, as for counted defects."""
    frequency = models.CharField(_("frequency"), max_length=20, choices=Frequency.choices)
    chart = models.CharField(_("chart"), max_length=20, choices=Chart.choices, default=Chart.AUTO)
    rules = models.JSONField(_("rules"), default=list, blank=True, validators=[validate_rules])
    """Names of the run rules switched on, such as "nelson 1"; all of one family."""
    finding_extreme = models.FloatField(_("extreme at"), null=True, blank=True)
    finding_effect = models.FloatField(_("smallest effect"), null=True, blank=True)
    finding_decision = models.FloatField(_("decision interval"), null=True, blank=True)
    finding_allowance = models.FloatField(_("allowance"), null=True, blank=True)
    baseline_until = models.DateField(_("phase I until"), null=True, blank=True)
    """The last day of phase I; without it the limits are frozen after 25 subgroups."""
    reaction = models.TextField(_("reaction plan"), max_length=1000)
    on_finding = models.CharField(
        _("on a finding"),
        max_length=30,
        choices=Consequence.choices,
        default=Consequence.RAISE,
    )
    on_out_of_specification = models.CharField(
        _("outside specification"),
        max_length=30,
        choices=Consequence.choices,
        default=Consequence.RAISE,
    )
    owner_role = models.CharField(
        _("owner"), max_length=8, choices=Role.choices, default=Role.QUALITY_ENGINEER
    )

    class Meta:
        ordering = ("plan__code", "position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "characteristic", "machine"], name="one_line_per_stream"
            ),
            models.UniqueConstraint(
                fields=["plan", "characteristic"],
                condition=Q(machine=None),
                name="one_line_for_every_machine",
            ),
            models.CheckConstraint(
                condition=Q(sample_size__gte=1), name="plan_line_samples_something"
            ),
        ]

    def __str__(self) -> str:
        place = f" {self.machine.code}" if self.machine else ""
        return f"{self.plan.code}/{self.position} {self.characteristic.code}{place}"
