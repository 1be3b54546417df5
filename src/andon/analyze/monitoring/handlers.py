"""Monitoring hears every measurement that comes through the door."""

import polars as pl

from andon.analyze.monitoring.events import OutOfSpecification
from andon.analyze.monitoring.judging import judge_values
from andon.analyze.monitoring.rates import tally
from andon.analyze.monitoring.watching import watches_of
from andon.identify.measurements.events import Recorded
from andon.records.events import announce


def judge(event: Recorded) -> None:
    """Judge new measurements: values by their stream's limits, counts by their week."""
    watches = watches_of(event.rows)
    counts = event.rows.filter(pl.col("inspected").is_not_null())
    values = event.rows.filter(pl.col("inspected").is_null())
    if values.height:
        judge_values(event, values, watches)
    if counts.height:
        tally(counts, watches, event.notes)
    for (code,), rows in values.filter(pl.col("is_out_of_specification")).group_by(
        "stream", maintain_order=True
    ):
        stream = watches[str(code)].stream
        announce(OutOfSpecification(stream, rows, event.actor, event.notes))


HANDLERS = ((Recorded, judge),)
