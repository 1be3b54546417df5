"""`andon analyze`: every statistic on a table file, without server, database or Python.

Loading the statistics takes a second, so it happens when the command runs, not when it is listed.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from andon.analyze.studies.tables import Table
    from andon.stats.catalogue import Method
    from andon.stats.results import Result

_OUT = click.Path(dir_okay=False, path_type=Path)
_MULTIPLE: dict[str, Any] = {"multiple": True, "metavar": "COL"}


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the result goes."""

    is_json: bool
    html: Path | None
    pdf: Path | None
    png: Path | None


@click.command()
@click.argument("method", required=False, default="")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--value", "values", **_MULTIPLE, help="Column of values; repeatable.")
@click.option("--by", **_MULTIPLE, help="Column of labels or groups; repeatable.")
@click.option("--column", "named", multiple=True, metavar="INPUT=COL[,COL]",
              help="Columns of a named input; repeatable.")  # fmt: skip
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE",
              help="Option of the method; NAME=@FILE reads JSON; repeatable.")  # fmt: skip
@click.option("--decimal", type=click.Choice([".", ","]), default=".", help="In CSV files.")
@click.option("--list", "is_list", is_flag=True, help="List every method.")
@click.option("--help-method", "is_described", is_flag=True, help="Describe METHOD.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
@click.option("--html", type=_OUT, help="Also write a page.")
@click.option("--pdf", type=_OUT, help="Also write a PDF.")
@click.option("--png", type=_OUT, help="Also write the picture.")
def analyze(method: str, file: Path | None, values: tuple[str, ...], by: tuple[str, ...],  # noqa: PLR0917
            named: tuple[str, ...], options: tuple[str, ...], decimal: str, is_list: bool,
            is_described: bool, is_json: bool, html: Path | None, pdf: Path | None,
            png: Path | None) -> None:  # fmt: skip
    """Compute a statistic from a CSV, XLSX or Parquet FILE; --list tells the METHODs.

    Columns are named by their header or their number from 1.
    """
    if is_list or not method:
        _list(is_json=is_json)
        return
    found = _found(method)
    if is_described:
        _describe(found, is_json=is_json)
        return
    wanted = _wanted(values, by, _pairs(named, "--column"))
    result, given = _computed(found, file, decimal, wanted, _pairs(options, "--option"))
    _hand_out(found, file, result, given, Outputs(is_json, html, pdf, png))


def _list(*, is_json: bool) -> None:
    from andon.stats.catalogue import methods  # noqa: PLC0415

    if is_json:
        click.echo(json.dumps([method.to_dict() for method in methods()], indent=1))
        return
    width = max(len(method.name) for method in methods())
    for method in methods():
        click.echo(f"{method.name:<{width}}  {method.summary.removeprefix('Return ')}")
    click.echo("\nRules of the charts that take them, as --option rules=FAMILY or FAMILY:NUMBERS:")
    _tell_rules()


def _found(name: str) -> "Method":
    from andon.stats.catalogue import describe  # noqa: PLC0415
    from andon.stats.errors import InvalidOption  # noqa: PLC0415

    try:
        return describe(name)
    except InvalidOption as error:
        _end(str(error))


def _describe(method: "Method", *, is_json: bool) -> None:
    if is_json:
        click.echo(json.dumps(method.to_dict(), indent=1))
        return
    click.echo(f"{method.text}\n")
    for parameter in method.parameters:
        if parameter.kind:
            told = "required" if parameter.is_required else f"default {_short(parameter.default)}"
            choices = f": {', '.join(parameter.choices)}" if parameter.choices else ""
            flag = "--column" if parameter.is_input else "--option"
            click.echo(f"  {flag} {parameter.name}  {parameter.type}{choices}; {told}")
            if parameter.type == "rules":
                _tell_rules()


def _tell_rules() -> None:
    """Print each family of rules with the false alarms that each of its rules costs."""
    from andon.stats.rule_rates import false_alarms_per_thousand  # noqa: PLC0415
    from andon.stats.rules import FAMILIES  # noqa: PLC0415

    for family, rules in FAMILIES.items():
        rates = ", ".join(f"{each.number}: {false_alarms_per_thousand(each):.3g}" for each in rules)
        click.echo(f"      {family}; expected false alarms per 1,000 points by rule: {rates}")


def _short(default: Any) -> str:
    text = str(default)
    return text if len(text) <= 40 else "limits only"  # rules are the one long default


def _pairs(texts: tuple[str, ...], flag: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, middle, _ in pairs:
        if not middle or not name:
            _end(f"{flag} {name}: write {flag} NAME=VALUE")
    return {name.strip().replace("-", "_"): value for name, _, value in pairs}


def _wanted(values: tuple[str, ...], by: tuple[str, ...], named: Mapping[str, str]) -> Any:
    from andon.analyze.studies.assigning import Wanted  # noqa: PLC0415

    return Wanted(values, by, {name: text.split(",") for name, text in named.items()})


def _computed(
    method: "Method", file: Path | None, decimal: str, wanted: Any, options: dict[str, str]
) -> tuple["Result", dict[str, Any]]:
    from andon.analyze.studies.assigning import assign, columns_of  # noqa: PLC0415
    from andon.analyze.studies.tables import BadTable, read_table  # noqa: PLC0415
    from andon.stats.catalogue import arguments_of, run  # noqa: PLC0415
    from andon.stats.errors import StatisticsError  # noqa: PLC0415

    table, filled = None, {}
    try:
        columns: dict[str, Any] = {}
        if file is not None:
            table = read_table(file, decimal)
            filled = assign(method, table, wanted)
            columns = columns_of(method, table, filled)
        read = {name: _from_file(name, text) for name, text in options.items()}
        return run(method.name, columns, read), arguments_of(method.name, columns, read)
    except BadTable as error:
        _end(str(error))
    except StatisticsError as error:
        _end(_placed(str(error), table, filled))


def _from_file(name: str, text: str) -> Any:
    """Return an option; @FILE is the JSON of an earlier result."""
    if not text.startswith("@"):
        return text
    try:
        return json.loads(Path(text[1:]).read_text())
    except (OSError, ValueError) as error:
        _end(f"{text[1:]}: cannot be read as JSON for {name} ({error}); write it with --json")


def _placed(message: str, table: "Table | None", filled: Mapping[str, list[str]]) -> str:
    """Return the refusal with the file, the columns and the first cell that is no number."""
    if table is None:
        return message
    headers = [header for headers in filled.values() for header in headers]
    if not headers:
        return f"{table.name}: {message}; name its columns with --value and --by"
    cells = [(header, table.misfit(header)) for header in headers if filled.get("") != [header]]
    places = [f"column {header!r}, {cell}" for header, cell in cells if cell]
    is_about_numbers = "number" in message and places
    place = places[0] if is_about_numbers else "columns " + ", ".join(map(repr, headers))
    return f"{table.name}, {place}: {message}"


def _hand_out(
    method: "Method", file: Path | None, result: "Result", columns: dict[str, Any], out: Outputs
) -> None:
    from andon.analyze.studies.telling import as_text, tell  # noqa: PLC0415

    told = tell(result)
    if out.is_json:
        click.echo(json.dumps(result.to_dict(), indent=1, allow_nan=False))
    else:
        click.echo(as_text(told))
    if out.html or out.pdf or out.png:
        title = f"{method.name.replace('_', ' ')}: {file.name}" if file else method.name
        _write(out, title, told, result, columns)


def _write(out: Outputs, title: str, told: Any, result: "Result", columns: dict[str, Any]) -> None:
    from andon.analyze.studies import files  # noqa: PLC0415
    from andon.pictures.registry import picture_of, why_no_picture  # noqa: PLC0415

    picture = picture_of(result, columns)
    if picture is None:
        reason = why_no_picture(type(result))
        click.echo(f"There is no picture: {reason}; the figures are written.", err=True)
    writers = ((out.html, files.write_html), (out.pdf, files.write_pdf), (out.png, files.write_png))
    for path, write in writers:
        if path is not None:
            try:
                write(path, title, told, picture)
            except OSError as error:
                _end(f"{path}: cannot be written ({error.strerror}); choose another place")
            click.echo(f"Wrote {path}", err=True)


def _end(message: str) -> NoReturn:
    """Stop with one line and code 2: the command was understood, what it was given was not."""
    click.echo(" ".join(message.split()), err=True)
    sys.exit(2)
