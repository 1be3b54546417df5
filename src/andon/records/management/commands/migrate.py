"""Django's migrate, after which the trail's triggers are put in place again."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from andon.records.accounts import ensure_system_account
from andon.records.moving.unfinished import TOLD, is_unfinished
from andon.records.trail.install import install


class Command(migrate.Command):
    """Migrate, then restore the triggers that a rebuilt table has lost."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and install the trail; a plan or a check changes nothing."""
        if is_unfinished():
            raise CommandError(TOLD)
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"] or options["app_label"]):
            install()
            ensure_system_account()
