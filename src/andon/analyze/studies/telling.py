"""A result in words and figures: verdict first, figures second, tables third."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from andon.pictures.false_alarms import rates_in_words, rates_of
from andon.stats.charts import ChartPair, ControlChart
from andon.stats.results import Result

_PROVENANCE = ("method", "options", "convention", "source")
_SHORT, _MOST_ROWS = 8, 60
Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Block:
    """A table with its title."""

    title: str
    headers: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of a result."""

    verdict: Rows
    figures: Rows
    blocks: list[Block]
    provenance: Rows


def tell(result: Result) -> Telling:
    """Return the result as rows of text, every figure with six digits."""
    data = result.to_dict()
    figures: Rows = list(_figures(data, ""))
    judged = [row for row in [*_judgements(result), *figures] if _is_verdict(row[0])]
    told = {row[0] for row in judged}
    verdict: Rows = [*judged, *_sentences(data), *_false_alarms(result)]
    blocks = [*_charts(result), *_blocks(data, "")]
    return Telling(
        verdict=verdict,
        figures=[row for row in figures if row[0] not in told],
        blocks=blocks,
        provenance=list(_provenance(data)),
    )


def as_text(told: Telling) -> str:
    """Return the telling as aligned tables for a terminal, never wider than it."""
    console = Console(
        file=io.StringIO(), width=130, highlight=False, markup=False, emoji=False, color_system=None
    )
    for rows in (told.verdict, told.figures):
        if rows:
            console.print(_grid(rows))
    for block in told.blocks:
        shown = block.rows[:_MOST_ROWS]
        left = len(block.rows) - len(shown)
        table = Table(*block.headers, title=block.title, title_justify="left", box=None)
        for row in shown:
            table.add_row(*row)
        console.print("", table)
        if left:
            console.print(f"... and {left} rows more: --json prints all")
    console.print("", _grid(told.provenance))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


def word(value: Any) -> str:
    """Return a plain value as text.

    >>> word(0.123456789), word(True), word({"low": 1.0, "high": 2.0, "level": 0.95})
    ('0.123457', 'yes', '1 to 2 (95 %)')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return _of_mapping(value)
    if isinstance(value, list):
        return _of_list(value)
    return str(value)


def _of_mapping(value: Mapping[str, Any]) -> str:
    if set(value) == {"low", "high", "level"}:
        level = f" ({100 * value['level']:g} %)" if value["level"] is not None else ""
        return f"{word(value['low'])} to {word(value['high'])}{level}"
    if set(value) == {"value", "interval"}:
        return f"{word(value['value'])}  [{word(value['interval'])}]"
    return ", ".join(f"{key} {word(item)}" for key, item in value.items())


def _of_list(value: list[Any]) -> str:
    if len(value) <= _SHORT:
        return ", ".join(map(word, value)) or "none"
    return f"{len(value)} values"


def _is_single(value: Any) -> bool:
    if isinstance(value, Mapping):
        return set(value) in ({"low", "high", "level"}, {"value", "interval"})
    return not isinstance(value, list) or not any(
        isinstance(each, Mapping | list) for each in value
    )


def _inner(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in (*_PROVENANCE, "rules")}


def _figures(data: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for key, value in _inner(data).items():
        name = f"{before}{key.replace('_', ' ')}"
        if _is_single(value):
            yield name, word(value)
        elif isinstance(value, Mapping):
            yield from _figures(value, f"{name}, ")


def _blocks(data: Mapping[str, Any], before: str) -> Iterator[Block]:
    for key, value in _inner(data).items():
        name = f"{before}{key.replace('_', ' ')}"
        if isinstance(value, Mapping) and not _is_single(value):
            yield from _blocks(value, f"{name}, ")
        elif isinstance(value, list) and not _is_single(value):
            yield _block(name, value)


def _block(title: str, value: Sequence[Any]) -> Block:
    if all(isinstance(each, Mapping) for each in value):
        headers = tuple(key for key in value[0] if key not in ("words", "related"))
        rows = [tuple(_cell(each.get(key)) for key in headers) for each in value]
        return Block(title, tuple(key.replace("_", " ") for key in headers), rows)
    lists = [each if isinstance(each, list) else [each] for each in value]
    width = max(map(len, lists))
    rows = [tuple(map(word, each)) + ("",) * (width - len(each)) for each in lists]
    return Block(title, tuple(str(at + 1) for at in range(width)), rows)


def _cell(value: Any) -> str:
    """Return a cell; a structure by the first that it says, its name."""
    if isinstance(value, Mapping) and not _is_single(value):
        return word(next(iter(value.values()), None))
    if isinstance(value, list) and not _is_single(value):
        return f"{len(value)} entries"
    return word(value)


def _sentences(data: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Return what is said in words of each row, such as each driver's verdict."""
    for rows in data.values():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping) and "words" in row:
                yield word(next(iter(row.values()))), str(row["words"])


def _judgements(result: Result) -> Iterator[tuple[str, str]]:
    """Return what the result judges by itself: its properties that are true or false."""
    for name in dir(type(result)):
        if name.startswith("is_") and isinstance(getattr(type(result), name), property):
            yield name.replace("_", " "), word(bool(getattr(result, name)))


def _is_verdict(name: str) -> bool:
    last = name.rsplit(", ", 1)[-1]
    return last.startswith("is ") or last in ("verdict", "words", "category")


def _charts(result: Result) -> Iterator[Block]:
    charts = [result.location, result.dispersion] if isinstance(result, ChartPair) else [result]
    for chart in charts:
        if not isinstance(chart, ControlChart):
            continue
        signals: Rows = [(str(at + 1), ", ".join(f"{rule.number}: {_rule(rule)}" for rule in rules))
                   for at, rules in chart.signals()]  # fmt: skip
        yield Block(f"{chart.statistic}: signals", ("point", "rules broken"), signals)
        rules: Rows = [(str(rule.number), _rule(rule), word(rate))
                 for rule, rate in rates_of(chart)]  # fmt: skip
        headers = ("rule", "pattern", "expected false alarms per 1,000 points")
        yield Block(f"{chart.statistic}: rules in force", headers, rules)


def _false_alarms(result: Result) -> Iterator[tuple[str, ...]]:
    """Return what the rules of a chart cost, in words."""
    chart = result.location if isinstance(result, ChartPair) else result
    if isinstance(chart, ControlChart) and chart.rules:
        yield "false alarms", rates_in_words(chart)


def _rule(rule: Any) -> str:
    return f"{rule.kind.value} (k {rule.k}, m {rule.m}, zone {rule.zone:g})"


def _provenance(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _PROVENANCE:
        if data.get(name):
            yield name, word(data[name])


def _grid(rows: Rows) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    return table
