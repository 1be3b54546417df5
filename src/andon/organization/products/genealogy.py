"""Genealogy: from a lot to all it was made from and all that was made from it.

Each question is one recursive query that runs alike on SQLite and PostgreSQL. The distance is the
smallest number of steps between two lots.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from andon.organization.products.models import Lot, LotUse

# Deeper than any real flow of material; it also ends a walk in a ring, should one ever be stored.
_DEEPEST = 40
_LOTS, _USES = Lot._meta.db_table, LotUse._meta.db_table


@dataclass(frozen=True, slots=True)
class Relative:
    """A lot and how many steps away it stands."""

    lot: Lot
    distance: int


@dataclass(frozen=True, slots=True)
class Connection:
    """Two lots of which one went, over `distance` steps, into the other; 0: the same lot."""

    first: str
    second: str
    distance: int


def made_from(lot: Lot) -> list[Relative]:
    """Return every lot that went into this one, nearest first."""
    return _relatives(lot, "consumer", "component")


def where_used(lot: Lot) -> list[Relative]:
    """Return every lot that this one went into, nearest first."""
    return _relatives(lot, "component", "consumer")


def connected(
    lots_a: Iterable[str], lots_b: Iterable[str], max_distance: int = _DEEPEST
) -> list[Connection]:
    """Return the pairs of lot codes, one of each group, of which one went into the other.

    Nearest first; an empty list says that the groups are not connected within that distance.
    Lots that only share a component are not connected: almost all lots do.
    """
    firsts, seconds = sorted(set(lots_a)), sorted(set(lots_b))
    if not firsts or not seconds:
        return []
    query = f"""
        WITH RECURSIVE {_walk(firsts, "consumer", "component")},
        {_walk(firsts, "component", "consumer")},
        walked AS (SELECT * FROM component UNION SELECT * FROM consumer)
        SELECT walked.origin, found.code, MIN(walked.distance) FROM walked
        JOIN {_LOTS} found ON found.id = walked.lot
        WHERE found.code IN ({_places(seconds)})
        GROUP BY walked.origin, found.code ORDER BY 3, 1, 2"""  # noqa: S608
    once: list[str | int] = [*firsts, min(max_distance, _DEEPEST)]
    return [Connection(*row) for row in _rows(query, [*once, *once, *seconds])]


def _relatives(lot: Lot, here: str, there: str) -> list[Relative]:
    query = f"""
        WITH RECURSIVE {_walk([lot.code], here, there)}
        SELECT lot, MIN(distance) FROM {there} WHERE distance > 0
        GROUP BY lot ORDER BY 2, 1"""  # noqa: S608
    distances = _rows(query, [lot.code, _DEEPEST])
    rows = Lot.objects.select_related("product", "process", "machine", "partner")
    lots = rows.in_bulk([key for key, _distance in distances])
    return [Relative(lots[key], distance) for key, distance in distances]


def _walk(origins: Sequence[str], here: str, there: str) -> str:
    """Return a recursive walk from some lots along the lot uses, named after where it leads."""
    return f"""{there}(origin, lot, distance) AS (
            SELECT code, id, 0 FROM {_LOTS} WHERE code IN ({_places(origins)})
            UNION SELECT {there}.origin, used.{there}_id, {there}.distance + 1
            FROM {there} JOIN {_USES} used ON used.{here}_id = {there}.lot
            WHERE {there}.distance < %s)"""  # noqa: S608


def _rows(query: str, parameters: Sequence[str | int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _places(values: Sequence[object]) -> str:
    """Return one placeholder per value."""
    return ", ".join(["%s"] * len(values))
