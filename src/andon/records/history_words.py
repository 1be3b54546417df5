"""Names for what stands in the trail: tables, columns and values as people call them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.models import Record

# Marks of the kernel: they accompany an act and are not what it was about.
_SILENT = frozenset(
    (
        *("id", "kind", "number", "state", "state_since", "closed_at"),
        *("cycle", "version", "created_at", "created_by_id"),
    )
)
_MOST_LETTERS = 80
_TOLD = 3
"""How many values tell a line that was added."""


class Words:
    """Looks up names while one record's history is told; a related row is asked for once."""

    def __init__(self, record: Record) -> None:
        self.title = record.title
        self._record = record
        self._own = {model._meta.db_table for model in (Record, type(record))}
        self._rows: dict[tuple[type[models.Model], Any], str] = {}

    def is_own(self, table: str) -> bool:
        """Tell whether a table holds the record itself, not something that hangs on it."""
        return table in self._own

    def is_register(self, table: str) -> bool:
        """Tell whether a table is the register of all records."""
        return table == Record._meta.db_table

    def state(self, name: str) -> str:
        """Return a state's label; a state of an earlier version keeps its name."""
        labels = {state.name: str(state.label) for state in self._record.WORKFLOW.states}
        return labels.get(name, name)

    def table(self, table: str) -> str:
        """Return what a row of a table is called."""
        model = _models().get(table)
        return str(model._meta.verbose_name) if model else table

    def changes(self, table: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        """Yield each changed value as "name: before → after"."""
        for column, value in new.items():
            if column in _SILENT or column.endswith("_ptr_id"):
                continue
            field = self._field(table, column)
            name = str(field.verbose_name) if field is not None else column
            yield f"{name}: {self._value(field, old.get(column))} → {self._value(field, value)}"

    def beside(self, sent: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """Yield for each field that was sent its name, what is stored, and what was sent."""
        fields = {field.name: field for field in self._record._meta.concrete_fields}
        for name, value in sent.items():
            if (field := fields.get(name)) is None:
                continue  # an answer to the step itself, such as its reason
            stored = self._value(field, getattr(self._record, field.attname))
            given = value.pk if isinstance(value, models.Model) else value
            try:
                told = self._value(field, given)
            except (ValueError, TypeError, OverflowError):  # it may be no value of its field
                told = _short(str(given))
            yield str(field.verbose_name), stored, told

    def summary(self, table: str, values: dict[str, Any]) -> str:
        """Return the few values by which people recognise a line."""
        told = [self._value(field, value) for field, value in self._telling(table, values)]
        return " · ".join(f"“{text}”" for text in told[:_TOLD])

    def _telling(self, table: str, values: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
        """Yield the values that say something: no keys, no times, no digests, nobody's name."""
        model = _models().get(table)
        for column, field in _columns(model).items() if model else ():
            value = values.get(column)
            if field.primary_key or _listed(field, value) in (None, "", False, 0, {}, []):
                continue
            if field.name in _QUIET or isinstance(field, models.DateTimeField):
                continue
            if not (isinstance(field, models.ForeignKey) and self._is_known(field, value)):
                yield field, value

    def _is_known(self, field: Any, value: Any) -> bool:
        """Tell whether a related row is this record, or somebody who is named anyway."""
        is_this = issubclass(field.related_model, Record) and str(value) == str(self._record.pk)
        return is_this or field.related_model._meta.label == "records.Account"

    def _field(self, table: str, column: str) -> Any:
        """Return the field of a column; a record's columns may lie in either of its tables."""
        tables = self._own if self.is_own(table) else {table}
        wanted = (_columns(_models()[name]) for name in tables if name in _models())
        return next((columns[column] for columns in wanted if column in columns), None)

    def _value(self, field: Any, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if isinstance(field, models.ForeignKey):
            return _short(self._related(field.related_model, value))
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, models.BooleanField):
            return _("yes") if value else _("no")
        return _short(_dated(field, _listed(field, value)))

    def _related(self, model: Any, key: Any) -> str:
        if (model, key) not in self._rows:
            row = model._default_manager.filter(pk=key).first()
            self._rows[model, key] = str(row) if row is not None else str(key)
        return self._rows[model, key]


_QUIET = frozenset(
    ("sha256", "digest", "content_type", "size", "transition", "version", "printed_name", "cycle")
)


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@cache
def _columns(model: type[models.Model]) -> dict[str, Any]:
    return {str(field.column): field for field in model._meta.local_concrete_fields}


def _listed(field: Any, value: Any) -> Any:
    """Return a JSON field's value; SQLite tells it as text."""
    if isinstance(field, models.JSONField) and isinstance(value, str):
        return json.loads(value)
    return value


def _dated(field: Any, value: Any) -> str:
    """Return a value as text; an instant in the site's zone."""
    if isinstance(field, models.DateTimeField):
        told = datetime.fromisoformat(str(value))
        told = told if told.tzinfo else told.replace(tzinfo=clock.now().tzinfo)
        return date_format(told.astimezone(clock.site_zone()), "j M Y H:i")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)), "j M Y")
    return _plain(value)


def _plain(value: Any) -> str:
    """Return plain data as people write them: lists by commas, mappings by name and value."""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return "; ".join(f"{name} {_plain(one)}" for name, one in value.items()) or "–"
    return str(value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_LETTERS else line[: _MOST_LETTERS - 1] + "…"
