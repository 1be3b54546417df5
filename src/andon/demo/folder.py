"""The data folder of a demo: marked from its first moment, so that it is told from others."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from andon.organization.processes.models import Process
from andon.records.errors import Refused
from andon.records.models import Account

_BEGUN = "begun: "
_KEPT = ("demo", "andon.env", "secret_key")
"""What an interrupted demo leaves that the next one begins with."""


def built_year() -> str:
    """Return which year this folder holds, such as `seed 20250101`; nothing before it is whole."""
    told = _told()
    return "" if told.startswith(_BEGUN) else told


@contextmanager
def building(year: str) -> Iterator[None]:
    """Build a demo here: in an empty folder, or in the place of one that was interrupted.

    Raises:
        Refused: the folder holds an installation of somebody's own, whose passwords the demo would
            set; or an interrupted demo on a database or lake that cannot be removed with it.
    """
    _mark().parent.mkdir(parents=True, exist_ok=True)
    with _mark().open("a") as turn:
        _wait_for_nobody(turn.fileno())
        if _told().startswith(_BEGUN):
            _remove_interrupted()
        else:
            _require_nobodys()
        _mark().write_text(_BEGUN + year)
        yield
        _mark().write_text(year)


def set_clock(seconds: float) -> None:
    """Keep the offset of the demo's clock among the folder's settings, and leave the others."""
    file, name = Path(settings.DATA_DIR) / "andon.env", "ANDON_CLOCK_OFFSET_SECONDS="
    lines = file.read_text().splitlines() if file.is_file() else []
    others = [line for line in lines if not line.startswith(name)]
    file.write_text("\n".join([*others, f"{name}{seconds:.0f}", ""]))


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "demo"


def _told() -> str:
    return _mark().read_text().strip() if _mark().is_file() else ""


def _wait_for_nobody(turn: int) -> None:
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused.because(_("Another process is building a demo in this folder.")) from None


def _require_nobodys() -> None:
    tables = connection.introspection.table_names()
    is_used = Account._meta.db_table in tables and (
        Account.objects.exclude(username="andon").exists() or Process.objects.exists()
    )
    if is_used:
        _mark().unlink()
        message = _(
            "%(folder)s holds an installation that is not a demo, and a demo would set its"
            " passwords: choose another folder with --data."
        )
        raise Refused.because(message % {"folder": settings.DATA_DIR})


def _remove_interrupted() -> None:
    """Remove what an interrupted demo left: all of it is its own, for it began in nobody's."""
    folder = Path(settings.DATA_DIR)
    stored = [settings.LAKE_URL, str(connection.settings_dict["NAME"])]
    if connection.vendor != "sqlite" or not all(Path(s).is_relative_to(folder) for s in stored):
        message = _(
            "A demo was interrupted here. Empty its database and lake, remove %(folder)s, and"
            " begin again."
        )
        raise Refused.because(message % {"folder": folder})
    for path in folder.iterdir():
        if path.name in _KEPT:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
