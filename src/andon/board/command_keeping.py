"""`andon backup`, `restore`, `retain`, `purge`: keeping records, from the command line."""

import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from andon.board.commands import account_named, acting_as, as_json, installation, print_told

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_PASSPHRASE = "ANDON_BACKUP_PASSPHRASE"  # noqa: S105


@click.command()
@installation
@click.argument("file", type=_OUT)
@click.option("--seal", "is_sealed", is_flag=True, help="Encrypt it; asks for a passphrase.")
@click.option("--with-secrets", "has_secrets", is_flag=True, help="Secret key and settings too.")
@as_json
def backup(file: Path, is_sealed: bool, has_secrets: bool, is_json: bool) -> None:
    """Write a backup while Andon works, and verify what was written.

    The passphrase may stand in ANDON_BACKUP_PASSPHRASE.
    """
    from andon.records.keeping.backup import back_up  # noqa: PLC0415

    passphrase = _passphrase(confirms=True) if is_sealed else ""
    made = back_up(file, passphrase=passphrase, has_secrets=has_secrets)
    line = (
        f"Wrote and verified {made.file}: {made.rows} rows in {made.tables} tables,"
        f" {made.files} files, {made.entries} entries in {made.chains} chains"
    )
    warning = f"The trail is not whole at {made.problems} places: run `andon verify`."
    print_told(asdict(made), is_json, [line, warning if made.problems else ""])
    sys.exit(1 if made.problems else 0)


@click.command()
@installation
@click.argument("file", type=_FILE)
@as_json
def restore(file: Path, is_json: bool) -> None:
    """Put a backup into an empty data folder and database, and verify all of it.

    ANDON_DATABASE_URL names a PostgreSQL; without it a SQLite file is made in the data folder.
    """
    from andon.records.keeping.restore import restore as put_back  # noqa: PLC0415
    from andon.records.keeping.sealing import is_sealed  # noqa: PLC0415

    done = put_back(file, passphrase=_passphrase() if is_sealed(file) else "")
    problems = [str(problem) for problem in done.report.problems]
    told = {"made_at": done.made_at, "rows": done.rows, "tables": done.tables,
            "files": done.files, "unlike": done.unlike, "problems": problems}  # fmt: skip
    line = (
        f"Restored the backup of {done.made_at}: {done.rows} rows in {done.tables} tables,"
        f" {done.files} files; {done.report.found} problems"
    )
    print_told(
        told, is_json, [*problems, *(f"{name}: not as backed up" for name in done.unlike), line]
    )
    sys.exit(1 if problems else 0)


@click.command()
@installation
@click.argument("kind")
@click.argument("years", type=int)
@click.option("--basis", required=True, help="The law, standard or contract that asks for it.")
@acting_as
def retain(kind: str, years: int, basis: str, username: str) -> None:
    """Keep records of KIND for YEARS after they were closed; "measurements" after being made."""
    from andon.records.keeping.retention import keep_for  # noqa: PLC0415

    click.echo(str(keep_for(kind, years=years, basis=basis, actor=account_named(username))))


@click.command()
@installation
@click.argument("number")
@click.option("--as", "username", required=True, help="Who asks for it, or who then does it.")
@click.option("--reason", default="", help="Ask that it be destroyed, and why.")
def purge(number: str, username: str, reason: str) -> None:
    """Destroy a record whose time is over: one person asks with --reason, another one does it."""
    from andon.records.keeping import retention  # noqa: PLC0415
    from andon.records.models import Record  # noqa: PLC0415

    actor = account_named(username)
    if not reason:
        retention.purge(number, actor=actor)
        click.echo(f"{number} is destroyed; its stub and the digests of its entries stay.")
        return
    record = Record.objects.filter(number=number).first()
    if record is None:
        raise click.ClickException(f"There is no record {number}.")
    retention.request_purge(record, reason=reason, actor=actor)
    click.echo(f"Asked. Another person destroys it: andon purge {number} --as NAME")


@click.command("purge-measurements")
@installation
@click.argument("before", metavar="BEFORE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--as", "username", required=True, help="Who asks for it, or who then does it.")
@click.option("--reason", default="", help="Ask that they be destroyed, and why.")
def purge_measurements(before: datetime, username: str, reason: str) -> None:
    """Destroy months of measurements that end before a day: one person asks, another does it."""
    from andon.identify.measurements import retention  # noqa: PLC0415

    actor, day = account_named(username), before.date()
    if reason:
        months = retention.request_purge(day, reason=reason, actor=actor)
        click.echo(f"Asked, for {', '.join(months)}.")
        click.echo(f"Another person destroys them: andon purge-measurements {day} --as NAME")
        return
    for month in retention.purge(day, actor=actor):
        click.echo(f"{month.month}: {month.rows} rows of {month.streams} streams are destroyed.")


def write_for_inspector(file: Path, numbers: tuple[str, ...]) -> None:
    """Write the copy for an inspector, and tell how it is checked."""
    from andon.records.keeping.inspection import write_inspection  # noqa: PLC0415

    made = write_inspection(file, numbers=numbers, username="andon")
    click.echo(f"Wrote {made.records} records in {made.files} files to {file}")
    click.echo(f"Check it anywhere with Python alone: unpack it, python verify.py . {made.anchor}")


def _passphrase(*, confirms: bool = False) -> str:
    given = os.environ.get(_PASSPHRASE, "")
    asked: str = given or click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirms)
    return asked
