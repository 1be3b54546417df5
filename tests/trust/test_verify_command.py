"""`andon verify` and `andon anchor`, as a process of their own on a data folder of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ANDON = [sys.executable, "-m", "andon.cli"]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line on a data folder with SQLite."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    own |= {"ANDON_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "andon.settings"}
    return subprocess.run([*ANDON, *words], env=own, capture_output=True, text=True, check=False)


def test_anchor_and_verify_work_outside_a_test_transaction(tmp_path: Path) -> None:
    assert run(tmp_path, "init").returncode == 0
    root = run(tmp_path, "anchor").stdout.strip()
    assert root.startswith("1:")
    whole = run(tmp_path, "verify", "--json", "--anchor", root)
    assert (whole.returncode, json.loads(whole.stdout)["anchors"]) == (0, 1)
    wrong = run(tmp_path, "verify", "--anchor", "1:" + "0" * 64)
    assert wrong.returncode == 1
    assert "anchor file 1: the root given" in wrong.stdout
