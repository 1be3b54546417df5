"""The small forms of a corrective action: each writes through one service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.analyze.causes.models import Cause
from andon.analyze.causes.queries import root_causes
from andon.control.plans.models import PlanLine
from andon.improve.actions import services
from andon.improve.actions.guards import plan_of
from andon.improve.actions.models import (
    ActionItem,
    EffectivenessPlan,
    TeamMember,
    UpdateAnswer,
)
from andon.improve.actions.services.planning import FIELDS
from andon.improve.actions.services.prevention import Tightening
from andon.organization.processes.models import Machine, Shift
from andon.organization.products.models import Characteristic
from andon.records.models import Account
from andon.records.views.lines import LineForm

WORK = "correctiveaction.work"


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """Return a field for a day in the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget)


class MemberForm(LineForm):
    """Add somebody to the team."""

    title, submit, permission = _("Add to the team"), _("Add"), WORK

    name = forms.CharField(label=_("Name"), max_length=200)
    function = forms.ChoiceField(label=_("Function"), choices=TeamMember.Function.choices)
    account = forms.ModelChoiceField(
        label=_("Account"), queryset=Account.objects.filter(is_active=True), required=False
    )

    def write(self, *, actor: Account, version: int) -> None:
        """Add the member."""
        told = self.cleaned_data
        services.add_member(
            self.record, name=told["name"], function=told["function"], account=told["account"],
            actor=actor, version=version,
        )  # fmt: skip


class PlanForm(LineForm):
    """Plan how the effect will be measured."""

    title, submit, permission = _("Effectiveness plan"), _("Save plan"), WORK

    metric = forms.ChoiceField(label=_("Metric"), choices=EffectivenessPlan.Metric.choices)
    characteristic = forms.ModelChoiceField(
        label=_("Characteristic or defect code"),
        queryset=Characteristic.objects.filter(is_active=True),
    )
    machines = forms.ModelMultipleChoiceField(
        label=_("Machines"), queryset=Machine.objects.all(), required=False,
        to_field_name="code", help_text=_("none chosen: all of them"),
    )  # fmt: skip
    shifts = forms.ModelMultipleChoiceField(
        label=_("Shifts"), queryset=Shift.objects.all(), required=False,
        to_field_name="code", help_text=_("none chosen: all of them"),
    )  # fmt: skip
    baseline_since = day_field(_("Baseline from"))
    baseline_until = day_field(_("Baseline to"))
    target = forms.FloatField(
        label=_("Target"), required=False,
        help_text=_("rate: ratio at most; mean: sigma at most; capability: Ppk at least"),
    )  # fmt: skip
    check_on = day_field(_("Check date"), required=False)
    minimum_n = forms.IntegerField(
        label=_("Least number to judge by"), required=False, min_value=1,
        help_text=_("parts inspected, subgroups or values"),
    )  # fmt: skip
    confidence = forms.FloatField(label=_("Confidence"), initial=0.95)

    def prepare(self) -> None:
        """Show what is planned so far."""
        plan = plan_of(self.record)
        for name in FIELDS if plan else ():
            self.fields[name].initial = getattr(plan, name)

    def write(self, *, actor: Account, version: int) -> None:
        """Save the plan."""
        told = self.cleaned_data
        values = {name: told[name] for name in FIELDS}
        for name in ("machines", "shifts"):
            values[name] = [row.code for row in told[name]]
        services.plan_effect(self.record, values=values, actor=actor, version=version)


class ItemForm(LineForm):
    """Choose an action against a verified cause."""

    title, submit, permission = _("Choose an action"), _("Add action"), WORK

    cause = forms.ModelChoiceField(label=_("Against the cause"), queryset=Cause.objects.none())
    text = forms.CharField(label=_("Action"), max_length=500)
    strength = forms.ChoiceField(
        label=_("Strength"), choices=ActionItem.Strength.choices,
        help_text=_("from what cannot fail to what is forgotten"),
    )  # fmt: skip
    responsible = forms.ModelChoiceField(
        label=_("Responsible"), queryset=Account.objects.filter(is_active=True)
    )
    due_on = day_field(_("Due on"))

    def prepare(self) -> None:
        """Offer the verified causes only."""
        self.fields["cause"].queryset = root_causes(self.record)  # type: ignore[attr-defined]

    def write(self, *, actor: Account, version: int) -> None:
        """Add the item."""
        told = self.cleaned_data
        services.add_item(
            self.record, cause=told["cause"], text=told["text"], strength=told["strength"],
            responsible=told["responsible"], due_on=told["due_on"], actor=actor, version=version,
        )  # fmt: skip


