"""Kill a server 200 times under load on each database, fill its disk, tear its log; count.

`python benchmarks/killing.py [KILLS] [TEARS]`. Clients tell stories that call every creating
address, under keys, and send again what was not answered. Killed are the server, its first process,
those that answer (anywhere, just before a commit, and between the commit and the answer), and on
PostgreSQL the database's first process and those that serve. Then whatever moves measurements to
the lake, empties blocks and drops months, under readers. SIGKILL does not test a power cut: so the
write-ahead log is cut at random places. Ends with 1 when anything is lost, doubled or in part.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from kills.drill import Drill, described, faults  # noqa: E402
from kills.installation import Installation  # noqa: E402
from kills.lake import drilled  # noqa: E402
from kills.postgresql import Killable  # noqa: E402
from kills.space import Filler, Pages, Space, small_disk  # noqa: E402
from kills.torn import torn  # noqa: E402

Line = dict[str, Any]
FULL = "The disk is full"


def killed(drill: Drill, kills: int) -> Line:
    """Rehearse, kill so many times under load, and return what was counted."""
    drill.rehearse()
    drill.begin()
    drill.kill(kills)
    return _counted(drill, kills=kills, victims=dict(drill.ledger.kills))


def starved(drill: Drill, space: Space) -> Line:
    """Rehearse, leave no space three times under load, and return what was counted."""
    drill.rehearse()
    drill.begin()
    for _time in range(3):
        drill.starve(space)
    is_told = FULL in drill.ledger.words()
    return _counted(drill, fillings=3, words=sorted(drill.ledger.words()), untold=int(not is_told))


def _counted(drill: Drill, **others: Any) -> Line:
    told = drill.finish()
    ledger, found = drill.ledger, faults(drill.ledger, told)
    if any(found.values()):
        print(described(ledger, told), file=sys.stderr)
    return {
        **others, "acknowledged": drill.answered(), "cut off": ledger.sum("cut_off"),
        "answered again": ledger.sum("replayed"), "503": ledger.sum("away"),
        "503 without Retry-After": ledger.sum("without_retry"), "stories": len(ledger.told),
        "entries": told["entries"], **found,
    }  # fmt: skip


def _with_drill(drill: Drill, work: Callable[[Drill], Line]) -> Line:
    try:
        return work(drill)
    finally:
        drill.abandon()


def on_sqlite(folder: Path, kills: int) -> Line:
    """Kill a server on SQLite."""
    return _with_drill(Drill(folder), lambda drill: killed(drill, kills))


def on_postgresql(folder: Path, kills: int) -> Line:
    """Kill a server on PostgreSQL, and PostgreSQL."""
    database = Killable(folder / "data")
    try:
        drill = Drill(folder, database=database.url, workers=2, victims=database.victims())
        return _with_drill(drill, lambda drill: killed(drill, kills))
    finally:
        database.close()


def moving(folder: Path, kills: int) -> Line:
    """Kill what moves measurements to the lake and what drops them."""
    place = Installation(folder)
    try:
        return drilled(place, kills)
    finally:
        place.close()


def full_on_sqlite(folder: Path) -> Line:
    """Fill the disk of an installation: a small one, or pages held back where none is given."""
    with small_disk(folder / "small", "48m") as is_real:
        drill = Drill(folder / "small")
        space = Filler(folder / "small") if is_real else Pages(drill.place.pages)
        return _with_drill(drill, lambda drill: starved(drill, space)) | {"real": is_real}


def full_on_postgresql(folder: Path) -> Line:
    """Fill the disk on which PostgreSQL keeps the tables; nothing where no disk is given."""
    database = Killable(folder / "data")
    try:
        with small_disk(folder / "small", "96m") as is_real:
            if not is_real:
                return {"real": False}
            own = database.database_in(folder / "small" / "tables")
            drill = Drill(folder, database=own, workers=2)
            work = _with_drill(drill, lambda drill: starved(drill, Filler(folder / "small")))
            database.let_go()
            return work | {"real": True}
    finally:
        database.close()


def main() -> int:
    """Print one line for each part, write them as JSON, and tell whether nothing went wrong."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    tears = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    parts: dict[str, Callable[[Path], Line]] = {
        "SQLite": lambda folder: on_sqlite(folder, kills),
        "PostgreSQL": lambda folder: on_postgresql(folder, kills),
        "lake": lambda folder: moving(folder, kills),
        "torn log": lambda folder: torn(folder, tears),
        "full disk, SQLite": full_on_sqlite,
        "full disk, PostgreSQL": full_on_postgresql,
    }
    lines = {name: _line(name, part) for name, part in parts.items()}
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "kills.json").write_text(json.dumps(lines, indent=1) + "\n")
    return int(any(line["faults"] for line in lines.values()))


def _line(name: str, part: Callable[[Path], Line]) -> Line:
    """Run a part in a folder of its own; print and return what it counted."""
    folder, begun = Path(tempfile.mkdtemp(prefix="andon-kills-")), time.monotonic()
    try:
        line = part(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wrong = ("lost", "doubled", "partial", "mixed", "invented", "refused", "verify", "untried",
             "wrong", "untold", "503 without Retry-After")  # fmt: skip
    line |= {"faults": sum(line.get(one, 0) for one in wrong)}
    line |= {"seconds": round(time.monotonic() - begun)}
    print(name, line, flush=True)
    return line


if __name__ == "__main__":
    sys.exit(main())
