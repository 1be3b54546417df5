"""`andon aggregate`: sums over the whole history, on the engine that the setting names."""

from datetime import UTC, datetime
from typing import Any

import click

from andon.board.commands import as_json, installation, print_told

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@installation
@click.argument("question", type=click.Choice(["moments", "drivers", "pareto", "capability"]))
@click.option("--by", multiple=True, default=["stream"], help="Column of the history; repeatable.")
@click.option("--where", multiple=True, help="COLUMN=VALUE; repeatable.")
@click.option("--since", type=_DAY, help="First day, in UTC.")
@click.option("--until", type=_DAY, help="First day that is left out, in UTC.")
@as_json
def aggregate(  # noqa: PLR0917
    question: str, by: tuple[str, ...], where: tuple[str, ...],
    since: datetime | None, until: datetime | None, is_json: bool,
) -> None:  # fmt: skip
    """Sum up the whole history: moments, drivers (one --by), pareto or capability."""
    from andon.history.engines import questions  # noqa: PLC0415

    span: dict[str, Any] = {"since": _in_utc(since), "until": _in_utc(until)}
    wanted = _wanted(where)
    _require_columns(*by, *wanted)
    if question == "capability":
        found = questions.capability_moments(wanted, **span)
    elif question == "drivers":
        found = questions.group_sums(by[0], wanted, **span)
    else:
        ask = questions.moments if question == "moments" else questions.pareto_counts
        found = ask(by, wanted, **span)
    rows = found.to_dicts()
    print_told(rows, is_json, ["  ".join(found.columns), *(_line(row) for row in rows)])


def _wanted(where: tuple[str, ...]) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for text in where:
        column, is_given, value = text.partition("=")
        if not is_given:
            message = f"Write --where COLUMN=VALUE, not {text!r}."
            raise click.UsageError(message)
        wanted.setdefault(column, []).append(value)
    return wanted


def _require_columns(*names: str) -> None:
    from andon.history.frame import SCHEMA  # noqa: PLC0415

    for name in names:
        if name not in SCHEMA:
            message = f"The history has no column {name!r}; it has {', '.join(SCHEMA)}."
            raise click.UsageError(message)


def _in_utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _line(row: dict[str, Any]) -> str:
    return "  ".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in row.values())
