"""The command line: `andon COMMAND --data DIR`. It knows every package and holds no rule."""

import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.core.management import call_command

from andon import __version__
from andon.analyze.studies.command import analyze
from andon.board.command_aggregate import aggregate
from andon.board.command_history import correct, export
from andon.board.command_keeping import backup, purge, purge_measurements, restore, retain
from andon.board.command_qualify import qualify
from andon.board.commands import (
    Commands,
    account_named,
    acting_as,
    as_json,
    installation,
    print_told,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PORT = click.IntRange(1, 65535)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="andon")
def main() -> None:
    """Andon: quality management whose loop closes by evidence."""


for command in (
    aggregate, analyze, backup, correct, export, purge, purge_measurements, qualify, restore,
    retain,
):  # fmt: skip
    main.add_command(command)


@main.command()
@installation
@click.option("--admin", default="", help="Also create this administrator; asks for the password.")
def init(admin: str) -> None:
    """Create the data folder, its secret and the database; safe to repeat."""
    prepare()
    if admin:
        _create(admin, admin, ("ADM", "QM"))
    click.echo("Ready. Next: andon load factory.toml, andon user NAME --role QE, andon serve")


@main.command()
@installation
def migrate() -> None:
    """Bring the database to this version's schema and restore the trail's triggers."""
    call_command("migrate", verbosity=0, interactive=False)
    click.echo("The database has this version's schema.")


@main.command()
@installation
@click.option(
    "--to",
    "url",
    required=True,
    envvar="ANDON_MOVE_TO",
    metavar="URL",
    help="Empty database: postgresql://user:password@host:port/name, or sqlite:///file.",
)
@as_json
def move(url: str, is_json: bool) -> None:  # fmt: skip
    """Move this installation to another database, row for row, and compare every table.

    Nobody may be connected to the present one, which is not changed. Attached files, the lake and
    the secret stay in the data folder. The address may stand in ANDON_MOVE_TO.
    """
    from andon.records.moving.move import move as move_to  # noqa: PLC0415

    moved = move_to(url)
    print_told(moved.as_dict(), is_json, list(moved.lines()))


@main.command("build-static")
@installation
def build_static() -> None:
    """Write the generated static files (the chart library) into the package."""
    call_command("build_static")


@main.command()
@installation
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=_PORT, default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes; one for SQLite.")
@click.option("--no-worker", is_flag=True, help="Background work runs elsewhere: andon worker.")
@click.option("--no-migrate", is_flag=True, help="The schema is made elsewhere: andon migrate.")
def serve(  # noqa: PLR0917
    host: str, port: int, threads: int, workers: int, no_worker: bool, no_migrate: bool
) -> None:
    """Serve the pages and the interface."""
    from andon.board.server import require_fitting, require_free, serve_forever  # noqa: PLC0415
    from andon.records.accounts import has_anyone_a_password  # noqa: PLC0415
    from andon.records.configuration import note_changes  # noqa: PLC0415

    require_fitting(workers)
    require_free(host, port)
    if not no_migrate:
        prepare()
    note_changes()
    if not has_anyone_a_password():
        click.echo("Nobody has a password yet: andon init --admin NAME, or andon user NAME.")
    serve_forever(host=host, port=port, threads=threads, workers=workers, works=not no_worker)


@main.command()
@installation
@click.option("--once", is_flag=True, help="Run every job now, and end.")
@click.option("--status", "tells", is_flag=True, help="Tell what ran, what failed, what is due.")
@as_json
def worker(once: bool, tells: bool, is_json: bool) -> None:
    """Run the jobs: effects, weeks, missed samples, compaction, anchors, reminders; 1 on failures.

    Several workers may run at once; a job whose worker died is run again by another.
    """
    from andon.board.work import work_forever  # noqa: PLC0415
    from andon.records.jobs import standing, worker  # noqa: PLC0415

    if not (once or tells):
        work_forever()
        return
    if once:
        worker.work_once()
    found = standing.standing()
    print_told(found, is_json, standing.told(found))
    sys.exit(1 if any(job["state"] == "failed" for job in found["jobs"]) else 0)


