"""Holding the trail against its anchors: what was cut off, re-chained or taken away whole."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.db import connection

from andon.records.models.evidence import Anchor
from andon.records.trail import anchor_file
from andon.records.trail.anchor_file import Book, Line, Unreadable
from andon.records.trail.canonical import content_digest
from andon.records.trail.verify import Problem

_MOST_CHAINS = 300
FEWEST_LETTERS = 16
"""Of a given root: fewer could be met by trying."""


class Anchors:
    """The anchors of one file, held against the trail, the database and roots kept elsewhere."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.roots: dict[int, tuple[str, str]] = {}
        """By number: root and digest of each line."""

    def problems(self, given: Iterable[str] = ()) -> Iterator[Problem]:
        """Yield what does not agree with the anchors.

        `given` are texts such as `17:9f3a...`: number and root, from a print, a mail or a webhook.
        """
        try:
            yield from self._walk()
        except Unreadable as error:
            yield _of_line(error.number, str(error))
        yield from self._unlike_database()
        for text in given:
            yield from self._unlike_given(text)

    def _walk(self) -> Iterator[Problem]:
        book = Book()
        for line in anchor_file.lines(self.file):
            for text in _broken(line, book):
                yield _of_line(book.number + 1, text)
            book.turn(line)
            yield from _unlike_trail(line)
            self.roots[line.number] = (line.root, line.digest)

    def _unlike_database(self) -> Iterator[Problem]:
        """Yield the anchors that the database remembers and the file does not tell so."""
        for kept in Anchor.objects.order_by("number").iterator():
            told = self.roots.get(kept.number)
            if told is None:
                text = "the database remembers this anchor; the file lacks it"
                yield _of_line(kept.number, text)
            elif told != (kept.root, kept.digest):
                yield _of_line(kept.number, "it is not the anchor that the database remembers")

    def _unlike_given(self, text: str) -> Iterator[Problem]:
        number, _colon, root = text.strip().partition(":")
        told = self.roots.get(int(number)) if number.isdecimal() else None
        if told is None:
            yield _of_line(number, "this anchor was given, and the file lacks it")
        elif len(root) < FEWEST_LETTERS or not told[0].startswith(root.lower()):
            yield _of_line(number, "the root given for this anchor is not the file's")


def _broken(line: Line, book: Book) -> Iterator[str]:
    """Yield what is wrong with a line itself; the book takes it in."""
    is_continued = all(
        first == book.heads.get(chain, 0) + 1 for chain, (first, _all) in line.new.items()
    )
    root = book.add(line.new)
    if line.number != book.number + 1:
        yield f"anchor {book.number + 1} should stand here: lines are missing"
    elif line.previous != book.digest or line.at < book.at:
        yield "it does not follow the anchor before it"
    if content_digest(line.content()) != line.digest:
        yield "its content is not what was sealed"
    elif (line.root, line.entries, line.chains) != (root, book.entries, len(book.places)):
        yield "its root does not follow from the entries that it tells"
    elif not is_continued:
        yield "it does not go on where the anchors before it ended"


def _unlike_trail(line: Line) -> Iterator[Problem]:
    """Yield the entries that an anchor saw and that are gone, or other than they were."""
    told = iter(line.new.items())
    while part := dict(islice(told, _MOST_CHAINS)):
        stored = _stored({chain: (first, len(all_)) for chain, (first, all_) in part.items()})
        for chain, (first, digests) in part.items():
            yield from _unlike_chain(line, chain, dict(enumerate(digests, start=first)), stored)


def _unlike_chain(
    line: Line, chain: str, told: dict[int, str], stored: dict[tuple[str, int], str]
) -> Iterator[Problem]:
    gone = [sequence for sequence in told if (chain, sequence) not in stored]
    if gone:
        until = f" to {gone[-1]}" if len(gone) > 1 else ""
        text = f"entry {gone[0]}{until} is gone; anchor {line.number} of {line.at} saw it"
        yield Problem(text=text, chain=chain, sequence=gone[0])
    for sequence, digest in told.items():
        if stored.get((chain, sequence), digest) != digest:
            text = f"it is not the one that anchor {line.number} of {line.at} saw"
            yield Problem(text=text, chain=chain, sequence=sequence)


def _stored(wanted: dict[str, tuple[int, int]]) -> dict[tuple[str, int], str]:
    places = " OR ".join(["(chain = %s AND sequence BETWEEN %s AND %s)"] * len(wanted))
    given = [v for chain, (first, n) in wanted.items() for v in (chain, first, first + n - 1)]
    query = f"SELECT chain, sequence, digest FROM records_entry WHERE {places}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return {(chain, sequence): digest for chain, sequence, digest in cursor.fetchall()}


def _of_line(number: object, text: str) -> Problem:
    return Problem(text=text, table="anchor file", row=str(number))
