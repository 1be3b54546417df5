"""Cut the write-ahead log of a database that was just written, and open what is left.

SIGKILL does not test a power cut, since the page cache survives it. So the log is cut at random
places, half of the cuts with random bytes behind them: what opens must be a whole beginning of what
was acknowledged.
"""

import os
import random
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import Any

from kills.drill import Drill
from kills.installation import Installation, end

_NAMES = ("andon.sqlite3", "andon.sqlite3-wal")


def torn(folder: Path, tears: int, *, answers: int = 300) -> dict[str, int]:
    """Let clients write, kill the server, and count the cuts that do not open as a beginning."""
    drill = Drill(folder)
    with sqlite3.connect(folder / _NAMES[0]) as reader:
        # All there is goes to the database, and a reader that stays keeps it there: a log is never
        # cut before what was taken over from it, because it is on the disk by then.
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        reader.execute("BEGIN").connection.execute("SELECT count(*) FROM history_batchkey")
        drill.place.serve()
        drill.begin()
        assert drill.wait_for_answers(answers), drill.ledger.refused
        end(drill.place.server, signal.SIGKILL)
        files = [(folder / name).read_bytes() for name in _NAMES]
    try:
        whole = _opened(drill.place, files, len(files[1]), noise=b"")
        cuts = [random.randrange(len(files[1])) for _tear in range(tears)]
        found = [_opened(drill.place, files, cut, noise=_noise(cut)) for cut in cuts]
    finally:
        drill.abandon()
    return {
        "tears": tears, "bytes": len(files[1]), "entries": len(whole["digests"]),
        "different": len({len(one["digests"]) for one in found}),
        "wrong": sum(not _is_beginning(one, whole) for one in found) + bool(whole["wrong"]),
    }  # fmt: skip


def _noise(cut: int) -> bytes:
    return os.urandom(random.randrange(5000)) if cut % 2 else b""


def _opened(place: Installation, files: list[bytes], cut: int, *, noise: bytes) -> dict[str, Any]:
    """Open a copy whose log ends at a cut, and return what it holds."""
    folder = place.folder / "torn"
    folder.mkdir()
    try:
        (folder / _NAMES[0]).write_bytes(files[0])
        (folder / _NAMES[1]).write_bytes(files[1][:cut] + noise)
        held: dict[str, Any] = place.ask("torn", path=str(folder / _NAMES[0]))
        return held
    finally:
        shutil.rmtree(folder)


def _is_beginning(held: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Tell whether the trail is the beginning of the whole one, and agrees with every table."""
    digests = held["digests"]
    return not held["wrong"] and digests == whole["digests"][: len(digests)]


def held() -> dict[str, Any]:
    """Return the trail of a database, and whatever is not whole in it."""
    from django.db import connection
    from django.db.models import Sum

    from andon.history.models import BatchKey, Block
    from andon.records.models import Entry, IdempotencyKey
    from andon.records.trail.verify import verify

    with connection.cursor() as cursor:
        sound = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    sent, stored = (model.objects.aggregate(n=Sum("rows"))["n"] for model in (BatchKey, Block))
    wrong = [str(one) for one in verify().problems]
    wrong += [] if sound == "ok" else [sound]
    wrong += [] if sent == stored else [f"{sent} rows were claimed, {stored} stored"]
    wrong += [f"{one} has no answer" for one in IdempotencyKey.objects.filter(status=0)]
    entries = Entry.objects.order_by("id").values_list("id", "digest")
    return {"wrong": wrong, "digests": [f"{key} {digest}" for key, digest in entries]}