@main.command()
@installation
@click.option("--seed", default=20250101, show_default=True)
@click.option("--healthy", is_flag=True, help="A year without the seeded problems.")
@click.option("--no-serve", is_flag=True, help="Build the data folder only.")
@click.option("--port", type=_PORT, default=8000, show_default=True)
def demo(seed: int, healthy: bool, no_serve: bool, port: int) -> None:
    """Build the probe factory's year through the one door, and serve it.

    It is built in an empty folder only; one that was interrupted begins again.
    """
    from andon.board.server import require_free  # noqa: PLC0415
    from andon.demo.build import build, welcome  # noqa: PLC0415
    from andon.demo.folder import building, built_year  # noqa: PLC0415

    if not no_serve:
        require_free("127.0.0.1", port)
    if not built_year():
        with building(f"seed {seed}, healthy" if healthy else f"seed {seed}"):
            prepare()
            build(seed=seed, is_healthy=healthy)
    click.echo(welcome(built_year()))
    if not no_serve:
        sys.stdout.flush()
        # The server forks, and a fork would miss the threads that took the year in: begin anew.
        serving = [sys.executable, "-m", "andon.cli", "serve", "--port", str(port)]
        os.execv(sys.executable, serving)  # noqa: S606 - our own interpreter and a checked number


@main.command()
@installation
@click.argument("file", type=_FILE)
@acting_as
@as_json
def load(file: Path, username: str, is_json: bool) -> None:
    """Load master data from a TOML or XLSX file; loading twice changes nothing."""
    from andon.control.plans.master_data import load_master  # noqa: PLC0415

    report = load_master(file, actor=account_named(username))
    lines = [f"{place}: {message}" for place, message in report.refused]
    counts = f"{report.created} created, {report.changed} changed, {report.unchanged} unchanged"
    print_told(asdict(report), is_json, [*lines, counts])
    sys.exit(1 if report.refused else 0)


@main.command("import")
@installation
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, help="TOML with [columns] and [constants].")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@acting_as
@as_json
def import_(file: Path, mapping: Path | None, dry_run: bool, username: str, is_json: bool) -> None:
    """Take in measurements from CSV or XLSX: records = stored + reported, always."""
    from andon.identify.measurements.imports import import_file, mapping_of  # noqa: PLC0415

    chosen = mapping_of(mapping.read_text(errors="replace")) if mapping else None
    outcome = import_file(
        file.read_bytes(), file.name, actor=account_named(username), mapping=chosen, is_dry=dry_run
    )
    reported = [
        {"record": report.record, "column": report.column, "reason": str(report.reason)}
        for report in outcome.reported
    ]
    told = {"records": outcome.records, "stored": outcome.stored, "reported": reported,
            "refused": outcome.refused, "repeated": outcome.repeated}  # fmt: skip
    lines = [f"record {r['record']} {r['column']}: {r['reason']}" for r in reported]
    summary = f"{outcome.records} records: {outcome.stored} stored, {len(reported)} reported"
    print_told(told, is_json, [*lines, outcome.refused, summary])
    sys.exit(1 if reported or outcome.refused else 0)


@main.command()
@installation
@as_json
def findings(is_json: bool) -> None:
    """Print every finding: stream, rule, day and shift."""
    from andon.analyze.monitoring.queries import told_findings  # noqa: PLC0415

    told = told_findings()
    lines = [f"{f['found_on']} {f['shift']}  {f['stream']:<12} {f['rule']}" for f in told]
    print_told(told, is_json, lines or ["No finding."])


@main.command()
@installation
@as_json
def problems(is_json: bool) -> None:
    """Print the problems that the findings were merged to."""
    from andon.analyze.problems.queries import told_problems  # noqa: PLC0415

    told = told_problems()
    lines = [f"{p['found_on']}  {p['state']:<12} {p['title']}" for p in told]
    print_told(told, is_json, lines or ["No problem."])


