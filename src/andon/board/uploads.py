"""Tables between reading and taking in: kept on the server for the account that brought them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from andon.identify.measurements.files import Table
from andon.identify.measurements.submission import Outcome
from andon.records import clock
from andon.records.models import Account

_KEPT_SECONDS = 12 * 3600


def keep_table(table: Table, name: str, *, actor: Account) -> UUID:
    """Keep a table for its account and return its key; what was forgotten earlier goes away."""
    _forget_old(actor)
    key = uuid4()
    content = {"name": name, **asdict(table)}
    _write(_path(key, actor, "table"), content)
    return key


def kept_table(key: UUID, *, actor: Account) -> tuple[str, Table] | None:
    """Return name and table of a key; None when this account has none under it."""
    told = _read(_path(key, actor, "table"))
    if told is None:
        return None
    records = tuple(tuple(record) for record in told["records"])
    return told["name"], Table(tuple(told["header"]), records, told["has_decimal_commas"])


def keep_outcome(key: UUID, name: str, outcome: Outcome, *, actor: Account) -> None:
    """Put the outcome in the place of the table, which goes when what it tells is committed.

    Killed before that, the table is still there to be taken in.
    """
    _write(_path(key, actor, "outcome"), {"name": name, **asdict(outcome)})
    transaction.on_commit(lambda: forget(key, actor=actor))


def kept_outcome(key: UUID, *, actor: Account) -> dict[str, Any] | None:
    """Return what became of a table that was taken in."""
    return _read(_path(key, actor, "outcome"))


def forget(key: UUID, *, actor: Account) -> None:
    """Delete a table that shall not be taken in."""
    _path(key, actor, "table").unlink(missing_ok=True)


def _folder(actor: Account) -> Path:
    """Each account has a folder of its own, so that no key opens another's table."""
    return Path(settings.DATA_DIR) / "uploads" / str(actor.pk)


def _path(key: UUID, actor: Account, kind: str) -> Path:
    return _folder(actor) / f"{key}.{kind}.json"


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return told


def _forget_old(actor: Account) -> None:
    oldest = clock.now().timestamp() - settings.CLOCK_OFFSET_SECONDS - _KEPT_SECONDS
    for path in _folder(actor).glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
