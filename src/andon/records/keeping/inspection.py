"""The copy for an inspector: records to read, files, trail, anchor, checksums, and their verifier.

21 CFR 11.10(b): accurate and complete copies in human readable and electronic form.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from andon import __version__
from andon.records import clock
from andon.records.attachments import path_of
from andon.records.content import digest_of
from andon.records.errors import Refused
from andon.records.keeping.contents import digest_of_bytes
from andon.records.keeping.stand_alone import content_digest, written
from andon.records.models import Purge, Record
from andon.records.pdf import pdf_of
from andon.records.registry import own_type
from andon.records.rest.record_types import told_json
from andon.records.security_events import Kind, note
from andon.records.trail import anchor_file
from andon.records.trail.anchor_file import Book
from andon.records.trail.stored import entries
from andon.records.trail.verify import snapshot

_NAMES = (
    "chain", "sequence", "at", "actor", "action", "table", "row", "old", "new", "reason",
    "previous", "digest",
)  # fmt: skip
_READ_ME = """Records that Andon {version} wrote on {at}.

records/NUMBER/record.pdf   to read: fields, lines, signatures, files, history
records/NUMBER/record.json  the same for programs
records/NUMBER/trail.json   every entry: who, what, when, old and new value, reason, digest
records/NUMBER/files/       attached files under their own names, after their number
anchors.jsonl               kept outside the database: the root over all trails, again and again
checksums.json              SHA-256 of every file
verify.py                   checks all of it, with Python alone:  python verify.py
"""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was copied."""

    records: int
    files: int
    anchor: str
    """Number and root of the last anchor; empty when there is none."""


class _Zip:
    """A zip that remembers the digest of each file."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self._target = target
        self.digests: dict[str, str] = {}

    def put(self, name: str, content: bytes) -> None:
        self.digests[name] = digest_of_bytes(content)
        self._target.writestr(name, content)


def write_inspection(file: Path, *, numbers: Iterable[str] = (), username: str) -> Inspection:
    """Write the copy of some records, or of all, to a zip.

    Raises:
        Refused: there is no record of a given number.
    """
    chosen = _chosen(tuple(numbers))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target, snapshot():
        made = _Zip(target)
        book = anchor_file.read(anchor_file.place())
        root = book.tree.root()
        anchor = {"number": book.number, "root": root, "at": book.at} if book.number else {}
        for record in chosen:
            for name, content in _files_of(record, book, anchor):
                made.put(f"records/{record.number}/{name}", content)
        _put_common(made)
        sealed = {"files": made.digests, "anchor": anchor}
        told = {**sealed, "digest": content_digest(sealed)}
        target.writestr("checksums.json", written(told))
    note(Kind.INSPECTED, username=username, about=f"{file.name}: {len(chosen)} records")
    short = f"{book.number}:{root}" if anchor else ""
    return Inspection(len(chosen), len(made.digests) + 1, short)


def _chosen(numbers: tuple[str, ...]) -> list[Record]:
    rows = Record.objects.order_by("id")
    if not numbers:
        return list(rows)
    found = list(rows.filter(number__in=numbers))
    missing = set(numbers) - {record.number for record in found}
    if missing:
        text = _("There is no record %(number)s.") % {"number": min(missing)}
        raise Refused.because(text, "record")
    return found


def _files_of(record: Record, book: Book, anchor: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    own = own_type(record)
    yield "record.pdf", pdf_of(own)
    yield "record.json", written(told_json(own) | {"content_digest": digest_of(own)})
    yield "trail.json", written(_trail(record, book, anchor))
    for attachment in own.attachments.all():
        path = path_of(attachment.sha256)
        if path.is_file():
            yield f"files/{attachment.pk}-{attachment.name}", path.read_bytes()


def _trail(record: Record, book: Book, anchor: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of a record, and the proof that the anchor saw its head."""
    chain = f"record:{record.pk}"
    purge = Purge.objects.filter(record_key=record.pk).first()
    told: dict[str, Any] = {
        "entries": [dict(zip(_NAMES, entry, strict=True)) for entry in entries(chain)],
        "purged_until": purge.purged_until if purge else 0,
    }
    if chain in book.heads:
        path = book.tree.path(book.places[chain])
        told["proof"] = {**anchor, "sequence": book.heads[chain], "path": path}
    return told


def _put_common(made: _Zip) -> None:
    source = files("andon.records.keeping").joinpath("stand_alone.py").read_bytes()
    made.put("verify.py", source)
    at = f"{clock.now():%Y-%m-%d %H:%M} UTC"
    made.put("READ-ME.txt", _READ_ME.format(version=__version__, at=at).encode())
    anchors = anchor_file.place()
    if anchors.is_file():
        made.put("anchors.jsonl", anchors.read_bytes())
