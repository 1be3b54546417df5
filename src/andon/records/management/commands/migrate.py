"""Django's migrate, after which the trail's triggers are put in place again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection

from andon.records.accounts import ensure_system_account
from andon.records.moving.unfinished import TOLD, is_unfinished
from andon.records.trail.install import install

_LOCK = 0x6D696772617465
"""The number of the advisory lock on PostgreSQL."""


class Command(migrate.Command):
    """Migrate, then restore the triggers that a rebuilt table has lost."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and install the trail; a plan or a check changes nothing."""
        if is_unfinished():
            raise CommandError(TOLD)
        with _alone():
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"] or options["app_label"]):
                install()
                ensure_system_account()


@contextmanager
def _alone() -> Iterator[None]:
    """Let processes that are started together on PostgreSQL migrate one after the other."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
