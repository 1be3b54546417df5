"""Everything that `andon verify` looks at: trail, anchors, signatures, files, blocks."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db.models import Count, F, Sum
from django.db.models.functions import Length

from andon.history.models import Block, BlockStream, PlannedBlock
from andon.records.attachments import path_of
from andon.records.models import Attachment, Entry, Purge, Signature
from andon.records.trail import anchor_file
from andon.records.trail.against_anchors import Anchors
from andon.records.trail.verify import Problem, VerifyReport, snapshot, verify


def verify_all(*, file: Path | None = None, given: Iterable[str] = ()) -> VerifyReport:
    """Check all evidence in one moment of the database.

    `file` are anchors kept elsewhere (default: the installation's own), `given` single roots.
    """
    with snapshot():
        report = verify()
        anchors = Anchors(file or anchor_file.place())
        for found in (anchors.problems(tuple(given)), signatures(), purges(), files(), blocks()):
            for problem in found:
                report.add(problem)
        report.anchors = len(anchors.roots)
    return report


def signatures() -> Iterator[Problem]:
    """Yield signatures that their signer did not give, or that were copied to another record."""
    created = Entry.objects.filter(table=Signature._meta.db_table, action="create")
    told = dict(created.values_list("row", "actor"))
    twice = (
        Signature.objects.values("digest")
        .annotate(records=Count("record", distinct=True))
        .filter(records__gt=1)
    )
    copied = {one["digest"] for one in twice}
    for key, signer, digest in Signature.objects.values_list("pk", "account__username", "digest"):
        if told.get(str(key), signer) != signer:
            yield _of(Signature, key, f"{told[str(key)]} wrote it in the name of {signer}")
        if digest in copied:
            yield _of(Signature, key, "it is bound to another record's content: a copy")


def purges() -> Iterator[Problem]:
    """Yield destructions that those named in them did not ask for or do."""
    rows = Purge.objects.filter(purged_until__gt=0)
    for purge in rows.select_related("requested_by", "approved_by"):
        entries = Entry.objects.filter(table=Purge._meta.db_table, row=str(purge.pk))
        actors = list(entries.order_by("sequence").values_list("actor", flat=True))
        named = [str(one.username) for one in (purge.requested_by, purge.approved_by) if one]
        if not actors or actors[0] != named[0] or set(actors[1:]) != set(named[1:]):
            yield _of(Purge, purge.pk, "not those two people destroyed it")


def files() -> Iterator[Problem]:
    """Yield attached files that are lost or other than they were."""
    seen: dict[str, str] = {}
    for key, sha256 in Attachment.objects.values_list("pk", "sha256").iterator():
        if sha256 not in seen:
            seen[sha256] = _unlike(path_of(sha256), sha256)
        if seen[sha256]:
            yield _of(Attachment, key, seen[sha256])


def blocks() -> Iterator[Problem]:
    """Yield blocks of measurements that are other than they were, or not told to readers."""
    emptied = set(
        PlannedBlock.objects.filter(plan__released_at__isnull=False).values_list("pk", flat=True)
    )
    for block in Block.objects.order_by("pk").iterator(chunk_size=200):
        payload = bytes(block.payload)
        if not payload and block.pk in emptied:
            continue
        if hashlib.sha256(payload).hexdigest() != block.digest:
            yield _of(Block, block.pk, "its measurements are not what was stored")
    yield from _untold_rows()


def _untold_rows() -> Iterator[Problem]:
    """Yield blocks of which the index of streams tells more or fewer rows than they hold."""
    told = dict(BlockStream.objects.values_list("block").annotate(Sum("rows")).order_by())
    held = Block.objects.annotate(size=Length(F("payload"))).filter(size__gt=0)
    for key, rows in held.values_list("pk", "rows"):
        if told.get(key) != rows:
            yield _of(Block, key, f"it holds {rows} rows, its streams tell {told.get(key, 0)}")


def _unlike(path: Path, sha256: str) -> str:
    if not path.is_file():
        return "the file is lost"
    with path.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    return "" if found == sha256 else "the file is not the one that was attached"


def _of(model: type, key: int, text: str) -> Problem:
    return Problem(text=text, table=model._meta.db_table, row=str(key))  # type: ignore[attr-defined]
