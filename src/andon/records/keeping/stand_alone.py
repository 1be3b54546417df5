"""Checks a copy of records that Andon wrote for an inspector, without Andon.

Python 3.8 or newer, nothing else:  python verify.py [FOLDER or ZIP]

It checks every file against checksums.json, every entry of every record against its digest and the
one before it, every head of a chain against the root of the last anchor, and the root against the
root that you may give after the file's name, as printed on a page or sent by mail.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ORDER = ("chain", "sequence", "at", "actor", "action", "table", "row", "old", "new", "reason",
         "previous")  # fmt: skip


class Copy:
    """The files of a folder or of a zip, by name."""

    def __init__(self, place: Path) -> None:
        self.zip: zipfile.ZipFile | None = None
        if place.is_file():
            self.zip = zipfile.ZipFile(place)
        self.place = place

    def names(self) -> list[str]:
        """Return the names of all files."""
        if self.zip is not None:
            return [name for name in self.zip.namelist() if not name.endswith("/")]
        found = (path for path in self.place.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.place).as_posix() for path in found)

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return self.zip.read(name) if self.zip is not None else (self.place / name).read_bytes()


def problems(copy: Copy, root: str = "") -> Iterator[str]:
    """Yield everything that is not as Andon wrote it."""
    if "checksums.json" not in copy.names():
        yield "checksums.json is missing"
        return
    told = json.loads(copy.read("checksums.json"))
    yield from unlike_files(copy, told)
    sealed = {name: told[name] for name in ("files", "anchor")}
    if content_digest(sealed) != told["digest"] or written(told) != copy.read("checksums.json"):
        yield "checksums.json is not as it was written"
    for name in copy.names():
        if name.startswith("records/") and name.endswith("/trail.json"):
            yield from unlike_trail(json.loads(copy.read(name)), name)
    yield from unlike_anchor(told.get("anchor") or {}, root)


def unlike_files(copy: Copy, told: dict[str, Any]) -> Iterator[str]:
    """Yield the files that are missing, strange or changed."""
    names = {name for name in copy.names() if name != "checksums.json"}
    for name, digest in told["files"].items():
        if name not in names:
            yield name + " is missing"
        elif hashlib.sha256(copy.read(name)).hexdigest() != digest:
            yield name + " was changed"
    for name in sorted(names - set(told["files"])):
        yield name + " was added"


def unlike_trail(trail: dict[str, Any], name: str) -> Iterator[str]:
    """Yield what is wrong with the entries of one record, and with the proof of its head."""
    previous = ""
    for place, entry in enumerate(trail["entries"], start=1):
        digest = hashlib.sha256("\x1f".join(str(entry[part]) for part in ORDER).encode())
        if entry["sequence"] != place or entry["previous"] != previous:
            yield f"{name}: entry {place} does not follow the one before it"
        is_purged = place <= trail.get("purged_until", 0)
        if digest.hexdigest() != entry["digest"] and not is_purged:
            yield f"{name}: entry {place} is not what was chained"
        previous = entry["digest"]
    proof = trail.get("proof")
    if proof:
        head = trail["entries"][proof["sequence"] - 1]
        leaf = "\x1f".join(str(head[part]) for part in ("chain", "sequence", "digest"))
        value = hashlib.sha256(b"\x00" + leaf.encode()).digest()
        for side, other in proof["path"]:
            pair = [bytes.fromhex(other), value]
            left, right = pair if side == "left" else reversed(pair)
            value = hashlib.sha256(b"\x01" + left + right).digest()
        if value.hex() != proof["root"]:
            seen = f"entry {proof['sequence']} is not what anchor {proof['number']} saw"
            yield f"{name}: {seen}"


def unlike_anchor(anchor: dict[str, Any], root: str) -> Iterator[str]:
    """Yield that the root given is not the root that the records were proved against."""
    if root and root.rpartition(":")[2] != anchor.get("root"):
        yield f"the root given is not the root of anchor {anchor.get('number')}"


def written(content: Any) -> bytes:
    """Return JSON as Andon writes it to a file."""
    return json.dumps(content, indent=1, ensure_ascii=False, default=str).encode()


def content_digest(content: Any) -> str:
    """Return the SHA-256 of a content's JSON with sorted keys and no spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def main(words: list[str]) -> int:
    """Check the copy, print what is wrong, and return 0 when nothing is."""
    place = Path(words[0]) if words else Path(__file__).resolve().parent
    try:
        copy = Copy(place)
        found = list(problems(copy, words[1] if len(words) > 1 else ""))
        count = len(copy.names())
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        found, count = [f"the copy cannot be read: {error!r}"], 0
    sys.stdout.write("".join(text + "\n" for text in found))
    sys.stdout.write(f"{count} files checked: {len(found)} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
