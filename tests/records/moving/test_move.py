"""An installation moves to PostgreSQL and back, and everything arrives as it left."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from own_installation import copy_tables
from records.moving.installations_at_hand import Installation, Postgres, build, private_postgres

pytestmark = pytest.mark.once

_ENTRIES = (
    'SELECT id, chain, sequence, at, actor, action, "table", "row", old, new, reason, previous,'
    " digest FROM records_entry ORDER BY id"
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with private_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def source(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("source")
    copy_tables(folder / "andon.sqlite3")
    return build(folder)


@pytest.fixture(scope="module")
def unfinished(source: Installation, postgres: Postgres) -> str:
    """Begin a move and kill it as soon as the target bears the mark."""
    url = postgres.create("moved")
    command = [sys.executable, "-m", "andon.cli", "move", "--to", url, "--data", str(source.folder)]
    moving = subprocess.Popen(command, env=source.environment())
    _wait_for_mark(postgres)
    moving.kill()
    moving.wait()
    return url


@pytest.fixture(scope="module")
def refusal_of_unfinished(source: Installation, unfinished: str) -> str:
    return Installation(source.folder, unfinished).run("migrate").stderr


@pytest.fixture(scope="module")
def moved(source: Installation, unfinished: str, refusal_of_unfinished: str) -> Any:
    return source.told("move", "--to", unfinished)


def test_nothing_starts_on_the_target_of_a_killed_move(refusal_of_unfinished: str) -> None:
    assert "run `andon move` again" in refusal_of_unfinished


def test_a_move_begun_again_brings_every_table(source: Installation, moved: Any) -> None:
    with closing(sqlite3.connect(source.file)) as file:
        for table in moved["tables"]:
            found = file.execute(f'SELECT count(*) FROM "{table["table"]}"').fetchone()
            assert (table["table"], table["rows"]) == (table["table"], found[0])
    assert moved["rows"] > 300


def test_the_trail_arrives_byte_for_byte(
    source: Installation, moved: Any, postgres: Postgres
) -> None:
    with closing(sqlite3.connect(source.file)) as file:
        left = file.execute(_ENTRIES).fetchall()
    with postgres.connected("moved") as connection:
        arrived = connection.execute(_ENTRIES).fetchall()
    assert arrived == left
    assert moved["trail"]["entries"] == len(left) > 40


def test_the_trail_verifies_there(source: Installation, unfinished: str, moved: Any) -> None:
    there = Installation(source.folder, unfinished).told("verify")
    assert (there["found"], there["entries"]) == (0, moved["trail"]["entries"])


def test_triggers_and_numbers_go_on_there(
    source: Installation, moved: Any, postgres: Postgres
) -> None:
    with closing(sqlite3.connect(source.file)) as file:
        last = file.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'records_savedfilter'"
        ).fetchone()[0]
    with postgres.connected("moved") as connection:
        with pytest.raises(psycopg.Error, match="never changed"):
            connection.execute("DELETE FROM records_entry")
        following = "SELECT nextval(pg_get_serial_sequence('records_savedfilter', 'id'))"
        row = connection.execute(following).fetchone()
    assert row is not None
    assert row[0] == last + 1 == 2


def test_a_target_that_holds_an_installation_is_refused(
    source: Installation, unfinished: str, moved: Any, postgres: Postgres
) -> None:
    again = source.run("move", "--to", unfinished)
    assert again.returncode == 1
    assert "not empty: it holds an installation" in again.stderr
    change = "UPDATE django_migrations SET name = 'other' WHERE id = 1"
    with postgres.connected("moved") as connection:
        connection.execute(change)
        other = source.run("move", "--to", unfinished)
        connection.execute(change.replace("other", "0001_initial"))
    assert "another version's schema" in other.stderr


def test_a_source_in_use_is_refused_and_the_target_left_empty(
    source: Installation, postgres: Postgres
) -> None:
    url = postgres.create("refused")
    with closing(sqlite3.connect(source.file)) as other:
        other.execute("SELECT count(*) FROM records_entry").fetchone()
        told = source.run("move", "--to", url)
    assert told.returncode == 1
    assert "stop `andon serve`" in told.stderr
    with postgres.connected("refused") as connection:
        assert (
            connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").rowcount == 0
        )


def test_the_way_back_brings_the_same(
    source: Installation, unfinished: str, moved: Any, tmp_path: Path
) -> None:
    there = Installation(source.folder, unfinished)
    back = there.told("move", "--to", f"sqlite:///{tmp_path / 'back.sqlite3'}")
    assert back["tables"] == moved["tables"]
    assert back["trail"] == moved["trail"]


def _wait_for_mark(postgres: Postgres) -> None:
    with postgres.connected("moved") as connection:
        for _ in range(600):
            look = "SELECT 1 FROM pg_tables WHERE tablename = 'andon_unfinished_move'"
            if connection.execute(look).fetchone():
                return
            time.sleep(0.05)
    pytest.fail("the move did not begin")
