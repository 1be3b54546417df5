"""Backup and restore, drilled on both databases and from one to the other (requirement 33)."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from andon.records.errors import Refused
from andon.records.keeping.sealing import is_sealed, seal, unseal
from own_installation import copy_tables
from records.moving.installations_at_hand import Installation, Postgres, build, private_postgres

pytestmark = pytest.mark.once

_WRITE = """
import django; django.setup()
import sys, time
from andon.records.models import Account, Record
from andon.records.services import comment
from andon.records.registry import own_type
account, record = Account.objects.get(username="engineer"), own_type(Record.objects.first())
until = time.monotonic() + 60
number = 0
while time.monotonic() < until:
    comment(record, text=f"while it is copied {number}", actor=account)
    number += 1
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def installation(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A small installation on SQLite, anchored."""
    folder = tmp_path_factory.mktemp("installation")
    copy_tables(folder / "andon.sqlite3")
    made = build(folder)
    made.told("anchor")
    return made


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL to restore to."""
    with private_postgres() as server:
        yield server


def test_requirement_33_a_backup_made_while_others_write_restores_to_the_same(
    installation: Installation, tmp_path: Path
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITE], env=installation.environment(), stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    seen = [writer.stdout.readline() for _line in range(3)]
    drain = threading.Thread(target=lambda: seen.extend(writer.stdout or []))
    drain.start()
    made = installation.told("backup", str(tmp_path / "a.zip"))
    writer.terminate()
    writer.wait()
    drain.join()
    assert made["rows"] > 500
    restored = Installation(tmp_path / "again")
    told = restored.told("restore", str(tmp_path / "a.zip"))
    assert (told["unlike"], told["problems"]) == ([], [])
    assert told["rows"] == made["rows"]
    verified = restored.told("verify")
    assert verified["found"] == 0
    assert verified["anchors"] == 1
    with sqlite3.connect(restored.file) as database:
        (kept,) = database.execute("SELECT count(*) FROM records_comment").fetchone()
    assert 3 <= kept - 1 <= len(seen) + 1  # what was acknowledged before it began is there
    assert len(list((tmp_path / "again" / "files").rglob("*"))) == 2


def test_requirement_33_from_sqlite_to_postgresql_and_back(
    installation: Installation, postgres: Postgres, tmp_path: Path
) -> None:
    before = heads(installation)
    installation.told("backup", str(tmp_path / "one.zip"))
    there = Installation(tmp_path / "there", postgres.create("restored"))
    told = there.told("restore", str(tmp_path / "one.zip"))
    assert (told["unlike"], told["problems"]) == ([], [])
    assert there.told("verify")["found"] == 0
    made = there.told("backup", str(tmp_path / "two.zip"))
    assert made["rows"] >= told["rows"]
    back = Installation(tmp_path / "back")
    again = back.told("restore", str(tmp_path / "two.zip"))
    assert (again["unlike"], again["problems"]) == ([], [])
    assert heads(back) > before
    with psycopg.connect(there.url) as database:
        (answer,) = database.execute("SELECT count(*) FROM records_entry").fetchone() or (0,)
    assert answer > 400


def heads(made: Installation) -> set[Any]:
    """Return the entries of an installation on SQLite by their digests."""
    with sqlite3.connect(made.file) as database:
        return set(database.execute("SELECT chain, sequence, digest FROM records_entry"))


def test_a_sealed_backup_opens_by_its_passphrase_only(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sealed"
    own = installation.environment()
    command = [sys.executable, "-m", "andon.cli"]
    for given, words, code in (
        ("right", ["backup", str(file), "--seal", "--with-secrets"], 0),
        ("wrong", ["restore", str(file)], 1),
        ("right", ["restore", str(file)], 0),
    ):
        folder = installation.folder if words[0] == "backup" else tmp_path / "opened"
        done = subprocess.run(
            [*command, *words, "--data", str(folder)], capture_output=True, text=True, check=False,
            env={**own, "ANDON_BACKUP_PASSPHRASE": given},
        )  # fmt: skip
        assert done.returncode == code, done.stderr + done.stdout
    assert is_sealed(file)
    secret = (installation.folder / "secret_key").read_bytes()
    assert (tmp_path / "opened" / "secret_key").read_bytes() == secret
    assert secret not in file.read_bytes()


def test_a_place_that_holds_data_is_refused(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    installation.told("backup", str(file))
    refused = installation.run("restore", str(file))
    assert refused.returncode == 1
    assert "holds data" in refused.stderr
    again = installation.run("backup", str(file))
    assert "is there already" in again.stderr


def test_a_backup_with_one_changed_byte_is_refused(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "c.zip"
    installation.told("backup", str(file))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    refused = Installation(tmp_path / "odd").run("restore", str(file))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("size", [0, 1, 2**20, 2**20 + 1, 3 * 2**20])
def test_sealing_gives_back_every_byte_and_notices_every_change(tmp_path: Path, size: int) -> None:
    plain, sealed, opened = (tmp_path / name for name in ("plain", "sealed", "opened"))
    plain.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    seal(plain, sealed, "a phrase")
    unseal(sealed, opened, "a phrase")
    assert opened.read_bytes() == plain.read_bytes()
    content = sealed.read_bytes()
    other = content[:-1] + bytes([content[-1] ^ 1])
    for broken in (content[:-1], content[:-17], content[:60], other, content + b"x"):
        sealed.write_bytes(broken)
        with pytest.raises(Refused):
            unseal(sealed, opened, "a phrase")
