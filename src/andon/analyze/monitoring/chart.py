"""The data of a stream's control chart: columns by data set, as `pictures.control_chart` draws."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.analyze.monitoring.chart_events import events_of
from andon.analyze.monitoring.chart_lines import (
    RATIO_DIGITS,
    Phase,
    bands_of,
    frame_of,
    labels_of,
    lines_of,
    phases_of,
    specification_of,
    with_verdicts,
)
from andon.analyze.monitoring.envelope import envelope
from andon.analyze.monitoring.models import Signal, Stream
from andon.analyze.monitoring.spans import Span
from andon.analyze.monitoring.subgroups import pieces_of, rows_in, subgroups_of
from andon.organization.products.models import Characteristic
from andon.pictures.control_chart import DATA_SETS
from andon.records import clock
from andon.web.formats import MISSING, fixed, limit_at

VIEWS = ("means", "singles", "ranges")
_TICKS = 8
_CODE_ROOM = 0.016
"""Share of the width that a rule's code needs."""
Rows = Sequence[Mapping[str, Any]]
Columns = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of a stream that a chart shows, judged and thinned to what a picture can show."""

    stream: Stream
    rows: pl.DataFrame
    table: pl.DataFrame
    """Every subgroup of the span, with its verdicts."""
    drawn: pl.DataFrame
    phases: list[Phase]
    signals: list[Signal]

    @property
    def is_log(self) -> bool:
        """Tell whether the stream is judged by logarithms."""
        return self.stream.characteristic.model == Characteristic.Model.LOG

    @property
    def is_single(self) -> bool:
        """Tell whether each subgroup is a single value."""
        return self.table.height > 0 and self.table["n"].max() == 1

    @property
    def ends(self) -> tuple[float, float]:
        """The picture's left and right end."""
        return -0.5, max(self.table.height, 1) - 0.5


def shown(stream: Stream, span: Span, *, width: int = 1100) -> Shown:
    """Return what a chart of a stream shows of a span."""
    versions = list(stream.limits.all())
    size = versions[0].size if versions else None
    rows = rows_in(stream, span, size)
    table = subgroups_of(rows, stream, span)
    phases = phases_of(table, versions)
    signals = list(_signals(stream, table))
    judged = _marked(with_verdicts(table, phases), stream, signals)
    drawn = envelope(judged, width=width, by=("mean", "range"), kept="is_flagged")
    return Shown(stream, rows, judged, drawn, phases, signals)


def chart_data(chart: Shown, view: str) -> Columns:
    """Return all data sets of a view as columns."""
    panels = panels_of(view)
    sets: dict[str, Rows] = dict.fromkeys(DATA_SETS, ())
    sets["points"] = [] if view == "singles" else _points(chart)
    sets["pieces"] = _pieces(chart) if view == "singles" else []
    sets["events"] = events_of(chart.stream, chart.table, chart.phases)
    sets["ticks"] = ticks_of(chart.table)
    for panel in panels:
        for name, rows in _panel(chart, panel, sets["pieces"]).items():
            sets[name] = [*sets.get(name, ()), *rows]
    return {name: _columns(rows) for name, rows in sets.items()}


def panels_of(view: str) -> tuple[str, ...]:
    """Return the panels of a view, from top to bottom."""
    return {"means": ("mean", "range"), "singles": ("pieces",), "ranges": ("range",)}[view]


def _signals(stream: Stream, table: pl.DataFrame) -> QuerySet[Signal] | Sequence[Signal]:
    if not table.height:
        return ()
    at = table["measured_at"]
    within = stream.signals.filter(measured_at__range=(at.min(), at.max()))
    return within.select_related("acknowledged_by")


def _marked(table: pl.DataFrame, stream: Stream, signals: Iterable[Signal]) -> pl.DataFrame:
    """Add rule codes, exclusions and notes, and what must stay in any picture."""
    codes: dict[str, dict[str, list[str]]] = {"mean": defaultdict(list), "range": defaultdict(list)}
    for signal in signals:
        panel = "range" if signal.rule == "range" else "mean"
        codes[panel][signal.subgroup].append("R" if signal.rule == "range" else signal.rule)
    notes: dict[str, list[str]] = defaultdict(list)
    for note in stream.annotations.all():
        notes[note.subgroup].append(note.text)
    excluded = list(stream.exclusions.values_list("subgroup", flat=True))
    key = pl.col("subgroup")
    marked = table.with_columns(
        _looked_up(codes["mean"], " ").alias("codes_mean"),
        _looked_up(codes["range"], " ").alias("codes_range"),
        _looked_up(notes, "; ").alias("note"),
        key.is_in(excluded).alias("is_excluded"),
    ).with_columns((pl.col("note") != "").alias("has_note"))
    beyond = pl.col("is_beyond_mean") | pl.col("is_beyond_range") | (pl.col("out") > 0)
    coded = (pl.col("codes_mean") != "") | (pl.col("codes_range") != "")
    return marked.with_columns(
        is_flagged=beyond | coded | pl.col("has_note") | pl.col("is_excluded")
    )


def _looked_up(found: Mapping[str, Sequence[str]], joined: str) -> pl.Expr:
    told = {key: joined.join(texts) for key, texts in found.items()}
    if not told:
        return pl.lit("")
    return pl.col("subgroup").replace_strict(told, default="", return_dtype=pl.String)


