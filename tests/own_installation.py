"""A script in an installation of its own, on the database under test: for threads and processes."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from django.db import connection

_CREATE = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as server:
    server.execute(f'CREATE DATABASE "{sys.argv[2]}"')
"""


def told_by(script: str, folder: Path) -> dict[str, Any]:
    """Run a script in a fresh installation and return the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-c", script], env=_environment(folder), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _environment(folder: Path) -> dict[str, str]:
    environment = {
        **os.environ, "ANDON_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "andon.settings",
        "ANDON_ALLOWED_HOSTS": "testserver",
        "PYTHONPATH": os.pathsep.join(
            [*filter(None, [os.environ.get("PYTHONPATH")]), str(Path(__file__).parent)]
        ),
    }  # fmt: skip
    if connection.vendor == "postgresql":
        own, address = f"andon_{uuid.uuid4().hex[:8]}", os.environ["ANDON_DATABASE_URL"]
        environment["ANDON_DATABASE_URL"] = create_database(address, own)
    return environment


def create_database(address: str, name: str) -> str:
    """Create a database beside the one at this address, and return its address."""
    subprocess.run([sys.executable, "-c", _CREATE, address, name], check=True)
    return f"{address.rsplit('/', 1)[0]}/{name}"
