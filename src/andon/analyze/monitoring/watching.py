"""Which streams a submission touches, with limits, plan line and state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from django.db import connection

from andon.analyze.monitoring.judging import Watch
from andon.analyze.monitoring.models import FrozenLimits, Stream, StreamState
from andon.history.statements import ran
from andon.identify.measurements.context import TABLES, master_data_at
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records.trail.versions import version_of

_TABLES = ("monitoring_stream", "monitoring_frozenlimits", *TABLES)


def watches_of(rows: pl.DataFrame, remembered: dict[str, Watch] | None = None) -> dict[str, Watch]:
    """Return what is watched in these rows; a stream measured for the first time is created.

    What is found is added to what is remembered, for the next submission of this transaction. The
    states are locked until the transaction ends, so that judgements of one stream queue.
    """
    known = {} if remembered is None else remembered
    codes = set(rows["stream"].to_list())
    missing = sorted(codes - known.keys())
    if missing:
        known |= _found(rows, missing)
    return {code: known[code] for code in codes}


def _found(rows: pl.DataFrame, codes: list[str]) -> dict[str, Watch]:
    version = version_of(_TABLES)
    known, lines = _loaded(version), master_data_at(version)
    streams = {code: known.streams[code] for code in codes if code in known.streams}
    if len(streams) < len(codes):
        new = rows.filter(pl.col("stream").is_in(codes))
        streams |= _created(new, streams)
    keys = [stream.pk for stream in streams.values()]
    states = _states(keys)
    found = {}
    for code, stream in streams.items():
        state = states.get(stream.pk) or StreamState(stream=stream, content={})
        state.stream = stream
        line = lines.line(stream.characteristic_id, stream.machine_id)
        is_new = stream.pk not in states
        found[code] = Watch(stream, line, known.limits.get(stream.pk), state, is_new)
    return found


def _states(keys: list[int]) -> dict[int, StreamState]:
    """Return the streams' states, locked: asked with every measurement, so in a plain statement."""
    marks = ", ".join("%s" for _key in keys)
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    rows = ran(
        "SELECT stream_id, content FROM monitoring_streamstate"  # noqa: S608
        f" WHERE stream_id IN ({marks}) ORDER BY stream_id{lock}",
        keys,
    )
    return {key: StreamState(stream_id=key, content=json.loads(content)) for key, content in rows}


@dataclass(frozen=True, slots=True)
class _Known:
    """All streams with their newest limits, read once per change of any of them."""

    streams: Mapping[str, Stream]
    limits: Mapping[int, FrozenLimits]


@lru_cache(maxsize=2)
def _loaded(_version: str) -> _Known:
    streams = Stream.objects.select_related("characteristic", "machine")
    newest = FrozenLimits.objects.order_by("version")  # a later version takes the place
    return _Known(
        {stream.code: stream for stream in streams}, {one.stream_id: one for one in newest}
    )


def _created(rows: pl.DataFrame, known: Mapping[str, Stream]) -> dict[str, Stream]:
    missing = rows.filter(~pl.col("stream").is_in(list(known))).unique("stream")
    return {row["stream"]: _create(row) for row in missing.sort("stream").iter_rows(named=True)}


def _create(row: dict[str, str]) -> Stream:
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
