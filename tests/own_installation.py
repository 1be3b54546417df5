"""A script in an installation of its own, on the database under test: for threads and processes.

Migrations take seconds: the tables are copied from the database under test, or from a template.
"""

import json
import os
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

_CREATE = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as server:
    server.execute(f'CREATE DATABASE "{sys.argv[2]}" TEMPLATE "{sys.argv[3]}"')
"""
_MIGRATE = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]


def told_by(script: str, folder: Path) -> dict[str, Any]:
    """Run a script in a fresh installation and return the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-c", script], env=own_environment(folder), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def own_environment(folder: Path) -> dict[str, str]:
    """Return what names a fresh installation with all its tables."""
    environment = {
        **os.environ, "ANDON_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "andon.settings",
        "ANDON_ALLOWED_HOSTS": "testserver,127.0.0.1",
        "PYTHONPATH": os.pathsep.join(
            [*filter(None, [os.environ.get("PYTHONPATH")]), str(Path(__file__).parent)]
        ),
    }  # fmt: skip
    if connection.vendor == "postgresql":
        environment["ANDON_DATABASE_URL"] = own_database()
    else:
        copy_tables(folder / "andon.sqlite3")
    return environment


def copy_tables(file: Path) -> None:
    """Write the database under test, between two tests, to another file of SQLite."""
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as empty,
        closing(sqlite3.connect(file)) as own,
    ):
        empty.backup(own)


def own_database() -> str:
    """Create a migrated database beside the one under test on PostgreSQL; return its address."""
    return _create(f"andon_{uuid.uuid4().hex[:8]}", _template())


@cache
def _template() -> str:
    """Migrate one database in each process of tests, from which the others are copied."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    address = _create(name, "template0")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "andon.settings"}
    subprocess.run(_MIGRATE, env=environment | {"ANDON_DATABASE_URL": address}, check=True)
    return name


def _create(name: str, template: str) -> str:
    address = os.environ["ANDON_DATABASE_URL"]
    subprocess.run([sys.executable, "-c", _CREATE, address, name, template], check=True)
    return f"{address.rsplit('/', 1)[0]}/{name}"
