"""The small forms of causes: propose, ask why, give evidence, decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.analyze.causes import services
from andon.analyze.causes.models import Cause
from andon.records.attachments import attach
from andon.records.errors import Refused
from andon.records.models import Account, Record
from andon.records.trail.context import acting
from andon.records.views.lines import LineForm


class ProposeForm(LineForm):
    """State a possible cause."""

    title, submit = _("Propose a cause"), _("Propose")
    permission = "causes.propose"

    kind = forms.ChoiceField(label=_("It answers"), choices=Cause.Kind.choices)
    category = forms.ChoiceField(label=_("Category"), choices=Cause.Category.choices)
    statement = forms.CharField(label=_("Cause"), max_length=500)

    def write(self, *, actor: Account, version: int) -> None:
        """Propose it."""
        told = self.cleaned_data
        services.propose_cause(
            self.record, kind=told["kind"], category=told["category"],
            statement=told["statement"], actor=actor, version=version,
        )  # fmt: skip


class WhyForm(LineForm):
    """Ask why once more."""

    title, submit = _("Why?"), _("Answer")
    permission = "causes.propose"

    answer = forms.CharField(label=_("Because"), max_length=500)
    evidence = forms.CharField(label=_("Evidence"), max_length=1000, required=False)

    def write(self, *, actor: Account, version: int) -> None:
        """Add the step."""
        services.add_why(
            self.subject, answer=self.cleaned_data["answer"], actor=actor, version=version,
            evidence=self.cleaned_data["evidence"],
        )  # fmt: skip


class StepEvidenceForm(LineForm):
    """Give the evidence of one why."""

    title, submit = _("Evidence of this answer"), _("Save evidence")
    permission = "causes.propose"

    evidence = forms.CharField(label=_("Evidence"), max_length=1000)

    def write(self, *, actor: Account, version: int) -> None:
        """Keep it."""
        services.give_evidence(
            self.subject, evidence=self.cleaned_data["evidence"], actor=actor, version=version
        )


class SupportForm(LineForm):
    """Verify a cause."""

    title, submit = _("Verify the cause"), _("Evidence supports it")
    permission = "causes.verify"

    evidence_kind = forms.ChoiceField(
        label=_("Kind of evidence"), choices=Cause.EvidenceKind.choices
    )
    evidence = forms.CharField(label=_("Evidence"), max_length=4000, widget=forms.Textarea)
    number = forms.CharField(label=_("Record with the evidence"), max_length=40, required=False)
    file = forms.FileField(label=_("File with the evidence"), required=False)

    def write(self, *, actor: Account, version: int) -> None:
        """Support it; a file is hung on the record."""
        told = self.cleaned_data
        with acting(actor):
            services.support_cause(
                self.subject, evidence_kind=told["evidence_kind"], evidence=told["evidence"],
                evidence_record=_record(told["number"]), actor=actor, version=version,
                evidence_file=attach(self.record, told["file"], actor=actor)
                if told["file"] else None,
            )  # fmt: skip


class RefuteForm(LineForm):
    """Rule a cause out."""

    title, submit = _("Rule the cause out"), _("Evidence speaks against it")
    permission = "causes.verify"

    evidence = forms.CharField(label=_("Evidence"), max_length=4000, widget=forms.Textarea)

    def write(self, *, actor: Account, version: int) -> None:
        """Refute it."""
        services.refute_cause(
            self.subject, evidence=self.cleaned_data["evidence"], actor=actor, version=version
        )


CAUSE_FORMS: dict[str, type[LineForm]] = {
    "why": WhyForm,
    "verify": SupportForm,
    "rule-out": RefuteForm,
}


def _record(number: str) -> Record | None:
    if not number.strip():
        return None
    found: Any = Record.objects.filter(number=number.strip().upper()).first()
    if found is None:
        message = _("There is no record %(number)s.") % {"number": number[:40]}
        raise Refused.because(str(message), "number")
    return found  # type: ignore[no-any-return]
