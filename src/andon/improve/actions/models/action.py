"""Corrective action: the record, and the team that works on it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.improve.actions.workflow import WORKFLOW
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.models import Account, Record
from andon.records.workflow import Workflow


class CorrectiveAction(Record):
    """What is done so that a nonconformity does not recur, from the problem to the proof."""

    class Severity(models.TextChoices):
        """How bad the problem is; a critical one needs a sponsor."""

        CRITICAL = "critical", _("critical")
        MAJOR = "major", _("major")
        MINOR = "minor", _("minor")

    WORKFLOW: ClassVar[Workflow] = WORKFLOW

    characteristic = models.ForeignKey(
        Characteristic, models.PROTECT, null=True, blank=True, related_name="corrective_actions",
        verbose_name=_("characteristic or defect code"),
    )  # fmt: skip
    defect = models.CharField(_("defect"), max_length=300, blank=True)
    family = models.CharField(_("part family"), max_length=100, blank=True)
    machine = models.ForeignKey(
        Machine, models.PROTECT, null=True, blank=True, related_name="corrective_actions",
        verbose_name=_("machine"),
    )  # fmt: skip
    severity = models.CharField(
        _("severity"), max_length=20, choices=Severity.choices, default=Severity.MAJOR
    )
    is_customer_affected = models.BooleanField(_("a customer is affected"), default=False)
    is_emergency = models.BooleanField(_("emergency response needed"), null=True, blank=True)
    emergency_response = models.CharField(_("emergency response"), max_length=500, blank=True)
    sponsor = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sponsor")
    )
    problem_statement = models.TextField(_("problem statement"), max_length=4000, blank=True)
    containment_action = models.TextField(_("containment"), max_length=4000, blank=True)
    containment_checked_on = models.DateField(_("containment checked on"), null=True, blank=True)
    containment_checked = models.PositiveIntegerField(
        _("pieces checked behind the containment"), null=True, blank=True
    )
    containment_escaped = models.PositiveIntegerField(
        _("nonconforming pieces found behind it"), null=True, blank=True
    )
    change_risk = models.TextField(_("risk of the change"), max_length=4000, blank=True)
    training_reason = models.TextField(
        _("why training alone is enough"), max_length=2000, blank=True, editable=False
    )
    cost_per_defect = models.DecimalField(
        _("cost per defect"), max_digits=14, decimal_places=4, null=True, blank=True
    )

    content_lines = ("team", "causes", "items", "plans")

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")


class TeamMember(models.Model):
    """Somebody who works on the action, with or without an account."""

    class Function(models.TextChoices):
        """What the member brings."""

        LEADER = "leader", _("leader")
        PROCESS_EXPERT = "process expert", _("process expert")
        MEMBER = "member", _("member")

    action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="team")
    name = models.CharField(_("name"), max_length=200)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    function = models.CharField(
        _("function"), max_length=20, choices=Function.choices, default=Function.MEMBER
    )
    trail_record = "action"

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "name"], name="one_place_in_the_team"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_function_display()})"
