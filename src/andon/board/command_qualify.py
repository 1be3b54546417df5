"""`andon qualify`: check this very installation and write a signed report."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from andon.board.commands import account_named, as_json, installation, print_told


@click.command()
@installation
@click.option("--as", "username", required=True, help="Who performs it, and signs the report.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("qualification"),
    show_default=True, help="Folder for the report.",
)  # fmt: skip
@as_json
def qualify(username: str, out: Path, is_json: bool) -> None:
    """Check installation and operation, ranked by risk; write a signed PDF and JSON.

    What the checks write is undone. On SQLite nobody else can write for these seconds. The
    password may come from the standard input. Ends with 1 when a check did not pass.
    """
    from andon.board.qualifying.checks import Verdict, run_all  # noqa: PLC0415
    from andon.board.qualifying.figures import figure_checks  # noqa: PLC0415
    from andon.board.qualifying.installation import installation_checks  # noqa: PLC0415
    from andon.board.qualifying.operation import operation_checks  # noqa: PLC0415
    from andon.board.qualifying.report import write_report  # noqa: PLC0415
    from andon.records.signing import note_failed  # noqa: PLC0415

    actor = account_named(username)
    password = click.prompt("Password", hide_input=sys.stdin.isatty(), err=True)
    if not actor.check_password(password):
        note_failed(actor, address="", about="qualification")
        message = "The password is not right; nothing was signed."
        raise click.ClickException(message)
    checks = [*installation_checks(), *operation_checks(), *figure_checks()]
    observed = list(run_all(checks))
    written = write_report(out, observed, actor=actor)
    marks = {Verdict.PASSED: "ok  ", Verdict.DOES_NOT_APPLY: "-   "}
    lines = [
        f"{marks.get(one.verdict, 'FAIL')} {one.number} {one.risk:<6} {one.use}: {one.observed}"
        for one in observed
    ]
    told = asdict(written) | {"checks": [one.to_dict() for one in observed]}
    print_told(told, is_json, [*lines, f"Wrote {written.pdf} and {written.data}"])
    sys.exit(0 if written.is_good else 1)
