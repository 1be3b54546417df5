"""Forms made from a record type's own fields."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.records.models import Record


class InstantInput(forms.DateTimeInput):
    """A date with a time, in the browser's own picker."""

    input_type = "datetime-local"


def _field(field: Any, **options: Any) -> forms.Field | None:
    """Choose the widget by the kind of field; phones get their own keyboards and pickers."""
    if isinstance(field, models.DateTimeField):
        options["widget"] = InstantInput(format="%Y-%m-%dT%H:%M")
    elif isinstance(field, models.DateField):
        options["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
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

        def _post_clean(self) -> None:
            """Leave the record as it is: services assign and check."""

    return forms.modelform_factory(model, form=Form, fields=list(names), formfield_callback=_field)


class CommentForm(forms.Form):
    """What somebody says."""

    text = forms.CharField(max_length=10_000)


class LinkForm(forms.Form):
    """Another record's number."""

    target = forms.CharField(label=_("Number"), max_length=40)


class UploadForm(forms.Form):
    """A file or a photo."""

    file = forms.FileField()
