"""Which streams a submission touches, with limits, plan line and state: five queries in all."""

import polars as pl

from andon.analyze.monitoring.judging import Watch
from andon.analyze.monitoring.models import FrozenLimits, Stream, StreamState
from andon.control.plans.models import PlanLine
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic


def watches_of(rows: pl.DataFrame) -> dict[str, Watch]:
    """Return what is watched in these rows; a stream measured for the first time is created.

    The states are locked until the transaction ends, so that judgements of one stream queue.
    """
    codes = rows["stream"].unique().to_list()
    streams = _streams(rows, codes)
    keys = [stream.pk for stream in streams.values()]
    states = {
        state.stream_id: state
        for state in StreamState.objects.select_for_update().filter(stream__in=keys).order_by("pk")
    }
    limits = _newest_limits(keys)
    lines = _lines(streams)
    found = {}
    for code, stream in streams.items():
        state = states.get(stream.pk) or StreamState(stream=stream, content={})
        state.stream = stream
        line = lines.get((stream.characteristic_id, stream.machine_id)) or lines.get(
            (stream.characteristic_id, None)
        )
        is_new = stream.pk not in states
        found[code] = Watch(stream, line, limits.get(stream.pk), state, is_new)
    return found


def _streams(rows: pl.DataFrame, codes: list[str]) -> dict[str, Stream]:
    known = Stream.objects.filter(code__in=codes).select_related("characteristic", "machine")
    streams = {stream.code: stream for stream in known}
    missing = rows.filter(~pl.col("stream").is_in(list(streams))).unique("stream")
    for row in missing.sort("stream").iter_rows(named=True):
        streams[row["stream"]] = _created(row)
    return streams


def _created(row: dict[str, str]) -> Stream:
    is_count = row["inspected"] is not None
    stream, _is_new = Stream.objects.get_or_create(
        code=row["stream"],
        defaults={
            "characteristic": Characteristic.objects.get(code=row["characteristic"]),
            "machine": Machine.objects.get(code=row["machine"]),
            "shift": row["shift"] if is_count else "",
        },
    )
    return stream


def _newest_limits(keys: list[int]) -> dict[int, FrozenLimits]:
    """Return each stream's limits of the highest version."""
    limits = FrozenLimits.objects.filter(stream__in=keys).order_by("stream_id", "version")
    return {one.stream_id: one for one in limits}


def _lines(streams: dict[str, Stream]) -> dict[tuple[int, int | None], PlanLine]:
    characteristics = {stream.characteristic_id for stream in streams.values()}
    lines = PlanLine.objects.filter(
        characteristic__in=characteristics, plan__is_effective=True
    ).select_related("characteristic")
    return {(line.characteristic_id, line.machine_id): line for line in lines}
