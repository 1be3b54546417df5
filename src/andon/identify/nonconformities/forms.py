"""The small forms of a nonconformity: each writes through one service."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities import services
from andon.identify.nonconformities.models import ContainmentAnswer, DispositionLine, IsIsNot
from andon.identify.nonconformities.quantities import balance_of
from andon.organization.products.models import Lot
from andon.records.errors import Refused
from andon.records.forms import NumberInput
from andon.records.models import Account
from andon.records.views.lines import LineForm


def quantity_field(label: Any, *, required: bool = True) -> forms.DecimalField:
    """Return a field for a quantity, which phones fill with their number keys."""
    return forms.DecimalField(
        label=label, max_digits=14, decimal_places=3, min_value=Decimal(0), required=required,
        widget=NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )  # fmt: skip


def lot_of(code: str) -> Lot:
    """Return the lot that was scanned or typed; an unknown one is told by its field."""
    lot = Lot.objects.filter(code__iexact=code.strip()).first()
    if lot is None:
        message = _("There is no lot “%(code)s”.") % {"code": code.strip()[:80]}
        raise Refused.because(message, "lot")
    return lot


class SuspectLotForm(LineForm):
    """Name a lot as suspect."""

    title, submit = _("Add a suspect lot"), _("Add lot")
    permission = "nonconformity.contain"

    lot = forms.CharField(label=_("Lot"), max_length=80)
    quantity = quantity_field(_("Suspect quantity"), required=False)

    def write(self, *, actor: Account, version: int) -> None:
        """Suspect the lot."""
        services.suspect_lot(
            self.record, lot=lot_of(self.cleaned_data["lot"]), actor=actor, version=version,
            quantity=self.cleaned_data["quantity"],
        )  # fmt: skip


class ContainmentForm(LineForm):
    """Answer the five places at once."""

    title, submit = _("Contain"), _("Contain")
    permission = "nonconformity.contain"

    is_labelled = forms.BooleanField(label=_("Hold labels are on the parts"), required=False)

    def prepare(self) -> None:
        """Ask for each place, with the answers given so far."""
        known = dict(self.record.containment.values_list("place", "quantity"))
        for place, label in ContainmentAnswer.Place.choices:
            self.fields[place] = quantity_field(capfirst(label))
            self.fields[place].initial = known.get(place)
            self.fields[place].help_text = _("0 when there is none")
        self.order_fields([*ContainmentAnswer.Place.values, "is_labelled"])

    def write(self, *, actor: Account, version: int) -> None:
        """Hold what was found and contain; a lot that is suspect is blocked."""
        places = {place: self.cleaned_data[place] for place in ContainmentAnswer.Place.values}
        services.contain(
            self.record, places=places, actor=actor,
            is_labelled=self.cleaned_data["is_labelled"],
        )  # fmt: skip


class DispositionForm(LineForm):
    """Decide on a quantity."""

    title, submit = _("Add a disposition line"), _("Add line")
    permission = "nonconformity.review"

    kind = forms.ChoiceField(label=_("Disposition"), choices=DispositionLine.Kind.choices)
    lot = forms.ModelChoiceField(label=_("Lot"), queryset=Lot.objects.none(), required=False)
    quantity = quantity_field(_("Quantity"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    authority = forms.CharField(label=_("Authority"), max_length=200, required=False)
    is_outside_specification = forms.BooleanField(
        label=_("These parts violate the specification"), required=False
    )
    concession_number = forms.CharField(
        label=_("Concession number"), max_length=100, required=False
    )

    def prepare(self) -> None:
        """Offer the suspect lots, and what is open as the quantity."""
        lots = Lot.objects.filter(suspicions__nonconformity=self.record)
        self.fields["lot"].queryset = lots  # type: ignore[attr-defined]
        self.fields["quantity"].initial = balance_of(self.record).open

    def write(self, *, actor: Account, version: int) -> None:
        """Add the line."""
        told = self.cleaned_data
        services.add_disposition(
            self.record, kind=told["kind"], quantity=told["quantity"], reason=told["reason"],
            lot=told["lot"], authority=told["authority"],
            is_outside_specification=told["is_outside_specification"],
            concession_number=told["concession_number"], actor=actor, version=version,
        )  # fmt: skip


class TakeBackForm(LineForm):
    """Take a line back by a counter-entry."""

    title, submit = _("Take a line back"), _("Take back")
    permission = "nonconformity.review"

    reason = forms.CharField(label=_("Reason"), max_length=500)

    def write(self, *, actor: Account, version: int) -> None:
        """Write the counter-entry."""
        services.take_back(
            self.subject, actor=actor, reason=self.cleaned_data["reason"], version=version
        )


class ExecutionForm(LineForm):
    """Say what became of a line."""

    title, submit = _("What became of it"), _("Record")
    permission = "nonconformity.execute"

    accepted = quantity_field(_("Accepted, or treated as decided"))
    rejected = quantity_field(_("Rejected"))
    lost = quantity_field(_("Lost"))
    instruction = forms.CharField(label=_("Instruction followed"), max_length=200, required=False)
    reinspection = forms.CharField(
        label=_("Result of reinspection"), max_length=500, required=False
    )

    def prepare(self) -> None:
        """Begin with all of it treated as decided."""
        self.fields["accepted"].initial = self.subject.quantity
        self.fields["rejected"].initial = self.fields["lost"].initial = 0

    def write(self, *, actor: Account, version: int) -> None:
        """Record the execution."""
        told = self.cleaned_data
        services.record_execution(
            self.subject, actor=actor, accepted=told["accepted"], rejected=told["rejected"],
            lost=told["lost"], instruction=told["instruction"],
            reinspection=told["reinspection"], version=version,
        )  # fmt: skip


class NarrowForm(LineForm):
    """State one row of is and is not."""

    title, submit = _("Is and is not"), _("Save row")
    permission = "nonconformity.change"

    aspect = forms.ChoiceField(label=_("Aspect"), choices=IsIsNot.Aspect.choices)
    is_so = forms.CharField(label=_("Is"), max_length=500)
    is_not = forms.CharField(label=_("Is not"), max_length=500, required=False)
    distinction = forms.CharField(label=_("Distinction"), max_length=500, required=False)
    change = forms.CharField(label=_("What changed"), max_length=500, required=False)

    def prepare(self) -> None:
        """Show what the row says so far."""
        row = self.record.is_is_not.filter(aspect=self.initial.get("aspect", "")).first()
        for name in ("is_so", "is_not", "distinction", "change"):
            self.fields[name].initial = getattr(row, name, "")

    def write(self, *, actor: Account, version: int) -> None:
        """Save the row."""
        told = self.cleaned_data
        services.narrow_down(
            self.record, aspect=told["aspect"], is_so=told["is_so"], is_not=told["is_not"],
            distinction=told["distinction"], change=told["change"], actor=actor, version=version,
        )  # fmt: skip


class DecisionForm(LineForm):
    """Decide whether a corrective action is needed."""

    title, submit = _("Corrective action needed?"), _("Decide")
    permission = "nonconformity.review"

    is_needed = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[("yes", _("yes, remove the cause")), ("no", _("no, correction is enough"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea)

    def write(self, *, actor: Account, version: int) -> None:
        """Decide; improvement hears it."""
        services.decide_action(
            self.record, is_needed=self.cleaned_data["is_needed"] == "yes",
            reason=self.cleaned_data["reason"], actor=actor, version=version,
        )  # fmt: skip


class SplitForm(LineForm):
    """Move a part into a nonconformity of its own."""

    title, submit = _("Split off a part"), _("Split off")
    permission = "nonconformity.review"

    name = forms.CharField(label=_("Title of the new record"), max_length=300)
    quantity = quantity_field(_("Quantity"))

    def write(self, *, actor: Account, version: int) -> None:
        """Create the part."""
        services.split(
            self.record, quantity=self.cleaned_data["quantity"], actor=actor,
            title=self.cleaned_data["name"],
        )  # fmt: skip


FORMS: dict[str, type[LineForm]] = {
    "lot": SuspectLotForm,
    "containment": ContainmentForm,
    "disposition": DispositionForm,
    "is-is-not": NarrowForm,
    "decision": DecisionForm,
    "split": SplitForm,
}
LINE_FORMS: dict[str, type[LineForm]] = {"take-back": TakeBackForm, "execution": ExecutionForm}
