"""What a benchmark found, kept as JSON, so that all of them can be read in one table."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
Line = tuple[str, str, str, bool | None]
"""What was measured, the figure, what is aimed at, and whether it is reached (None: no aim)."""


def keep(name: str, lines: Iterable[Line]) -> None:
    """Keep the figures of one benchmark for the table of all."""
    folder = RESULTS / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(list(lines), indent=1) + "\n")


def kept(names: Sequence[str]) -> dict[str, list[Line]]:
    """Return what these benchmarks kept, by the name under which they did."""
    places = sorted((RESULTS / "figures").glob("*.json"))
    return {
        place.stem: [tuple(line) for line in json.loads(place.read_text())]
        for place in places
        if place.stem.startswith(tuple(names))
    }


def table(found: dict[str, list[Line]]) -> str:
    """Return one table of all figures."""
    marks = {True: "reached", False: "MISSED", None: ""}
    rows = [("benchmark", "what", "figure", "aim", "")]
    for name, lines in found.items():
        rows += [(name, *line[:3], marks[line[3]]) for line in lines]
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
