"""The report from the shop floor: four fields and a photo, done in twenty seconds."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities.forms import lot_of, quantity_field
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.services import raise_nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.errors import Refused
from andon.records.models import Account, Record


class RaisingForm(forms.Form):
    """What is wrong, which lot, how many, where; and a photo of it."""

    defect = forms.CharField(
        label=_("What is wrong"), max_length=300,
        widget=forms.TextInput(attrs={"list": "known-defects", "autofocus": True}),
    )  # fmt: skip
    lot = forms.CharField(label=_("Lot"), max_length=80, required=False)
    quantity = quantity_field(_("How many are suspect"))
    location = forms.CharField(
        label=_("Where"), max_length=100, widget=forms.TextInput(attrs={"list": "known-places"})
    )
    photo = forms.FileField(
        label=_("Photo"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def raised(self, *, actor: Account) -> Nonconformity:
        """Raise the nonconformity that was described."""
        told = self.cleaned_data
        lots = {lot_of(told["lot"]): told["quantity"]} if told["lot"] else {}
        machine = Machine.objects.filter(code__iexact=told["location"].strip()).first()
        if not lots and machine is None:
            message = _("Name the lot, or as place the machine it comes from.")
            raise Refused.because(str(message), "lot")
        facts = Facts(
            defect=told["defect"], characteristic=known_characteristic(told["defect"]),
            lots=lots, machine=machine, quantity=told["quantity"], location=told["location"],
        )  # fmt: skip
        return raise_nonconformity(facts, actor=actor, source=_source(told))


def known_characteristic(defect: str) -> Characteristic | None:
    """Return the characteristic or defect code that was meant: by its code or its name."""
    active = Characteristic.objects.filter(is_active=True)
    text = defect.strip()
    return (
        active.filter(code__iexact=text).first()
        or active.filter(name__iexact=text).order_by("pk").first()
    )


def known_words() -> dict[str, list[str]]:
    """Return what the form offers while typing."""
    return {
        "defects": list(
            Characteristic.objects.filter(is_active=True).values_list("name", flat=True)
        ),
        "places": list(Machine.objects.filter(is_active=True).values_list("code", flat=True)),
    }


def _source(told: Mapping[str, Any]) -> Record | None:
    if not told["source"]:
        return None
    found = Record.objects.filter(number=told["source"].upper()).first()
    if found is None:
        message = _("There is no record %(number)s.") % {"number": told["source"][:40]}
        raise Refused.because(message)
    return found
