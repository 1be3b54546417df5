"""Typed schemas of a record type, made from its model: what may be read and what written."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from django.db import models
from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict, create_model

from andon.records.models.record import Record
from andon.records.registry import kind_of
from andon.records.signatures import signatures_of

_TYPES: tuple[tuple[type[Any], Any], ...] = (
    (models.BooleanField, bool),
    (models.DateTimeField, AwareDatetime),
    (models.DateField, date),
    (models.DecimalField, Decimal),
    (models.FloatField, float),
    (models.IntegerField, int),
    (models.JSONField, Any),
)
_NATURAL = ("code", "number", "username")
_MARKS = ("id", "kind", "number", "state", "state_since", "created_by", "created_at", "closed_at")
_KEPT = (*_MARKS, "cycle", "version")


class Strict(Schema):
    """A body in which an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SignatureOut(Schema):
    """One signature: printed name, meaning, instant with its zone, and whether it still holds."""

    name: str
    meaning: str
    signed_at: AwareDatetime
    digest: str
    is_void: bool


@cache
def writable_fields(model: type[Record]) -> tuple[str, ...]:
    """Return the fields a caller may give: never the kernel's own marks."""
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if field.editable and field.name not in _KEPT and not field.name.endswith("_ptr")
    )


@cache
def write_schema(model: type[Record]) -> type[Strict]:
    """Return the schema of a body for this record type, all fields optional."""
    fields: dict[str, Any] = {
        name: (_annotation(model._meta.get_field(name)) | None, None)
        for name in writable_fields(model)
    }
    return create_model(f"{model.__name__}Values", __base__=Strict, **fields)


@cache
def read_schema(model: type[Record]) -> type[Schema]:
    """Return the schema of a record as it is told."""
    names = (*_KEPT[1:], *writable_fields(model))
    fields: dict[str, Any] = {
        name: (_annotation(model._meta.get_field(name)) | None, None) for name in names
    }
    fields["url"] = (str, Field(..., description="The record's permanent address."))
    fields["signatures"] = (list[SignatureOut], Field([], description="Oldest first."))
    return create_model(f"{model.__name__}Record", __base__=Schema, **fields)


def told(record: Record) -> dict[str, Any]:
    """Return a record as the interface tells it: people and things by name, not by key."""
    names = (*_KEPT[1:], *writable_fields(type(record)))
    return {name: _plain(getattr(record, name)) for name in names} | {
        "kind": kind_of(type(record)),
        "url": record.get_absolute_url(),
        "signatures": [one.as_dict() for one in signatures_of(record)],
    }


def found(model: type[Record], name: str, value: Any) -> Any:
    """Return what a written value means: a related row is named by its code or number."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.ForeignKey) or value is None:
        return value
    related: Any = field.related_model
    return related._default_manager.get(**{natural_key(related): value})


def natural_key(model: Any) -> str:
    """Return the field by which people name a row of this model."""
    names = {field.name for field in model._meta.get_fields()}
    return next((name for name in _NATURAL if name in names), "pk")


def _annotation(field: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return str if natural_key(field.related_model) != "pk" else int
    if field.choices:
        empty = [""] if field.blank and field.empty_strings_allowed else []
        return Literal[(*(value for value, _label in field.flatchoices), *empty)]
    return next((kind for django, kind in _TYPES if isinstance(field, django)), str)


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return getattr(value, natural_key(value._meta.model))
    return value
