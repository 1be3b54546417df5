"""`andon correct` and `andon export`: the measurement history from the command line."""

from dataclasses import asdict
from pathlib import Path

import click

from andon.board.command_keeping import write_for_inspector
from andon.board.commands import account_named, acting_as, as_json, installation, print_told

_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@installation
@click.argument("place")
@click.argument("value")
@click.option("--reason", required=True, help="Why it is corrected.")
@acting_as
@as_json
def correct(place: str, value: str, reason: str, username: str, is_json: bool) -> None:
    """Supersede the measurement at PLACE (batch:position) by VALUE; nothing is overwritten."""
    from andon.identify.measurements import corrections  # noqa: PLC0415

    told = corrections.correct(place, value, reason=reason, actor=account_named(username))
    print_told(asdict(told), is_json, [f"{told.stream}: {told.before} is {told.after} now"])


@click.command()
@installation
@click.option("--master", type=_OUT, help="Write master data to this TOML or XLSX file.")
@click.option(
    "--records", type=_OUT, help="Write the register of records to this CSV or XLSX file."
)
@click.option(
    "--measurements", type=_OUT, help="Write all measurements to this Parquet or CSV file."
)
@click.option(
    "--history",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every measurement, corrected ones too, to Parquet files by month.",
)
@click.option("--inspector", type=_OUT, help="Write records, trail and verifier to this ZIP.")
@click.option("--record", "numbers", multiple=True, help="Only this record; repeatable.")
def export(  # noqa: PLR0917
    master: Path | None, records: Path | None, measurements: Path | None, history: Path | None,
    inspector: Path | None, numbers: tuple[str, ...],
) -> None:  # fmt: skip
    """Write data out in open formats."""
    if numbers and inspector is None:
        message = "--record narrows what is written for an inspector: name the file, --inspector."
        raise click.UsageError(message)
    from andon.board.export import export_measurements, export_records  # noqa: PLC0415
    from andon.control.plans.master_data import export_master  # noqa: PLC0415
    from andon.history.export import export_history  # noqa: PLC0415

    chosen = [
        (master, export_master),
        (records, export_records),
        (measurements, export_measurements),
        (history, export_history),
    ]
    if inspector is not None:
        write_for_inspector(inspector, numbers)
    elif not any(path for path, _write in chosen):
        message = (
            "Say what to write: --master, --records, --measurements, --history or --inspector."
        )
        raise click.UsageError(message)
    for path, write in chosen:
        if path is not None:
            write(path)
            click.echo(f"Wrote {path}")
