"""Whose folder it is: a demo is built in nobody's, and begins again where one was interrupted."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from andon.demo.folder import building, built_year, set_clock
from andon.records.errors import Refused


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder to which all that is stored belongs."""
    settings.DATA_DIR, settings.LAKE_URL = tmp_path, str(tmp_path / "lake")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "andon.sqlite3"))
    return tmp_path


def interrupt(folder: Path) -> None:
    """Begin a demo and let it fail with something stored."""
    with pytest.raises(KeyboardInterrupt), building("seed 7"):
        (folder / "lake").mkdir()
        (folder / "lake" / "part-1.parquet").touch()
        (folder / "andon.sqlite3").touch()
        (folder / "andon.env").write_text("ANDON_DEBUG=0\n")
        raise KeyboardInterrupt


def test_a_year_that_is_whole_is_told(db: Any, folder: Path) -> None:
    assert built_year() == ""
    with building("seed 7"):
        assert built_year() == ""
    assert built_year() == "seed 7"


def test_somebodys_own_installation_is_left_alone(engineer: Any, folder: Path) -> None:
    message = "holds an installation that is not a demo"
    with pytest.raises(Refused, match=message), building("seed 7"):
        pass
    assert list(folder.iterdir()) == []


def test_two_demos_are_not_built_in_one_folder(db: Any, folder: Path) -> None:
    other = pytest.raises(Refused, match="Another process")
    with building("seed 7"), other, building("seed 8"):
        pass
    assert built_year() == "seed 7"


def test_what_an_interrupted_demo_left_is_removed_or_named(db: Any, folder: Path) -> None:
    interrupt(folder)
    assert built_year() == ""
    if connection.vendor == "postgresql":
        with pytest.raises(Refused, match="Empty its database"), building("seed 8"):
            pass
        return
    with building("seed 8"):
        assert sorted(path.name for path in folder.iterdir()) == ["andon.env", "demo"]
    assert built_year() == "seed 8"


def test_an_interrupted_demo_with_its_lake_elsewhere_is_not_removed(
    db: Any, folder: Path, settings: Any
) -> None:
    interrupt(folder)
    settings.LAKE_URL = "s3://bucket/lake"
    with pytest.raises(Refused, match="Empty its database and lake"), building("seed 8"):
        pass
    assert (folder / "andon.sqlite3").exists()


def test_the_clock_is_kept_among_other_settings(folder: Path) -> None:
    file = folder / "andon.env"
    file.write_text("ANDON_DATABASE_URL=postgresql://x\nANDON_CLOCK_OFFSET_SECONDS=5\n")
    set_clock(-7.4)
    assert file.read_text() == (
        "ANDON_DATABASE_URL=postgresql://x\nANDON_CLOCK_OFFSET_SECONDS=-7\n"
    )
