"""The copy for an inspector checks itself without Andon (requirements 9 and 10)."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from andon.records.errors import Refused
from andon.records.keeping.inspection import write_inspection
from andon.records.models import Record, SecurityEvent
from andon.records.trail.anchoring import last_anchor
from attacked_world import build_attacked_world


@pytest.fixture
def copied(account_with: Callable[..., Any], data_folder: Path, tmp_path: Path) -> Path:
    """A zip of a small factory's records."""
    build_attacked_world(account_with, records=2)
    file = tmp_path / "inspection.zip"
    write_inspection(file, username="engineer")
    return file


def check(place: Path, root: str = "") -> tuple[int, str]:
    """Run the verifier that lies in the zip, with Python alone, apart from Andon."""
    verifier = place.parent / "taken-out.py"
    if not verifier.exists():
        with zipfile.ZipFile(place) as made:
            verifier.write_bytes(made.read("verify.py"))
    words = [sys.executable, "-I", "-S", str(verifier), str(place), *([root] if root else [])]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def rewritten(place: Path, change: Callable[[str, bytes], bytes], name: str = "odd.zip") -> Path:
    """Return a copy of a zip with changed members."""
    odd = place.with_name(name)
    with zipfile.ZipFile(place) as source, zipfile.ZipFile(odd, "w") as target:
        for member in source.namelist():
            target.writestr(member, change(member, source.read(member)))
    return odd


def flipped(content: bytes) -> bytes:
    """Return a content with one byte changed."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def flipped_in(wanted: str, member: str, content: bytes) -> bytes:
    """Return a member's content, with one byte changed in the wanted one."""
    return flipped(content) if member == wanted else content


def test_requirement_10_the_verifier_passes_on_what_was_written(copied: Path) -> None:
    assert check(copied)[0] == 0
    with zipfile.ZipFile(copied) as made:
        made.extractall(copied.parent / "unpacked")
    last = last_anchor()
    assert check(copied.parent / "unpacked", str(last)) == (0, check(copied)[1])
    assert check(copied, "1:" + "0" * 64)[0] == 1
    assert SecurityEvent.objects.get(kind="inspected").about == "inspection.zip: 2 records"


def test_requirement_10_one_changed_byte_in_any_file_is_found(copied: Path) -> None:
    with zipfile.ZipFile(copied) as made:
        names = made.namelist()
    assert len(names) > 10
    for name in names:
        odd = rewritten(copied, partial(flipped_in, name))
        code, told = check(odd)
        assert code == 1, (name, told)


def test_requirement_10_an_added_or_missing_file_is_found(copied: Path) -> None:
    with zipfile.ZipFile(rewritten(copied, lambda _m, c: c), "a") as odd:
        odd.writestr("records/more.txt", b"more")
    code, told = check(copied.with_name("odd.zip"))
    assert (code, "records/more.txt was added" in told) == (1, True)


def test_requirement_10_a_rewritten_history_with_new_checksums_is_found(copied: Path) -> None:
    """Whoever edits a trail, chains it anew and seals the checksums meets the anchor's root."""
    import hashlib

    from andon.records.keeping import stand_alone

    def edit(trail: dict[str, Any]) -> dict[str, Any]:
        previous = ""
        for entry in trail["entries"]:
            entry["previous"], entry["reason"] = previous, "a better one"
            text = "\x1f".join(str(entry[part]) for part in stand_alone.ORDER)
            previous = entry["digest"] = hashlib.sha256(text.encode()).hexdigest()
        return trail

    number = Record.objects.order_by("id")[0].number
    with zipfile.ZipFile(copied) as made:
        members = {name: made.read(name) for name in made.namelist()}
    place = f"records/{number}/trail.json"
    members[place] = json.dumps(edit(json.loads(members[place]))).encode()
    told = json.loads(members["checksums.json"])
    told["files"][place] = hashlib.sha256(members[place]).hexdigest()
    sealed = {name: told[name] for name in ("files", "anchor")}
    told["digest"] = stand_alone.content_digest(sealed)
    members["checksums.json"] = stand_alone.written(told)
    odd = rewritten(copied, lambda member, _c: members[member])
    code, text = check(odd)
    assert code == 1
    assert f"{place}: entry" in text
    assert "is not what anchor" in text


def test_requirement_09_both_copies_hold_the_same_signatures_and_files(copied: Path) -> None:
    with zipfile.ZipFile(copied) as made:
        for record in Record.objects.all():
            told = json.loads(made.read(f"records/{record.number}/record.json"))
            trail = json.loads(made.read(f"records/{record.number}/trail.json"))
            assert made.read(f"records/{record.number}/record.pdf")[:5] == b"%PDF-"
            assert told["title"] == record.title
            assert len(told["signatures"]) == record.signatures.count()
            assert len(trail["entries"]) >= 5
            file = record.attachments.get()
            content = made.read(f"records/{record.number}/files/{file.pk}-{file.name}")
            assert content.startswith(b"photo")


def test_one_record_alone_is_proved_too(copied: Path) -> None:
    number = Record.objects.order_by("-id")[0].number
    file = copied.with_name("one.zip")
    assert write_inspection(file, numbers=[number], username="engineer").records == 1
    assert check(file)[0] == 0
    with pytest.raises(Refused, match="There is no record NC-1"):
        write_inspection(copied.with_name("none.zip"), numbers=["NC-1"], username="engineer")


def test_the_verifier_says_what_it_cannot_read(tmp_path: Path, copied: Path) -> None:
    assert check(copied)[0] == 0
    broken = copied.with_name("broken.zip")
    broken.write_bytes(copied.read_bytes()[:500])
    code, told = check(broken)
    assert code == 1
    assert "Traceback" not in told
