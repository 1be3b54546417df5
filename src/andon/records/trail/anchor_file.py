"""The anchor file: what the trail was, kept where whoever rules the database does not write.

One JSON object a line, appended and never changed. Each tells the digests of the entries that came
since the line before it, the root over the heads of all chains, and the digest of the line before.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from andon.records.trail.canonical import content_digest
from andon.records.trail.merkle import Tree, leaf

New = Mapping[str, tuple[int, list[str]]]
"""By chain: the sequence of the first new entry, and the digests of the new ones in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One anchor."""

    number: int
    at: str
    entries: int
    """Entries of all chains together."""
    chains: int
    root: str
    new: New
    previous: str
    digest: str

    def content(self) -> dict[str, Any]:
        """Return what the digest covers."""
        names = ("number", "at", "entries", "chains", "root", "new", "previous")
        return {name: getattr(self, name) for name in names}

    @property
    def short(self) -> str:
        """Number and root, as they are printed and given to `andon verify --anchor`."""
        return f"{self.number}:{self.root}"


@dataclass(slots=True)
class Book:
    """The heads of all chains as the lines so far tell them, and the tree over them."""

    heads: dict[str, int] = field(default_factory=dict)
    """The last anchored sequence of each chain."""
    places: dict[str, int] = field(default_factory=dict)
    tree: Tree = field(default_factory=Tree)
    entries: int = 0
    number: int = 0
    digest: str = ""
    at: str = ""

    def add(self, new: New) -> str:
        """Take in what one line tells, and return the root that follows from it."""
        for chain, (first, digests) in new.items():
            if not digests:
                continue
            place = self.places.setdefault(chain, len(self.places))
            last = first + len(digests) - 1
            self.entries += last - self.heads.get(chain, 0)
            self.heads[chain] = last
            self.tree.put(place, leaf(chain, last, digests[-1]))
        return self.tree.root()

    def turn(self, line: Line) -> None:
        """Remember which line was the last."""
        self.number, self.digest, self.at = line.number, line.digest, line.at


class Unreadable(Exception):
    """A line of the anchor file is not one that Andon wrote."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} of the anchor file is not one that Andon wrote")
        self.number = number


def place() -> Path:
    """Return where the anchors of this installation are."""
    return Path(settings.ANCHOR_FILE)


def lines(file: Path) -> Iterator[Line]:
    """Yield the anchors of a file in order."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8", errors="replace") as opened:
        for number, text in enumerate(opened, start=1):
            yield _read(text, number)


def read(file: Path) -> Book:
    """Return what a file's lines tell together."""
    book = Book()
    for line in lines(file):
        book.add(line.new)
        book.turn(line)
    return book


def sealed(book: Book, *, at: str, new: New) -> Line:
    """Return the next line: the book has taken in what is new."""
    root = book.add(new)
    content: dict[str, Any] = {
        "number": book.number + 1, "at": at, "entries": book.entries, "chains": len(book.places),
        "root": root, "new": dict(new), "previous": book.digest,
    }  # fmt: skip
    return Line(**content, digest=content_digest(content))


def append(file: Path, line: Line) -> None:
    """Write a line durably."""
    text = json.dumps(line.content() | {"digest": line.digest}, separators=(",", ":"))
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"{text}\n")
        opened.flush()
        os.fsync(opened.fileno())


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Let one process at a time add to the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(text: str, number: int) -> Line:
    try:
        told = json.loads(text)
        new = {
            str(chain): (int(first), [str(digest) for digest in digests])
            for chain, (first, digests) in told.pop("new").items()
        }
        line = Line(**told, new=new)
        is_right = isinstance(line.number, int) and isinstance(line.root, str)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(number) from error
    if not is_right:
        raise Unreadable(number)
    return line