class RemoveItemForm(LineForm):
    """Drop an action again."""

    title, submit, permission = _("Drop this action"), _("Drop"), WORK

    def write(self, *, actor: Account, version: int) -> None:
        """Remove the item."""
        services.remove_item(self.subject, actor=actor, version=version)


class CompleteForm(LineForm):
    """Say that an item is done."""

    title, submit, permission = _("Done"), _("It is done"), WORK

    evidence = forms.CharField(
        label=_("How one can see it"), max_length=2000, widget=forms.Textarea
    )

    def write(self, *, actor: Account, version: int) -> None:
        """Complete the item."""
        services.complete_item(
            self.subject, evidence=self.cleaned_data["evidence"], actor=actor, version=version
        )


class TrainingForm(LineForm):
    """Let training alone pass."""

    title, submit = _("Why training alone is enough"), _("Accept")
    permission = "correctiveaction.accept_training"

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea)

    def write(self, *, actor: Account, version: int) -> None:
        """Accept it."""
        services.accept_training_only(
            self.record, reason=self.cleaned_data["reason"], actor=actor, version=version
        )


class ImplementationForm(LineForm):
    """Say from which day on the action works."""

    title, submit, permission = _("Implementation"), _("Save"), WORK

    implemented_on = day_field(_("The action works from"))
    validation = forms.CharField(
        label=_("What the first parts showed"), max_length=4000, widget=forms.Textarea
    )

    def write(self, *, actor: Account, version: int) -> None:
        """Record it."""
        services.record_implementation(
            self.record, implemented_on=self.cleaned_data["implemented_on"],
            validation=self.cleaned_data["validation"], actor=actor, version=version,
        )  # fmt: skip


class UpdateForm(LineForm):
    """Answer whether a standard was updated."""

    title, submit, permission = _("Was this updated?"), _("Answer"), WORK

    subject_name = forms.ChoiceField(label=_("Standard"), choices=UpdateAnswer.Subject.choices)
    is_updated = forms.BooleanField(label=_("It was updated"), required=False)
    answer = forms.CharField(
        label=_("What was updated, or why not"), max_length=400, required=False
    )
    line = forms.ModelChoiceField(
        label=_("Tighten this control plan line"), required=False,
        queryset=PlanLine.objects.select_related("plan", "characteristic", "machine"),
    )  # fmt: skip
    sample_size = forms.IntegerField(label=_("New sample size"), min_value=1, required=False)
    frequency = forms.ChoiceField(
        label=_("New frequency"), required=False, choices=[("", "–"), *PlanLine.Frequency.choices]
    )

    def prepare(self) -> None:
        """Begin with the standard that the address names."""
        self.fields["subject_name"].initial = self.initial.get("subject", "")

    def write(self, *, actor: Account, version: int) -> None:
        """Answer; a chosen line is tightened."""
        told = self.cleaned_data
        tightening = Tightening(
            line=told["line"], sample_size=told["sample_size"], frequency=told["frequency"] or None
        ) if told["line"] else None  # fmt: skip
        services.answer_update(
            self.record, subject=told["subject_name"], is_updated=told["is_updated"],
            answer=told["answer"], tightening=tightening, actor=actor, version=version,
        )  # fmt: skip


class ReadAcrossForm(LineForm):
    """Name a similar place, or answer for it."""

    title, submit, permission = _("Similar part or process"), _("Save"), WORK

    place = forms.CharField(label=_("Similar part or process"), max_length=200)
    answer = forms.CharField(label=_("Answer"), max_length=500, required=False)

    def write(self, *, actor: Account, version: int) -> None:
        """Keep it."""
        services.read_across(
            self.record, place=self.cleaned_data["place"], answer=self.cleaned_data["answer"],
            actor=actor, version=version,
        )  # fmt: skip


FORMS: dict[str, type[LineForm]] = {
    "member": MemberForm,
    "plan": PlanForm,
    "item": ItemForm,
    "training": TrainingForm,
    "implementation": ImplementationForm,
    "update": UpdateForm,
    "read-across": ReadAcrossForm,
}
ITEM_FORMS: dict[str, type[LineForm]] = {"done": CompleteForm, "drop": RemoveItemForm}
