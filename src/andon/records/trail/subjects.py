"""Which tables are audited, in which chain, and which are append-only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from andon.records.models.record import Record


@dataclass(frozen=True, slots=True)
class Subject:
    """One audited table."""

    table: str
    key: str
    columns: tuple[tuple[str, str], ...]
    """Column and kind: text, real, decimal, json or binary."""
    chain_column: str
    """Column that holds the record's id; empty: the row is its own chain."""
    excluded: tuple[str, ...]
    has_text_key: bool = False

    def count(self) -> int:
        """Return how many rows the table holds now."""
        with connection.cursor() as cursor:
            # nosemgrep: sql-made-of-text - names of tables are the code's own
            cursor.execute(f'SELECT count(*) FROM "{self.table}"')  # noqa: S608
            return int(cursor.fetchone()[0])


def subjects() -> Iterator[Subject]:
    """Yield every table whose changes are told: all of Andon's, but those with `trail = False`."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("andon.") and getattr(model, "trail", True):
            yield _subject(model)


def append_only_tables() -> dict[str, Mapping[str, str]]:
    """Return the tables of which no row is ever changed or removed, with their exceptions.

    A model may state in `append_only_but` for UPDATE or DELETE the condition in SQL over OLD and
    NEW under which the database lets one through: when the content is kept elsewhere.
    """
    return {
        model._meta.db_table: {**_when_purged(model), **getattr(model, "append_only_but", {})}
        for model in apps.get_models()
        if getattr(model, "is_append_only", False)
    }


def _when_purged(model: type[models.Model]) -> Mapping[str, str]:
    """Let rows of a record go when its time is over and a second person agreed."""
    column = _chain_column(model)
    return {"DELETE": _IS_PURGED.format(column=column)} if column else {}


_IS_PURGED = (
    "EXISTS (SELECT 1 FROM records_purge p WHERE p.record_key = OLD.{column}"
    " AND p.approved_by_id IS NOT NULL)"
)


def _subject(model: type[models.Model]) -> Subject:
    excluded = tuple(getattr(model, "trail_exclude", ()))
    fields = [field for field in model._meta.local_concrete_fields if field.name not in excluded]
    return Subject(
        table=model._meta.db_table,
        key=str(model._meta.pk.column),
        columns=tuple((str(field.column), _kind(field)) for field in fields),
        chain_column=_chain_column(model),
        excluded=excluded,
        has_text_key=isinstance(_key_field(model), models.CharField | models.TextField),
    )


def _key_field(model: type[models.Model]) -> Any:
    """Return the primary key's own field, or the one that it points to."""
    field: Any = model._meta.pk
    while field.remote_field is not None:
        field = field.remote_field.model._meta.pk
    return field


_KINDS = (
    (models.FloatField, "real"),
    (models.DecimalField, "decimal"),
    (models.JSONField, "json"),
    (models.BinaryField, "binary"),
)


def _kind(field: models.Field) -> str:  # type: ignore[type-arg]
    return next((kind for of, kind in _KINDS if isinstance(field, of)), "text")


def _chain_column(model: type[models.Model]) -> str:
    """Return the column with the record's id: an own one, a parent link, or `trail_record`."""
    if issubclass(model, Record):
        return str(model._meta.pk.column)
    named = getattr(model, "trail_record", "record")
    columns = {field.name: str(field.column) for field in model._meta.local_fields}
    return columns.get(named, "")
