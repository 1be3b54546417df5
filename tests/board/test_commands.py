"""The command line tells in a sentence what a caller can mend."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ANDON = [sys.executable, "-m", "andon.cli"]


def of_nobody() -> dict[str, str]:
    """Return the environment of somebody who set nothing."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    return own | {"DJANGO_SETTINGS_MODULE": "andon.settings"}


def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as somebody does who set nothing."""
    return subprocess.run(
        [*ANDON, *words], env=of_nobody(), input=typed, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def told(*words: str) -> str:
    """Return what a command that fails tells."""
    done = run(*words)
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_told_before_anything_is_made(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        words = told(command, "--data", str(tmp_path / "new"), "--port", str(port))
    assert f"127.0.0.1, port {port} (Address already in use)" in words
    assert "choose another --host or --port" in words
    assert not (tmp_path / "new" / "andon.sqlite3").exists()


def test_a_port_beyond_all_ports_is_told(tmp_path: Path) -> None:
    assert "99999 is not in the range" in told("serve", "--data", str(tmp_path), "--port", "99999")


def test_a_folder_without_an_installation_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    assert f"Is {nowhere} the right data folder" in told("verify", "--data", str(nowhere))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("ANDON_REMIND_AT=6 Uhr", '"ANDON_REMIND_AT" invalid'),
        ("ANDON_TIME_ZONE=Europe/Nowhere", "name one such as Europe/Berlin"),
        ("ANDON_DATABASE_URL=mysql://a:secret@b/c", "A database's address is sqlite:///file or"),
    ],
)
def test_a_setting_that_is_none_is_told(tmp_path: Path, setting: str, sentence: str) -> None:
    (tmp_path / "andon.env").write_text(f"{setting}\n")
    words = told("check", "--data", str(tmp_path))
    assert sentence in words
    assert "secret" not in words


def test_an_address_that_names_no_database_is_told(tmp_path: Path) -> None:
    words = told("move", "--to", "foo://a:secret@b/c", "--data", str(tmp_path))
    assert "A database's address is sqlite:///file or" in words
    assert "secret" not in words


def test_a_host_that_is_none_is_told(tmp_path: Path) -> None:
    words = told("serve", "--host", ".example", "--data", str(tmp_path))
    assert "Nothing can be served at .example, port 8000" in words


def test_a_permission_that_is_missing_is_told(tmp_path: Path) -> None:
    for words in (["init"], ["user", "op", "--role", "OP"]):
        done = run(*words, "--data", str(tmp_path), typed="correct horse battery\n" * 2)
        assert done.returncode == 0, done.stderr
    words = "correct", "1:0", "2", "--reason", "typing error", "--as", "op"
    assert "needs the permission" in told(*words, "--data", str(tmp_path))


def test_a_narrowed_export_says_for_whom(tmp_path: Path) -> None:
    assert "--inspector" in told("export", "--record", "NC-1", "--data", str(tmp_path))


def test_the_server_tells_its_address_and_that_nobody_can_sign_in_yet(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = str(place.getsockname()[1])
    command = [*ANDON, "serve", "--data", str(tmp_path), "--port", port]
    with subprocess.Popen(command, env=of_nobody(), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        first, second = server.stdout.readline(), server.stdout.readline()
        server.terminate()
    assert first == "Nobody has a password yet: andon init --admin NAME, or andon user NAME.\n"
    assert second == f"Andon is at http://127.0.0.1:{port}/, its data in {tmp_path}.\n"
    assert server.returncode == 0
