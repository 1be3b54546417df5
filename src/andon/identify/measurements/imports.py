"""Files through the door: read, map, take in, and remember the mapping for the next time."""

import hashlib
import tomllib
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from andon.identify.measurements import services
from andon.identify.measurements.files import (
    ColumnMap,
    Table,
    mapped,
    missing_columns,
    of_text,
    read_table,
)
from andon.identify.measurements.models import RememberedMapping
from andon.identify.measurements.submission import Outcome, Reported
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.trail.context import acting


def import_file(
    content: bytes,
    name: str,
    *,
    actor: Account,
    mapping: ColumnMap | None = None,
    is_dry: bool = False,
) -> Outcome:
    """Take in a file; every record is stored or reported, and a dry run only tells."""
    try:
        return import_table(read_table(content, name), actor=actor, mapping=mapping, is_dry=is_dry)
    except Refused as error:
        return Outcome(records=0, stored=0, refused=str(error))


def import_text(
    text: str, *, actor: Account, mapping: ColumnMap | None = None, is_dry: bool = False
) -> Outcome:
    """Take in cells pasted from a spreadsheet."""
    return import_table(of_text(text), actor=actor, mapping=mapping, is_dry=is_dry)


def import_table(
    table: Table, *, actor: Account, mapping: ColumnMap | None = None, is_dry: bool = False
) -> Outcome:
    """Take in a table under a mapping, given or remembered from a file with the same header."""
    require(actor, "measurements.import")
    chosen = mapping or remembered(table, actor)
    missing = missing_columns(table.header, chosen)
    if missing:
        message = _("No column for %(names)s: map one, or give a constant.")
        refused = message % {"names": ", ".join(missing)}
        return _all_reported(table, refused)
    rows, ragged = mapped(table, chosen)
    bad = {report.record for report in ragged}
    places = [place for place in range(1, len(rows) + 1) if place not in bad]
    good = [rows[place - 1] for place in places]
    outcome = services.take_in(good, actor=actor, is_dry=is_dry)
    if mapping is not None and not is_dry:
        remember(table, mapping, actor=actor)
    shifted = [replace(report, record=places[report.record - 1]) for report in outcome.reported]
    reported = sorted([*ragged, *shifted], key=lambda report: report.record)
    return replace(outcome, records=len(rows), reported=tuple(reported))


def mapping_of(text: str) -> ColumnMap:
    """Return the mapping of a TOML text with the tables [columns] and [constants]."""
    try:
        told = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused.because(
            _("The mapping is not TOML: %(why)s") % {"why": error}, "mapping"
        ) from error
    unknown = sorted(set(told) - {"columns", "constants"})
    if unknown:
        message = _("The mapping knows [columns] and [constants], not %(names)s.")
        raise Refused.because(message % {"names": ", ".join(unknown)}, "mapping")
    return ColumnMap(_texts(told.get("columns", {})), _texts(told.get("constants", {})))


def remembered(table: Table, actor: Account) -> ColumnMap:
    """Return the mapping used last for this header by this account, or none."""
    kept = RememberedMapping.objects.filter(account=actor, header=header_digest(table)).first()
    return ColumnMap(kept.columns, kept.constants) if kept else ColumnMap()


def remember(table: Table, mapping: ColumnMap, *, actor: Account) -> None:
    """Keep a mapping for the next file with the same header."""
    with acting(actor):
        RememberedMapping.objects.update_or_create(
            account=actor,
            header=header_digest(table),
            defaults={"columns": dict(mapping.columns), "constants": dict(mapping.constants)},
        )


def header_digest(table: Table) -> str:
    """Return what identifies files of the same kind: their header."""
    return hashlib.sha256("\x1f".join(table.header).encode()).hexdigest()


def _texts(told: Any) -> dict[str, str]:
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        message = _('Each line of [columns] and [constants] is NAME = "text".')
        raise Refused.because(message, "mapping")
    return dict(told)


def _all_reported(table: Table, reason: str) -> Outcome:
    records = len(table.records)
    reported = tuple(Reported(place, "", reason) for place in range(1, records + 1))
    return Outcome(records=records, stored=0, reported=reported, refused=reason)
