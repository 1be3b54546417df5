"""The whole history as Parquet, a file for each month: readable without Andon."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from andon.history.frame import SCHEMA
from andon.history.lake import ORDER
from andon.history.reading import Asked, Snapshot, month_after


def export_history(folder: Path) -> dict[str, int]:
    """Write every row, superseded ones too, and a manifest with count and digest of each file.

    All files tell one moment of the history. Returns the rows of each month.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now, written = Snapshot.now(), {}
    manifest = []
    for month in _months(now):
        since = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        asked = Asked({}, since, month_after(month))
        rows = now.all_rows(asked, now.hot_of(asked)).sort(ORDER).collect()
        if rows.height:
            path = folder / f"measurements-{month}.parquet"
            rows.write_parquet(path, compression="zstd")
            written[month] = rows.height
            manifest.append({"file": path.name, "rows": rows.height, "sha256": _digest(path)})
    text = json.dumps({"columns": list(SCHEMA), "files": manifest}, indent=1)
    (folder / "manifest.json").write_text(text + "\n")
    return written


def _months(now: Snapshot) -> list[str]:
    """Return every month that rows may lie in."""
    files = now.files(Asked({}))
    found = set(files["month"]) if files.height else set()
    for since, until in now.places(Asked({})).values_list("since", "until").distinct():
        month = since.astimezone(UTC).strftime("%Y-%m")
        while month <= until.astimezone(UTC).strftime("%Y-%m"):
            found.add(month)
            month = month_after(month).strftime("%Y-%m")
    return sorted(found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
