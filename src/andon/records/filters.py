"""Filters of a list: what the query string may narrow it to, and the form that offers it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from andon.records import clock, search
from andon.records.models import Account, Record
from andon.records.registry import kind_of
from andon.records.trail.reviewing import unreviewed

MOST_CHOICES = 200
"""A related table with more rows is found by searching, not by choosing."""
_KERNEL = ("number", "title", "state", "owner", "due_at", "created_at")
_YES_NO = (("yes", _("yes")), ("no", _("no")))


def own_fields(model: type[Record]) -> tuple[str, ...]:
    """Return the type's own columns; each can be filtered."""
    return tuple(name for name in model.WORKFLOW.list_fields if name not in _KERNEL)


def narrowed(
    rows: QuerySet[Record], model: type[Record], query: Mapping[str, str], account: Account
) -> QuerySet[Record]:
    """Return the rows of the register that match; what cannot be meant is left alone."""
    if query.get("state") in {state.name for state in model.WORKFLOW.states}:
        rows = rows.filter(state=query["state"])
    if query.get("open") == "yes":
        rows = rows.filter(closed_at=None)
    if query.get("overdue") == "yes":
        rows = rows.filter(closed_at=None, due_at__lt=clock.now())
    if query.get("unreviewed") == "yes":
        rows = unreviewed(rows)
    rows = rows.filter(_owned(query.get("owner", ""), account))
    for name in own_fields(model):
        field, text = model._meta.get_field(name), query.get(name, "").strip()
        rows = rows.filter(_meant(field, f"{kind_of(model)}__{name}", text))
    if query.get("q", "").strip():
        rows = rows.filter(pk__in=search.find(query["q"]).values("pk"))
    return rows


def filter_form(model: type[Record], query: Mapping[str, str]) -> forms.Form:
    """Return the form of a list's filters, filled in from the query string."""
    form = forms.Form(auto_id="filter-%s", initial=dict(query))
    form.fields["q"] = forms.CharField(label=_("Contains"), widget=forms.TextInput(_SEARCH))
    states = [(state.name, state.label) for state in model.WORKFLOW.states]
    form.fields["state"] = _choice(_("State"), states)
    form.fields["owner"] = _choice(_("Owner"), [("me", _("me")), ("nobody", _("nobody yet"))])
    form.fields["open"] = _choice(_("Open"), _YES_NO[:1])
    form.fields["overdue"] = _choice(_("Overdue"), _YES_NO[:1])
    form.fields["unreviewed"] = _choice(_("Trail not reviewed"), _YES_NO[:1])
    for name, field in _own_choices(model):
        form.fields[name] = field
    # Everything here is optional; the word beside every filter would say nothing.
    form.use_required_attribute = False
    for field in form.fields.values():
        field.required = True
    return form


_SEARCH = {"type": "search", "autocomplete": "off"}


def _owned(owner: str, account: Account) -> Q:
    if owner == "me":
        return Q(owner=account)
    if owner == "nobody":
        return Q(owner=None)
    return Q(owner__username=owner) if owner else Q()


def _meant(field: Any, path: str, text: str) -> Q:
    """Return what a text asks of a field; nothing when it makes no sense there."""
    if not text:
        return Q()
    if isinstance(field, models.ForeignKey):
        is_key = text.isdecimal() and len(text) < 19
        return Q(**{f"{path}_id": int(text)}) if is_key else Q()
    if isinstance(field, models.BooleanField):
        return Q(**{path: text == "yes"})
    if field.choices:
        return Q(**{path: text}) if text in dict(field.flatchoices) else Q()
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return _number(path, text)
    return Q(**{f"{path}__icontains": text}) if isinstance(field, _TEXTS) else Q()


_TEXTS = (models.CharField, models.TextField)


def _number(path: str, text: str) -> Q:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Q()
    is_meant = number.is_finite() and abs(number) < 10**12
    return Q(**{path: number}) if is_meant else Q()


def _own_choices(model: type[Record]) -> Iterator[tuple[str, forms.Field]]:
    for name in own_fields(model):
        field: Any = model._meta.get_field(name)
        label = str(field.verbose_name).capitalize()
        choices = _choices_of(field)
        if choices is not None:
            yield name, _choice(label, choices)
        elif isinstance(field, _TEXTS):
            yield name, forms.CharField(label=label, widget=forms.TextInput(_SEARCH))


def _choices_of(field: Any) -> list[tuple[Any, Any]] | None:
    if isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        rows = related._default_manager.all()[: MOST_CHOICES + 1]
        choices = [(str(row.pk), str(row)) for row in rows]
        return choices if len(choices) <= MOST_CHOICES else None
    if isinstance(field, models.BooleanField):
        return list(_YES_NO)
    return [pair for pair in field.flatchoices if pair[0]] if field.choices else None


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("any")), *choices])
