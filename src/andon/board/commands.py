"""What the commands share: the data folder, who acts, and how the answer is printed."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import django

Command = TypeVar("Command", bound=Callable[..., Any])


class Commands(click.Group):
    """Commands that tell in a sentence what a caller can mend, instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = _sentence(error)
            if not sentence:
                raise
            raise click.ClickException(sentence) from error


def _sentence(error: Exception) -> str:
    """Return what to tell of an error; nothing when it is a mistake of the program."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.db import OperationalError, ProgrammingError  # noqa: PLC0415
    from environs import EnvError  # noqa: PLC0415

    from andon.records.errors import Busy, Conflict, Forbidden, Refused  # noqa: PLC0415

    if isinstance(error, Busy | Conflict | Forbidden | Refused | EnvError | ImproperlyConfigured):
        return str(error)
    if isinstance(error, OperationalError | ProgrammingError):
        return _said_by_database(str(error).strip().partition("\n")[0])
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}." if error.filename else str(error)
    return ""


def _said_by_database(said: str) -> str:
    """Return what the database says; where it has no tables, what to do about it."""
    from django.conf import settings  # noqa: PLC0415

    told = f"The database says: {said}."
    if not any(sign in said for sign in ("no such table", "does not exist", "unable to open")):
        return told
    return (
        f"{told} Is {settings.DATA_DIR} the right data folder (--data)? `andon init` makes a new"
        " one, `andon migrate` brings it to this version."
    )


def installation(command: Command) -> Command:
    """Give a command the option --data and start Django on that folder before it runs."""

    def start(context: click.Context, _option: click.Parameter, data: Path | None) -> None:
        if data is not None:
            os.environ["ANDON_DATA_DIR"] = str(data.resolve())
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.settings")
        if not context.resilient_parsing:
            django.setup()

    option = click.option(
        "--data", type=click.Path(file_okay=False, path_type=Path), callback=start,
        expose_value=False, is_eager=True, help="Data folder (default: ANDON_DATA_DIR).",
    )  # fmt: skip
    return option(command)


as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
acting_as = click.option("--as", "username", default="andon", help="Account that acts.")


def account_named(username: str) -> Any:
    """Return the account of a user name."""
    from andon.records.models import Account  # noqa: PLC0415

    account = Account.objects.filter(username=username).first()
    if account is None:
        message = f"There is no account {username!r}."
        raise click.ClickException(message)
    return account


def print_told(told: Any, is_json: bool, lines: list[str]) -> None:
    """Print an answer as JSON for programs, or in lines."""
    text = json.dumps(told, default=str, indent=1) if is_json else "\n".join(filter(None, lines))
    click.echo(text)
