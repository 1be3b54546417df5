"""Small forms of the bench: the plan of each method, pasted readings, and evidence."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.analyze.studies import services
from andon.analyze.studies.evidence import Analysis, save_evidence
from andon.analyze.studies.given_file import read_given
from andon.analyze.studies.planned_values import shown
from andon.analyze.studies.plans import FIELDS, Field, plan_of
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.views.lines import LineForm
from andon.stats import catalogue

_DAYS = ("since", "until")


class PlanForm(LineForm):
    """What the plan of a study states; which fields there are follows from its method."""

    title, submit, permission = _("Plan of the study"), _("Save the plan"), "study.work"

    def prepare(self) -> None:
        """Offer the fields of the method, with what is planned or usual."""
        plan = plan_of(self.record)
        for field in FIELDS[self.record.method]:
            made = _form_field(field)
            made.initial = shown(plan[field.name])
            self.fields[field.name] = made

    def write(self, *, actor: Account, version: int) -> None:
        """Save the plan."""
        services.plan_study(self.record, values=self.cleaned_data, actor=actor, version=version)


class PasteForm(LineForm):
    """Readings pasted or from a file, by the sheet's run numbers."""

    title, submit, permission = _("Paste readings"), _("Enter them"), "study.enter"

    text = forms.CharField(
        label=_("Run number and reading, one pair per line"), required=False, max_length=200_000,
        widget=forms.Textarea, help_text=_("separated by tab, semicolon or comma"),
    )  # fmt: skip
    file = forms.FileField(label=_("or a CSV file"), required=False)
    reason = forms.CharField(
        label=_("Reason, where a reading is changed"), max_length=300, required=False
    )

    def write(self, *, actor: Account, version: int) -> None:
        """Enter all of them, or none."""
        told = self.cleaned_data
        text = told["text"] or _text_of(told["file"])
        services.import_readings(self.record, text=text, actor=actor, reason=told["reason"])


class EvidenceForm(LineForm):
    """Any statistic on measured data, kept on a record."""

    title, submit, permission = _("Save evidence"), _("Compute and keep it"), "evidence.save"

    name = forms.CharField(label=_("Title"), max_length=200)
    method = forms.ChoiceField(label=_("Statistic"))
    file = forms.FileField(
        label=_("A CSV file"), required=False,
        help_text=_("its values are copied and its digest is kept, not the file; without a file the"
                    " measurements below are read"),
    )  # fmt: skip
    decimal = forms.ChoiceField(
        label=_("Decimal mark in the file"), choices=((".", "."), (",", ",")), required=False
    )
    characteristic = forms.ModelChoiceField(
        label=_("Characteristic"), queryset=Characteristic.objects.all(), to_field_name="code",
        required=False,
    )  # fmt: skip
    machines = forms.ModelMultipleChoiceField(
        label=_("Machines"), queryset=Machine.objects.all(), required=False,
        to_field_name="code", help_text=_("none chosen: all of them"),
    )  # fmt: skip
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    is_grouped = forms.BooleanField(label=_("Values by subgroup"), required=False)
    columns = forms.CharField(
        label=_("Columns"), required=False, max_length=500,
        help_text=_("input=column, such as values=value, factors=machine+shift"),
    )  # fmt: skip
    options = forms.CharField(
        label=_("Options"),
        required=False,
        max_length=2000,
        help_text=_("name=value, separated by semicolons, such as lower=0.85; upper=1.15"),
    )
    note = forms.CharField(label=_("What it shows"), max_length=500, required=False)

    def prepare(self) -> None:
        """Offer every method of the catalogue; the record says what it is about."""
        choices = [(one.name, one.name) for one in catalogue.methods() if one.inputs]
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
        self.fields["method"].initial = "individuals_chart"
        for name, value in _selection_of(self.record).items():
            self.fields[name].initial = value

    def write(self, *, actor: Account, version: int) -> None:
        """Compute and keep it, from the file or from the history."""
        told = self.cleaned_data
        method = catalogue.describe(told["method"])
        wanted = _columns(told["columns"])
        if told["file"]:
            columns, reference = read_given(method, told["file"], wanted, told["decimal"] or ".")
        else:
            columns, reference = {}, self._reference(wanted or {method.inputs[0].name: "value"})
        analysis = Analysis(
            told["name"], method.name, columns, _options(told["options"]), reference
        )
        save_evidence(self.record, analysis, actor=actor, note=told["note"])

    def _reference(self, columns: dict[str, Any]) -> dict[str, Any]:
        told = self.cleaned_data
        missing = [name for name in ("characteristic", *_DAYS) if not told[name]]
        if missing:
            message = str(_("Name what was measured and when, or give a file."))
            raise Refused.because(message, missing[0])
        return {
            "characteristic": told["characteristic"].code,
            "machines": [machine.code for machine in told["machines"]],
            "since": told["since"].isoformat(), "until": told["until"].isoformat(),
            "columns": columns, "is_grouped": told["is_grouped"],
        }  # fmt: skip


def _selection_of(record: Any) -> dict[str, Any]:
    """Return the measurements that a record is about, as far as it says."""
    characteristic = getattr(record, "characteristic", None)
    machine = getattr(record, "machine", None)
    told = {
        "characteristic": characteristic.code if characteristic else None,
        "machines": [machine.code] if machine else None,
        "since": getattr(record, "began_on", None), "until": getattr(record, "found_on", None),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _form_field(field: Field) -> forms.Field:
    given: dict[str, Any] = {
        "label": field.label, "required": field.is_required, "help_text": field.hint,
    }  # fmt: skip
    if field.choices:
        return forms.ChoiceField(choices=field.choices, **given)
    widget: forms.Widget = forms.Textarea() if field.is_long else forms.TextInput()
    if field.name in _DAYS:
        widget = forms.DateInput(attrs={"type": "date"})
    return forms.CharField(max_length=10_000, widget=widget, **given)


def _text_of(file: Any) -> str:
    if file is None:
        return ""
    try:
        return str(file.read(1_000_000).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused.because(str(_("Save the file as UTF-8 text.")), "file") from error


def _columns(text: str) -> dict[str, Any]:
    """Return "values=value, factors=machine+shift" as a mapping."""
    found: dict[str, Any] = {}
    for name, value in _pairs(text, ",", "columns"):
        parts = [part.strip() for part in value.split("+")]
        found[name] = parts if len(parts) > 1 else parts[0]
    return found


def _options(text: str) -> dict[str, Any]:
    return {name: _value(value) for name, value in _pairs(text, ";", "options")}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _pairs(text: str, mark: str, field: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in text.split(mark) if part.strip()]
    if any(not middle for _name, middle, _value in pairs):
        raise Refused.because(str(_("Write name=value.")), field)
    return [(name.strip(), value.strip()) for name, _middle, value in pairs]


FORMS: dict[str, type[LineForm]] = {"plan": PlanForm, "paste": PasteForm}
