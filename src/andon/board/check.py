"""`andon check`: is this installation fit for work, said in lines."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from andon.records import clock
from andon.records.models import Account
from andon.records.trail.install import missing

_FEWEST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_good: bool
    text: str


def check_installation() -> list[Check]:
    """Look at everything that a wrong set-up makes dangerous."""
    looks: tuple[Callable[[], Iterator[Check]], ...] = (
        _database, _schema, _trail, _secret, _space, _static, _people, _time,
    )  # fmt: skip
    return [found for look in looks for found in look()]


def _database() -> Iterator[Check]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW fsync")
            value = str(cursor.fetchone()[0])
            yield Check("durability", value == "on", f"PostgreSQL, fsync {value}")
            return
        cursor.execute("PRAGMA synchronous")
        level = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    yield Check("durability", level == 2 and mode == "wal", f"SQLite, {mode}, synchronous {level}")


def _schema() -> Iterator[Check]:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (CommandError, SystemExit):
        yield Check("schema", False, "not of this version: run `andon migrate`")
        return
    yield Check("schema", True, "of this version")


def _trail() -> Iterator[Check]:
    absent = missing()
    text = f"missing on {', '.join(absent)}: run `andon migrate`" if absent else "on every table"
    yield Check("trail triggers", not absent, text)


def _secret() -> Iterator[Check]:
    is_set = not settings.SECRET_KEY.startswith("not-initialised")
    yield Check("secret", is_set, "set" if is_set else "run `andon init`")
    yield Check(
        "debug", not settings.DEBUG, "on: switch ANDON_DEBUG off" if settings.DEBUG else "off"
    )


def _space() -> Iterator[Check]:
    free = shutil.disk_usage(Path(settings.DATA_DIR)).free
    yield Check("disk", free > _FEWEST_FREE_BYTES, f"{free / 2**30:.1f} GiB free")


def _static() -> Iterator[Check]:
    found = finders.find("web/vendor/vega.js")
    yield Check("charts", found is not None, "ready" if found else "run `andon build-static`")


def _people() -> Iterator[Check]:
    count = Account.objects.filter(is_active=True).exclude(username="andon").count()
    yield Check("accounts", count > 0, f"{count} may log in")


def _time() -> Iterator[Check]:
    text = f"{clock.now():%Y-%m-%d %H:%M} UTC, site {settings.SITE_TIME_ZONE}"
    yield Check("clock", True, text + (" (shifted: a demo)" if clock.is_shifted() else ""))
