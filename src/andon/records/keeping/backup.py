"""Writing a backup while Andon works, and reading it again before anybody relies on it."""

import hashlib
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from andon import __version__
from andon.records import clock
from andon.records.errors import Refused
from andon.records.keeping.contents import (
    DATABASE,
    FORM,
    MANIFEST,
    digest_of_bytes,
    parts,
    sha256_of,
)
from andon.records.keeping.sealing import seal, unseal
from andon.records.keeping.snapshot import sqlite_opened, table_digests, write_snapshot
from andon.records.moving.standing import as_default
from andon.records.security_events import Kind, note
from andon.records.trail.verify import verify

_COPY = "andon backup"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, as it was read again after writing."""

    file: str
    bytes: int
    rows: int
    tables: int
    files: int
    entries: int
    chains: int
    problems: int
    """Places where the trail was not whole: what is damaged is backed up too, and told."""
    is_sealed: bool


def back_up(file: Path, *, passphrase: str = "", has_secrets: bool = False) -> Backup:
    """Write a backup of database, files, lake and anchors, and verify what was written.

    The database comes first: whatever it names is there when the files are copied. Secret and
    settings come along only when asked for.

    Raises:
        Refused: the file is there already, or what was written is not what was meant.
    """
    if file.exists():
        raise Refused.because(_("%(file)s is there already.") % {"file": file}, "file")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".andon-") as folder:
        plain = Path(folder) / "plain.zip"
        manifest = _write(plain, Path(folder), has_secrets=has_secrets)
        made = plain
        if passphrase:
            made = Path(folder) / "sealed"
            seal(plain, made, passphrase)
            plain.unlink()
            unseal(made, plain, passphrase)
        _refuse_unlike(plain, manifest)
        _sync(made)
        made.replace(file)
    note(Kind.BACKED_UP, username="andon", about=file.name)
    counted: dict[str, Any] = manifest["tables"]
    return Backup(
        str(file), file.stat().st_size, sum(one["rows"] for one in counted.values()), len(counted),
        len(manifest["files"]), manifest["trail"]["entries"], manifest["trail"]["chains"],
        manifest["trail"]["problems"], bool(passphrase),
    )  # fmt: skip


def _write(plain: Path, folder: Path, *, has_secrets: bool) -> dict[str, Any]:
    """Write the zip and return its manifest."""
    copy = folder / DATABASE
    write_snapshot(copy)
    manifest = _manifest(copy)
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.write(copy, DATABASE)
        manifest["files"][DATABASE] = sha256_of(copy)
        for part in parts(has_secrets=has_secrets):
            for name, path in part.files():
                # Read once: a file that grows meanwhile, as the anchors do, is told as copied.
                content = path.read_bytes()
                target.writestr(name, content)
                manifest["files"][name] = digest_of_bytes(content)
        target.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _manifest(copy: Path) -> dict[str, Any]:
    with sqlite_opened(copy, _COPY) as database:
        tables = table_digests(_COPY)
        with as_default(database):
            report = verify()
    trail = {"entries": report.entries, "chains": report.chains, "problems": report.found}
    return {
        "form": FORM, "andon": __version__, "made_at": clock.now().isoformat(),
        "from": connection.vendor, "lake": settings.LAKE_URL if "://" in settings.LAKE_URL else "",
        "tables": tables, "trail": trail,
        "files": {},
    }  # fmt: skip


def _refuse_unlike(plain: Path, manifest: dict[str, Any]) -> None:
    """Read what was written from the disk, and compare each byte's digest."""
    with zipfile.ZipFile(plain) as written:
        told = json.loads(written.read(MANIFEST))
        found = {}
        for name in told["files"]:
            found[name] = digest_of_member(written, name)
    if told != manifest or found != manifest["files"]:
        raise Refused.because(_("What was written is not what was meant: the disk is not sound."))


def digest_of_member(written: zipfile.ZipFile, name: str) -> str:
    """Return the digest of a file in a zip."""
    with written.open(name) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()  # type: ignore[arg-type]


def _sync(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
