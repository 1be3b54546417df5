"""Problem: what was found, where it comes from, what it costs; and the findings behind it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from andon.analyze.monitoring.models import Finding, Stream
from andon.analyze.problems.workflow import WORKFLOW
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.models import Record
from andon.records.workflow import Workflow


class Problem(Record):
    """Findings with one cause; everything it says is computed from the measurements."""

    WORKFLOW: ClassVar[Workflow] = WORKFLOW

    characteristic = models.ForeignKey(
        Characteristic, models.PROTECT, null=True, blank=True, related_name="problems",
        verbose_name=_("characteristic or defect code"), editable=False,
    )  # fmt: skip
    machine = models.ForeignKey(
        Machine, models.PROTECT, null=True, blank=True, related_name="problems",
        verbose_name=_("machine"), editable=False,
    )  # fmt: skip
    began_on = models.DateField(_("began about"), editable=False)
    found_on = models.DateField(_("found on"), editable=False)
    shift = models.CharField(_("found in shift"), max_length=20, blank=True, editable=False)
    factor = models.CharField(_("best driver"), max_length=100, blank=True, editable=False)
    level = models.CharField(_("level"), max_length=200, blank=True, editable=False)
    effect = models.FloatField(_("effect of the driver"), null=True, blank=True, editable=False)
    """Eta squared, or for counted defects the rate ratio."""
    drivers = models.JSONField(_("drivers"), default=dict, blank=True, editable=False)
    """The whole ranking with method and inputs' digest: `Drivers.to_dict()`."""
    forecast = models.JSONField(_("forecast"), default=dict, blank=True, editable=False)
    """Of a drift: when the first piece is expected out of specification."""
    lots = models.JSONField(_("affected lots"), default=list, blank=True, editable=False)
    cost_per_day = models.DecimalField(
        _("expected cost per day"), max_digits=14, decimal_places=2, null=True, blank=True,
        editable=False,
    )  # fmt: skip

    trail_exclude = ("drivers", "forecast", "lots")
    """Computed from the measurements, which are kept for good; title and best driver are told."""

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    def standing(self) -> "models.QuerySet[Finding]":
        """Return its findings that were not withdrawn as they were made, those of streams first."""
        found = Finding.objects.filter(membership__problem=self, withdrawn_at=None)
        return found.select_related("stream__characteristic", "stream__machine").order_by(
            IsNull(models.F("stream"), True), "found_at", "id"
        )

    def streams(self) -> list[Stream]:
        """Return the streams it was found on, the first one first."""
        found = {f.stream.code: f.stream for f in self.standing() if f.stream is not None}
        return list(found.values())

    def stream_codes(self) -> list[str]:
        """Return where it was found: streams, or the place of an action without effect."""
        return list(dict.fromkeys(self.standing().values_list("place", flat=True)))

    @property
    def best_driver(self) -> dict[str, Any] | None:
        """The factor that explains it, with its level and effect; None when none does."""
        if not self.factor:
            return None
        return {"factor": self.factor, "level": self.level, "effect": self.effect}


class ProblemFinding(models.Model):
    """One finding's place in a problem, and what merging knew of it when it came."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="memberships")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="membership")
    factor = models.CharField(_("explained by"), max_length=100, blank=True)
    level = models.CharField(_("level"), max_length=200, blank=True)
    lots = models.JSONField(_("lots measured since it began"), default=list)
    trail_record = "problem"
    trail_exclude = ("lots",)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.finding_id}"
