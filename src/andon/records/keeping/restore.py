"""Restoring a backup into an empty installation, on either database, and proving it."""

import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.utils.translation import gettext as _

from andon.records.errors import Refused
from andon.records.keeping.backup import digest_of_member
from andon.records.keeping.contents import DATABASE, FORM, MANIFEST, Part, parts
from andon.records.keeping.sealing import is_sealed, unseal
from andon.records.keeping.snapshot import sqlite_opened, table_digests, write_over
from andon.records.moving.source import SOURCE
from andon.records.moving.standing import as_default, opened
from andon.records.moving.target import TARGET
from andon.records.security_events import Kind, note
from andon.records.trail.evidence import verify_all
from andon.records.trail.verify import VerifyReport


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and whether it is what was backed up."""

    made_at: str
    rows: int
    tables: int
    files: int
    unlike: tuple[str, ...]
    """Tables that are not as they were backed up; a later version's migration may be the cause."""
    report: VerifyReport


def restore(file: Path, *, passphrase: str = "") -> Restored:
    """Put a backup into the configured installation, which must be empty, and verify it.

    Raises:
        Refused: the installation is not empty, or the backup is not whole, or is another's.
    """
    data = Path(settings.DATA_DIR)
    data.mkdir(parents=True, exist_ok=True)
    _refuse_occupied()
    with tempfile.TemporaryDirectory(dir=data, prefix=".andon-restore-") as folder:
        manifest = _unpacked(file, Path(folder), passphrase)
        for part in parts(has_secrets=True):
            _put(Path(folder) / part.name, part)
        _put_database(Path(folder) / DATABASE)
    tables = table_digests(DEFAULT_DB_ALIAS)
    unlike = tuple(n for n, told in sorted(manifest["tables"].items()) if tables.get(n) != told)
    report = verify_all()
    note(Kind.RESTORED, username="andon", about=f"{file.name} of {manifest['made_at']}")
    rows = sum(one["rows"] for one in tables.values())
    return Restored(
        manifest["made_at"], rows, len(tables), len(manifest["files"]), unlike, report
    )  # fmt: skip


def _refuse_occupied() -> None:
    try:
        names = connection.introspection.table_names()
    finally:
        connection.close()
    if names:
        text = _("This installation holds data: restore into an empty folder and database.")
        raise Refused.because(text)


def _unpacked(file: Path, folder: Path, passphrase: str) -> dict[str, Any]:
    """Unpack a backup, and return its manifest when every file has its digest."""
    plain = file
    if is_sealed(file):
        plain = folder / "plain.zip"
        unseal(file, plain, passphrase)
    try:
        with zipfile.ZipFile(plain) as written:
            manifest: dict[str, Any] = json.loads(written.read(MANIFEST))
            _refuse_unknown(manifest, written)
            for name, digest in manifest["files"].items():
                if digest_of_member(written, name) != digest:
                    text = _("%(name)s is not what was backed up.") % {"name": name}
                    raise Refused.because(text)
                written.extract(name, folder)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refused.because(_("This is no backup of Andon, or not a whole one.")) from error
    return manifest


def _refuse_unknown(manifest: dict[str, Any], written: zipfile.ZipFile) -> None:
    if manifest["form"] != FORM:
        raise Refused.because(_("This backup was made by a later version of Andon."))
    odd = [name for name in written.namelist() if ".." in Path(name).parts or name[:1] == "/"]
    if odd:
        raise Refused.because(_("This is no backup of Andon, or not a whole one."))


def _put(source: Path, part: Part) -> None:
    """Move a part to its place; a secret that is there already stays."""
    if not source.exists() or (part.is_secret and part.place.exists()):
        return
    part.place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, part.place, dirs_exist_ok=True)
    else:
        shutil.copy2(source, part.place)
    if part.is_secret:
        part.place.chmod(0o600)


def _put_database(copy: Path) -> None:
    """Give the configured database what the copy holds, with this version's schema."""
    if connection.vendor == "sqlite":
        shutil.copy2(copy, connection.settings_dict["NAME"])
    else:
        usual: dict[str, Any] = dict(connections.settings[DEFAULT_DB_ALIAS])
        with sqlite_opened(copy, SOURCE) as source:
            with as_default(source):
                call_command("migrate", database=SOURCE, verbosity=0, interactive=False)
            options = {n: v for n, v in usual.get("OPTIONS", {}).items() if n != "pool"}
            with opened(TARGET, usual | {"OPTIONS": options}) as target:
                write_over(source, target)
    call_command("migrate", verbosity=0, interactive=False)
