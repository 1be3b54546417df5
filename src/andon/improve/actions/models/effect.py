"""The effectiveness plan, registered before the action, and the results computed after it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.improve.actions.models.action import CorrectiveAction
from andon.organization.products.models import Characteristic
from andon.records.models import Account


class EffectivenessPlan(models.Model):
    """What is to be measured, against what, when and how: fixed before anybody has seen the effect.

    Once registered the database refuses every change (rule `ca_plan_frozen`).
    """

    class Metric(models.TextChoices):
        """What the effect is measured by; each has its one test."""

        RATE = "rate", _("defect rate")
        MEAN = "mean", _("mean")
        CAPABILITY = "capability", _("capability")

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="plans")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    metric = models.CharField(_("metric"), max_length=20, choices=Metric.choices)
    characteristic = models.ForeignKey(
        Characteristic, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("characteristic or defect code"),
    )  # fmt: skip
    machines = models.JSONField(_("machines"), default=list, blank=True)
    shifts = models.JSONField(_("shifts"), default=list, blank=True)
    """Codes; an empty list means all."""
    baseline_since = models.DateField(_("baseline from"), null=True, blank=True)
    baseline_until = models.DateField(_("baseline to"), null=True, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    """Rate: ratio after over before, at most. Mean: distance in sigma, at most. Ppk: at least."""
    check_on = models.DateField(_("check date"), null=True, blank=True)
    minimum_n = models.PositiveIntegerField(_("least number to judge by"), null=True, blank=True)
    """Rate: parts inspected; mean: subgroups; capability: values."""
    confidence = models.FloatField(_("confidence"), default=0.95)
    registered_at = models.DateTimeField(_("registered"), null=True, editable=False)
    registered_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", editable=False
    )
    trail_record = "action"

    class Meta:
        ordering = ("cycle",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "cycle"], name="one_plan_per_cycle"),
            models.CheckConstraint(
                condition=Q(baseline_until__gte=F("baseline_since")),
                name="plan_baseline_in_order",
                violation_error_message=_("The baseline ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(confidence__gt=0.5, confidence__lt=1),
                name="plan_confidence_sensible",
                violation_error_message=_("A confidence lies between 0.5 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(target__gt=0, target__lt=1e6),
                name="plan_target_sensible",
                violation_error_message=_("A target is above zero."),
            ),
            models.CheckConstraint(
                condition=~Q(metric="rate") | Q(target__isnull=True) | Q(target__lte=1),
                name="plan_rate_goes_down",
                violation_error_message=_("The target ratio of a rate is at most 1."),
            ),
            models.CheckConstraint(
                condition=Q(registered_at__isnull=True)
                | Q(
                    characteristic__isnull=False, baseline_since__isnull=False,
                    baseline_until__isnull=False, target__isnull=False,
                    check_on__isnull=False, minimum_n__isnull=False,
                ),
                name="plan_complete_when_registered",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.characteristic} {self.target}"

    @property
    def test(self) -> str:
        """The statistical test that belongs to the metric."""
        return {
            "rate": str(_("rate ratio with its interval on the logarithmic scale")),
            "mean": str(_("shift of the mean in sigma with Welch's interval")),
            "capability": str(_("Ppk after the action with Bissell's interval")),
        }[self.metric]

    def missing(self, names: tuple[str, ...]) -> list[str]:
        """Return which of these fields are still empty, by their labels."""
        return [
            str(self._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in names
            if getattr(self, name) is None
        ]


class EffectivenessResult(models.Model):
    """The verdict at a check date with all numbers it rests on; never changed."""

    class Verdict(models.TextChoices):
        """What the registered rule says."""

        EFFECTIVE = "effective", _("effective")
        NOT_EFFECTIVE = "not effective", _("not effective")
        NOT_ENOUGH_DATA = "not enough data", _("not enough data")

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="results")
    plan = models.ForeignKey(EffectivenessPlan, models.PROTECT, related_name="results")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    since = models.DateField(_("after window from"))
    until = models.DateField(_("after window to"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict.choices)
    estimate = models.FloatField(_("effect"), null=True)
    low = models.FloatField(_("lower end of the interval"), null=True)
    high = models.FloatField(_("upper end of the interval"), null=True)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    result = models.JSONField(_("result"))
    """The statistics with method, options, convention and source."""
    side_effects = models.JSONField(_("side effects"), default=list)
    saved_per_month = models.DecimalField(
        _("saved per month"), max_digits=14, decimal_places=2, null=True
    )
    inputs_digest = models.CharField(_("digest of the inputs"), max_length=64)
    next_check_on = models.DateField(_("extended to"), null=True)
    computed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    is_append_only = True
    trail_record = "action"

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_verdict_display()
