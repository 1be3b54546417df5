"""Kill what moves measurements to the lake, empties blocks and drops months, under readers.

The functions with a leading `do_` run in processes of the installation; `drilled` drives them.
"""

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from kills.installation import Installation, end

MONTHS = 14
_BLOCKS, _ROWS = 12, 120
"""Blocks of each month, and rows of each block."""
_FIRST = datetime(2025, 1, 2, 6, tzinfo=UTC)
_LATER = timedelta(days=2)
"""Blocks may be emptied a day after the lake holds their rows."""


def drilled(place: Installation, kills: int) -> dict[str, int]:
    """Kill compaction, emptying and retention so many times; return what readers saw."""
    place.ask("load")
    before = place.ask("content", since="")
    counted = {"kills": 0, "reads": 0, "wrong": 0, "appended": 0}
    with _watched(place, counted, since="", appends=True):
        _kill_often(place, "compact", kills * 6 // 10, counted)
    place.ask("compact", once=True)
    whole = place.ask("content", since="")
    counted["appended"] = whole["rows"] - before["rows"]
    with _watched(place, counted, since="", appends=False):
        _kill_often(place, "empty", kills * 2 // 10, counted)
    place.ask("empty", once=True)
    counted["wrong"] += place.ask("content", since="") != whole
    _drop_under_kills(place, kills - counted["kills"], counted)
    counted["verify"] = len(place.ask("verify"))
    return counted


def _drop_under_kills(place: Installation, kills: int, counted: dict[str, int]) -> None:
    """Drop month after month, each under a kill; what is kept must be what it was."""
    boundaries = [_month((MONTHS - 2) * (turn + 1) // kills) for turn in range(kills)]
    last = boundaries[-1].isoformat()
    kept = place.ask("content", since=last)
    for boundary in boundaries:
        before = boundary.isoformat()
        with _watched(place, counted, since=before, appends=False):
            _kill_often(place, "drop", 1, counted, before=before)
        place.ask("drop", before=before, once=True)
    counted["wrong"] += place.ask("content", since=last) != kept
    counted["wrong"] += place.ask("content", since="") != kept


@contextmanager
def _watched(
    place: Installation, counted: dict[str, int], *, since: str, appends: bool
) -> Iterator[None]:
    """Let somebody read all the while, and add what was seen."""
    stop, to = place.folder / "stop", place.folder / "watched.json"
    watcher = place.fork("watch", to=str(to), stop=str(stop), since=since, appends=appends)
    try:
        yield
        stop.touch()
        seen = place.awaited(watcher, to)
        counted["reads"] += seen["reads"]
        counted["wrong"] += seen["wrong"]
    finally:
        end(watcher, signal.SIGKILL)
        stop.unlink(missing_ok=True)


def _kill_often(
    place: Installation, run: str, kills: int, counted: dict[str, int], **asked: Any
) -> None:
    for _kill in range(kills):
        worker = place.fork(run, to=str(place.folder / f"{run}.json"), once=False, **asked)
        time.sleep(random.uniform(0.01, 0.35))
        end(worker, signal.SIGKILL)
        counted["kills"] += 1


def _month(number: int) -> date:
    return date(_FIRST.year + number // 12, number % 12 + 1, 1)


def do_load() -> dict[str, int]:
    """Store a year of rows, in many blocks."""
    for month in range(MONTHS):
        for block in range(_BLOCKS):
            _store(f"{month} {block}", _month(month), block)
    return {"blocks": MONTHS * _BLOCKS}


def do_compact(*, once: bool) -> dict[str, Any]:
    """Move what there is to the lake; unless once, again and again, in small plans."""
    from andon.history import compaction
    from andon.identify.measurements.jobs import compact_history

    compaction._ENOUGH_ROWS, compaction._MOST_ROWS = 1, 5 * _ROWS
    done = compact_history()
    while not once:
        compact_history()
    return done


def do_empty(*, once: bool) -> int:
    """Empty the blocks whose rows the lake holds."""
    from andon.history import compaction

    return _repeated(lambda: compaction.empty_blocks(at=datetime.now(UTC) + _LATER), once=once)


def do_drop(*, before: str, once: bool) -> int:
    """Drop the months before a day."""
    from andon.history import retention

    day, at = date.fromisoformat(before), datetime.now(UTC) + _LATER
    return _repeated(lambda: len(retention.drop_months(day, reason="over", at=at)), once=once)


def do_content(*, since: str) -> dict[str, int]:
    """Return number and digest of all rows since a day."""
    rows, total = _content(since)
    return {"rows": rows, "total": total}


def do_verify() -> list[str]:
    """Return what verification finds."""
    from andon.records.trail.evidence import verify_all

    return [str(one) for one in verify_all().problems]


def do_watch(*, stop: str, since: str, appends: bool) -> dict[str, int]:
    """Read everything again and again; what is read must be what was stored, no more, no less."""
    wanted, seen = _content(since), {"reads": 0, "wrong": 0}
    while not Path(stop).exists():
        if appends:
            count, total = _store(f"live {seen['reads']}", datetime.now(UTC).date(), seen["reads"])
            wanted = wanted[0] + count, (wanted[1] + total) % 2**64
        seen["reads"] += 1
        seen["wrong"] += _content(since) != wanted
    return seen


def _repeated(work: Callable[[], int], *, once: bool) -> int:
    done = work()
    while not once:
        work()
    return done


def _store(key: str, day: date, number: int) -> tuple[int, int]:
    """Append a batch; return number and digest of its rows as they have to be read."""
    import polars as pl

    from andon.history.lake import content_of
    from history.rows_at_hand import rows_of, stored

    begin = datetime(day.year, day.month, max(day.day, 2), 6, tzinfo=UTC)
    start = begin + timedelta(hours=number % 200)
    rows = rows_of(f"PD/L{number % 3}", [number + n / 1000 for n in range(_ROWS)], start=start)
    batch = stored(key, rows, at=datetime.now(UTC))
    position = pl.int_range(pl.len(), dtype=pl.Int32)
    return content_of([rows.with_columns(batch=pl.lit(batch, pl.Int64), position=position)])


def _content(since: str) -> tuple[int, int]:
    from andon.history.lake import content_of
    from andon.history.log import scan

    begin = datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None
    return content_of([scan(since=begin).collect()])


WORK: dict[str, Callable[..., Any]] = {
    "load": do_load, "compact": do_compact, "empty": do_empty, "drop": do_drop,
    "content": do_content, "verify": do_verify, "watch": do_watch,
}  # fmt: skip
