"""Monitoring hears every measurement that comes through the door."""

from collections.abc import Mapping

import polars as pl

from andon.analyze.monitoring.events import OutOfSpecification
from andon.analyze.monitoring.judging import Watch, judge_again, judge_values, save
from andon.analyze.monitoring.rates import correct_tally, tally
from andon.analyze.monitoring.watching import watches_of
from andon.history import log
from andon.identify.measurements.corrections import Corrected
from andon.identify.measurements.events import Gathered, Recorded
from andon.records.events import announce

_MEMORY = "monitoring"


def judge(event: Recorded) -> None:
    """Judge new measurements: values by their stream's limits, counts by their week."""
    watches = watches_of(event.rows, event.gathered.memory.setdefault(_MEMORY, {}))
    has_counts = event.rows["inspected"].null_count() < event.rows.height
    is_count = pl.col("inspected").is_not_null()
    values = event.rows.filter(~is_count) if has_counts else event.rows
    if values.height:
        judge_values(event, values, watches)
    if has_counts:
        tally(event.rows.filter(is_count), watches, event.notes)
    if values["is_out_of_specification"].sum():
        _tell_outside(event, values, watches)


def judge_corrected(event: Corrected) -> None:
    """Judge the subgroup of a corrected value again; a corrected count changes its week."""
    told = Recorded(event.rows, event.batch, event.actor, event.notes)
    row, watches = event.rows.row(0, named=True), watches_of(event.rows)
    watch = watches[row["stream"]]
    if row["inspected"] is not None:
        change = int(row["value"] - event.before["value"])
        correct_tally(watch.stream, row["produced_on"], change)
        return
    where = {"stream": row["stream"], "subgroup": row["subgroup"]}
    judge_again(told, watch, log.scan(where).collect())
    if row["is_out_of_specification"] and not event.before["is_out_of_specification"]:
        _tell_outside(told, event.rows, watches)


def keep(gathered: Gathered) -> None:
    """Write what was judged of each stream, once, whatever number of submissions touched it."""
    save(gathered.memory.get(_MEMORY, {}).values())


def _tell_outside(event: Recorded, values: pl.DataFrame, watches: Mapping[str, Watch]) -> None:
    outside = values.filter(pl.col("is_out_of_specification"))
    for (code,), rows in outside.group_by("stream", maintain_order=True):
        stream = watches[str(code)].stream
        announce(OutOfSpecification(stream, rows, event.actor, event.notes))


HANDLERS = ((Recorded, judge), (Gathered, keep), (Corrected, judge_corrected))