@main.command()
@installation
@click.option(
    "--anchor", "given", multiple=True, help="NUMBER:ROOT from a print or mail; repeatable."
)
@click.option("--anchors", type=_FILE, help="Anchor file kept elsewhere (default: one's own).")
@as_json
def verify(given: tuple[str, ...], anchors: Path | None, is_json: bool) -> None:
    """Check trail, anchors, signatures, files and blocks; exit 1 when something does not agree."""
    from andon.records.trail.evidence import verify_all  # noqa: PLC0415

    report = verify_all(file=anchors, given=given)
    places = [str(problem) for problem in report.problems]
    told = {"entries": report.entries, "chains": report.chains, "rows": report.rows,
            "anchors": report.anchors, "found": report.found, "problems": places}  # fmt: skip
    verdict = (
        f"{report.entries} entries in {report.chains} chains, {report.anchors} anchors:"
        f" {report.found} problems"
    )
    print_told(told, is_json, [*places, verdict])
    sys.exit(1 if places else 0)


@main.command()
@installation
@as_json
def anchor(is_json: bool) -> None:
    """Tell the anchor file, and the second person, what the trail is now."""
    from andon.records.trail.anchoring import anchor as anchor_now  # noqa: PLC0415

    line = anchor_now()
    told = {name: value for name, value in line.content().items() if name != "new"} if line else {}
    print_told(
        told, is_json, [line.short if line else "Nothing has changed since the last anchor."]
    )


@main.command()
@installation
@as_json
def check(is_json: bool) -> None:
    """Look whether this installation is fit for work; exit 1 when something is wrong."""
    from andon.board.check import check_installation  # noqa: PLC0415

    found = check_installation()
    lines = [f"{'ok  ' if c.is_good else 'BAD '} {c.name}: {c.text}" for c in found]
    print_told([asdict(c) for c in found], is_json, lines)
    sys.exit(0 if all(c.is_good for c in found) else 1)


@main.command()
@installation
@click.argument("username")
@click.option("--name", default="", help="Printed name (default: the user name).")
@click.option("--role", "roles", multiple=True, help="Role code, such as QE; repeatable.")
@click.option("--deactivate", "ends", is_flag=True, help="End this account's access.")
def user(username: str, name: str, roles: tuple[str, ...], ends: bool) -> None:
    """Create an account (asks for the password) or deactivate one."""
    from andon.records.accounts import deactivate, system_account  # noqa: PLC0415

    if ends:
        deactivate(account_named(username), actor=system_account())
        click.echo(f"{username} may no longer log in.")
    else:
        _create(username, name or username, roles)


@main.command()
@installation
@click.argument("username")
@click.option("--name", default="token", show_default=True, help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, help="Narrow to a permission; repeatable.")
def token(username: str, name: str, scopes: tuple[str, ...]) -> None:
    """Create an interface token for an account and print it once."""
    from andon.records.accounts import create_token, system_account  # noqa: PLC0415

    account = account_named(username)
    click.echo(create_token(account, name=name, scopes=scopes, actor=system_account()))


@main.command("new-record")
@click.argument("package")
@click.argument("name")
@click.option("--root", type=click.Path(path_type=Path), default=Path(), show_default=True)
def new_record(package: str, name: str, root: Path) -> None:
    """Write a new record type: models.py, workflow.py and its test."""
    from andon.records.new_record import write_new_record  # noqa: PLC0415

    for path in write_new_record(package, name, root):
        click.echo(f"Wrote {path}")


def prepare() -> None:
    """Create what a data folder needs: the secret and the schema."""
    from django.conf import settings  # noqa: PLC0415

    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret_key"
    if not secret.exists() and not os.environ.get("ANDON_SECRET_KEY"):
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        settings.SECRET_KEY = secret.read_text()
    call_command("migrate", verbosity=0, interactive=False)


def _create(username: str, name: str, roles: tuple[str, ...]) -> None:
    from andon.records.accounts import create_account, system_account  # noqa: PLC0415
    from andon.records.errors import Refused  # noqa: PLC0415
    from andon.records.sign_in.invitations import open_account  # noqa: PLC0415

    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        if open_account(username, password=password, roles=roles, actor=system_account()):
            click.echo(f"Set the password of {username}, who was loaded without one.")
            return
        create_account(
            username=username,
            name=name,
            password=password,
            roles=roles,
            actor=system_account(),
        )
    except (Refused, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Created {username}.")


if __name__ == "__main__":
    main()