def _points(chart: Shown) -> Rows:
    """Return the points with the texts of their tooltip."""
    size = _dot(chart.drawn.height)
    resolution = chart.stream.characteristic.resolution
    found = []
    codes = {name: _readable(chart, name) for name in ("codes_mean", "codes_range")}
    for place, row in enumerate(chart.drawn.iter_rows(named=True)):
        found.append(
            {
                **{name: row[name] for name in _DRAWN},
                **{name: texts[place] for name, texts in codes.items()},
                "dot": size,
                "key": row["subgroup"],
                "when": when(row["measured_at"]),
                "told_mean": limit_at(row["mean"], resolution),
                "told_range": told_range(chart, row["range"]),
                **{name: row[name] or MISSING for name in _TOLD},
                "n": row["n"],
            }
        )
    return found


def _readable(chart: Shown, name: str) -> list[str]:
    """Return the rule codes that do not run into the one before; the square itself stays."""
    free, told = -1.0, []
    for x, code in chart.drawn.select("x", name).iter_rows():
        has_room = bool(code) and x >= free
        told.append(code if has_room else "")
        free = x + chart.table.height * _CODE_ROOM if has_room else free
    return told


_DRAWN = (
    *("x", "mean", "range", "is_beyond_mean", "is_beyond_range"),
    *("is_excluded", "has_note"),
)
_TOLD = ("lot", "instrument", "operator", "shift", "note")


def told_range(chart: Shown, value: float | None) -> str:
    """Return a range as people read it; on the log model as a ratio."""
    if value is None or not chart.is_log:
        return limit_at(value, chart.stream.characteristic.resolution)
    return f"×{fixed(value, RATIO_DIGITS)}"


def _pieces(chart: Shown) -> Rows:
    """Return single values, as typed; very many are thinned, those outside specification kept."""
    ordered = pieces_of(chart.rows, chart.table).rename({"x": "place"}).with_row_index("x")
    out = pl.col("is_out_of_specification").fill_null(value=False)
    drawn = envelope(ordered.with_columns(out.alias("o")), width=1500, by=("value",), kept="o")
    dot = _dot(drawn.height // 3)
    return [
        {
            "x": row["place"], "value": row["value"], "is_out": bool(row["o"]), "dot": dot,
            "key": row["subgroup"], "when": when(row["measured_at"]), "told": row["text"],
            **{name: row[name] or MISSING for name in _TOLD[:4]},
        }
        for row in drawn.iter_rows(named=True)
    ]  # fmt: skip


def _panel(chart: Shown, panel: str, pieces: Rows) -> dict[str, Rows]:
    """Return lines, bands, corners and names of one panel."""
    is_log = chart.is_log and panel != "range"
    lines = [] if panel == "pieces" else lines_of(chart.stream, chart.phases, panel, chart.ends)
    if panel != "range":
        lines += specification_of(chart.stream.characteristic, panel, chart.ends)
    values = (
        [piece["value"] for piece in pieces]
        if panel == "pieces"
        else chart.table[panel].drop_nulls().to_list()
    )
    floor = [1.0 if chart.is_log else 0.0] if panel == "range" else []
    frame = frame_of(
        panel, [*values, *floor, *(line.value for line in lines)], chart.ends, is_log=is_log
    )
    closest = 0.17 if panel == "range" else 0.062
    return {
        "lines": [asdict(line) for line in lines],
        "bands": [] if panel == "pieces" else bands_of(chart.phases, panel, chart.ends),
        "labels": labels_of(lines, frame, is_log=is_log, closest=closest),
        f"frame_{panel}": frame,
    }


def ticks_of(table: pl.DataFrame) -> Rows:
    """Return at most eight places named by their day; by the hour where there are few days."""
    if not table.height:
        return []
    days = table["produced_on"].n_unique()
    months = pl.col("produced_on").dt.truncate("1mo")
    span = (table["produced_on"].to_list()[-1] - table["produced_on"].to_list()[0]).days
    by = "measured_at" if days < 3 else months if span > 150 else "produced_on"
    firsts = table.group_by(by, maintain_order=True).first()
    step = -(-firsts.height // _TICKS)
    return [
        {"x": row["x"], "label": _tick(row["produced_on"], row["measured_at"], days, span)}
        for row in firsts[::step].iter_rows(named=True)
    ]


def _tick(day: date, at: datetime, days: int, span: int) -> str:
    if days < 3:
        return at.astimezone(clock.site_zone()).strftime("%H:%M")
    return date_format(day, "M Y" if span > 330 else "j M")


def when(at: datetime) -> str:
    """Return an instant in the site's time, as a tooltip tells it."""
    return date_format(at.astimezone(clock.site_zone()), "D j M Y, H:i")


def _dot(count: int) -> int:
    return 24 if count <= 150 else 12 if count <= 400 else 5


def _columns(rows: Rows) -> dict[str, list[Any]]:
    names = rows[0] if rows else ()
    return {name: [row[name] for row in rows] for name in names}


def table_headings(chart: Shown, view: str) -> dict[str, str]:
    """Return the columns of tooltip and data table with their words."""
    if view == "singles":
        return {
            "when": _("Measured"), "told": _("Value"), "lot": _("Lot"),
            "instrument": _("Instrument"), "operator": _("Operator"), "shift": _("Shift"),
        }  # fmt: skip
    spread = _("Moving range") if chart.is_single else _("Largest ÷ smallest")
    return {
        "when": _("Measured"),
        "told_mean": _mean_word(chart),
        "told_range": spread if chart.is_single or chart.is_log else _("Range"),
        "n": _("Pieces"), "lot": _("Lot"), "instrument": _("Instrument"),
        "operator": _("Operator"), "shift": _("Shift"), "note": _("Note"),
    }  # fmt: skip


def _mean_word(chart: Shown) -> str:
    if chart.is_single:
        return _("Value")
    return _("Geometric mean") if chart.is_log else _("Mean")
