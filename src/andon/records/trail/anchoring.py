"""Anchoring: telling a file outside the database, and a second person, what the trail is now."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from andon.records import clock
from andon.records.models.entry import Entry
from andon.records.models.evidence import Anchor
from andon.records.trail import anchor_file
from andon.records.trail.anchor_file import Line, New
from andon.records.trail.context import acting_at
from andon.records.trail.telling import tell_second_person
from andon.records.trail.verify import snapshot

_MOST_PLACES = 300


def anchor() -> Line | None:
    """Add the entries since the last anchor to the file; None when there are none."""
    file = anchor_file.place()
    with anchor_file.exclusive(file):
        book = anchor_file.read(file)
        with snapshot():
            new = _since(book.heads)
            last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        if not new:
            return None
        line = anchor_file.sealed(book, at=acting_at(), new=new)
        anchor_file.append(file, line)
        # A line without its row, after a crash between the two, is no weakness: the file is there.
        Anchor.objects.create(
            number=line.number, root=line.root, digest=line.digest, entries=line.entries,
            chains=line.chains, last_entry=last, anchored_at=clock.now(),
        )  # fmt: skip
    tell_second_person(line)
    return line


def anchor_if_due() -> dict[str, int]:
    """Anchor when enough entries or minutes have passed since the last time."""
    line = anchor() if is_due() else None
    return {"anchor": line.number if line else 0}


def is_due() -> bool:
    """Tell whether there are new entries, and enough of them or for long enough."""
    last = Anchor.objects.order_by("-number").first()
    newest = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    if last is None or newest == last.last_entry:
        return last is None and newest > 0
    pause = timedelta(minutes=settings.ANCHOR_MINUTES)
    is_many = newest - last.last_entry >= settings.ANCHOR_ENTRIES
    return is_many or clock.now() - last.anchored_at >= pause


def last_anchor() -> Anchor | None:
    """Return the last anchor, as the database remembers it."""
    return Anchor.objects.order_by("-number").first()


def _since(heads: dict[str, int]) -> New:
    """Return the entries of which the anchors do not know yet, by chain."""
    found: dict[str, tuple[int, list[str]]] = {}
    for chain, sequence, digest in _rows_since(heads):
        first, digests = found.setdefault(chain, (sequence, []))
        if sequence == first + len(digests):  # a gap is told by `verify`, never anchored over
            digests.append(digest)
    return found


def _rows_since(heads: dict[str, int]) -> Iterator[Any]:
    if not heads:
        yield from _asked("", [])
        return
    grown = [
        (chain, heads.get(chain, 0)) for chain, last in _asked_heads() if last > heads.get(chain, 0)
    ]
    for start in range(0, len(grown), _MOST_PLACES):
        part = grown[start : start + _MOST_PLACES]
        places = " OR ".join(["(chain = %s AND sequence > %s)"] * len(part))
        yield from _asked(f"WHERE {places}", [value for place in part for value in place])


def _asked_heads() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, max(sequence) FROM records_entry GROUP BY chain")
        return list(cursor.fetchall())


def _asked(where: str, given: list[Any]) -> Iterator[Any]:
    query = f"SELECT chain, sequence, digest FROM records_entry {where} ORDER BY chain, sequence"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        while rows := cursor.fetchmany(5000):
            yield from rows
