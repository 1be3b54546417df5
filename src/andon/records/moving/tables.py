"""What is moved: every table behind a model, parents before children, and its content's digest."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

from andon.records.trail.canonical import SEPARATOR, canonical_json

_CHUNK, _FEW = 2000, 100
_MODULUS = 2**256

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table and its columns."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    @property
    def fields(self) -> Sequence[Any]:
        """The table's own columns, the key first or not, as the model has them."""
        return self.model._meta.local_concrete_fields

    @property
    def counted_column(self) -> str:
        """The column whose values the database gives itself; empty where it gives none."""
        key = self.model._meta.pk
        return str(key.column) if isinstance(key, models.AutoField | models.BigAutoField) else ""

    def rows(self, alias: str) -> Iterator[Row]:
        """Yield the rows as Python values, some at a time."""
        # Payloads of blocks are long: fewer of them are held at once.
        has_payload = any(isinstance(field, models.BinaryField) for field in self.fields)
        names = [field.attname for field in self.fields]
        found = self.model._base_manager.using(alias).order_by().values_list(*names)
        yield from found.iterator(chunk_size=_FEW if has_payload else _CHUNK)


class Digest:
    """Count and digest of rows, whatever their order: databases order texts differently."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def taking(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass rows on, and take each in."""
        for row in rows:
            self.rows += 1
            told = SEPARATOR.join(map(_told, row)).encode()
            self._sum += int.from_bytes(hashlib.sha256(told).digest())
            yield row

    @property
    def text(self) -> str:
        """The sum of the rows' SHA-256, as hexadecimal digits."""
        return f"{self._sum % _MODULUS:064x}"


def tables() -> list[Table]:
    """Return the tables of all models; a table that is pointed to stands before those that do."""
    found = {
        model._meta.db_table: Table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    }
    return [found[name] for name in TopologicalSorter(_pointed_to(found)).static_order()]


def digest_of(table: Table, alias: str) -> Digest:
    """Return count and digest of a table as a database has it now."""
    digest = Digest()
    for _row in digest.taking(table.rows(alias)):
        pass
    return digest


def _pointed_to(found: dict[str, Table]) -> dict[str, list[str]]:
    graph = {}
    for name, table in found.items():
        others = (field.related_model._meta.db_table for field in table.fields
                  if field.is_relation)  # fmt: skip
        graph[name] = sorted({other for other in others if other != name})
    return graph


def _told(value: Any) -> str:
    """Return a value as text, the same from both databases."""
    if value is None or isinstance(value, str):
        return "\0" if value is None else value
    if isinstance(value, float):
        return repr(value + 0.0)  # SQLite keeps no negative zero
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return canonical_json(_settled(value)) if isinstance(value, dict | list) else str(value)


def _settled(content: Any) -> Any:
    """Return JSON whose numbers are written in one way: PostgreSQL writes 1e22 in full."""
    if isinstance(content, dict):
        return {key: _settled(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_settled(value) for value in content]
    if isinstance(content, float) and content.is_integer():
        return int(content)
    return content
