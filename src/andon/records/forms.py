"""Forms made from a record type's own fields."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.records.models import Account, Link, Record
from andon.records.workflow import Transition


class InstantInput(forms.DateTimeInput):
    """A date with a time, in the browser's own picker."""

    input_type = "datetime-local"


class NumberInput(forms.NumberInput):
    """A number as people write it: without an exponent, or zeros that say nothing."""

    def format_value(self, value: Any) -> str | None:
        """Return what stands in the field."""
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        shown: str | None = super().format_value(value)
        return shown


def _field(field: Any, **options: Any) -> forms.Field | None:
    """Choose the widget by the kind of field; phones get their own keyboards and pickers."""
    if isinstance(field, models.DateTimeField):
        options["widget"] = InstantInput(format="%Y-%m-%dT%H:%M")
    elif isinstance(field, models.DateField):
        options["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    elif isinstance(field, models.DecimalField):
        options["widget"] = NumberInput
    elif field.related_model is Account:
        options["queryset"] = Account.objects.filter(is_active=True).exclude(username="andon")
    made: forms.Field | None = field.formfield(**options)
    return made


def form_for(
    model: type[Record], names: Iterable[str], *, required: Iterable[str] = ()
) -> "type[forms.ModelForm[Any]]":
    """Return a form of some of a record's fields; `required` ones must be filled here."""

    class Form(forms.ModelForm):  # type: ignore[type-arg]
        class Meta:
            pass

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            for name in required:
                if name in self.fields:
                    self.fields[name].required = True
            _keep_present_people(self)

        def _post_clean(self) -> None:
            """Leave the record as it is: services assign and check."""

    return forms.modelform_factory(model, form=Form, fields=list(names), formfield_callback=_field)


def _keep_present_people(form: "forms.ModelForm[Any]") -> None:
    """Let somebody who may no longer log in stay where they are named."""
    for name, field in form.fields.items():
        choices = getattr(field, "queryset", None)
        if choices is not None and choices.model is Account:
            present = Account.objects.filter(pk=getattr(form.instance, f"{name}_id"))
            field.queryset = choices | present  # type: ignore[attr-defined]


def step_form(
    model: type[Record], step: Transition, *, needs_name: bool = False
) -> "type[forms.ModelForm[Any]]":
    """Return the form of a step: what it asks for, its reason, and what a signature needs."""

    class StepForm(form_for(model, step.asks, required=step.required)):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if step.needs_reason:
                self.fields["reason"] = forms.CharField(
                    label=_("Reason"), max_length=2000, widget=forms.Textarea
                )
            if step.meaning:
                meaning = str(step.meaning)
                self.fields["meaning"] = forms.ChoiceField(
                    label=_("What your signature means"), choices=[(meaning, meaning)],
                    widget=forms.RadioSelect,
                )  # fmt: skip
                self.fields["username"] = forms.CharField(
                    label=_("Your user name"), required=needs_name, max_length=150,
                    widget=forms.TextInput(_NAMED),
                )  # fmt: skip
                if not needs_name:
                    del self.fields["username"]
                self.fields["password"] = forms.CharField(
                    label=_("Your password"), strip=False, widget=forms.PasswordInput(_SIGNER)
                )

    return StepForm


_NAMED = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
_SIGNER = {"autocomplete": "current-password"}


class LinkForm(forms.Form):
    """Another record's number, and how this one is related to it."""

    target = forms.CharField(label=_("Number"), max_length=40)
    kind = forms.ChoiceField(
        label=_("This record"), choices=Link.Kind.choices, initial=Link.Kind.RELATED,
        widget=forms.Select(attrs={"aria-label": _("What the link says")}),
    )  # fmt: skip
