"""The questions that an engine answers from the history: one snapshot, one expression."""

from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from andon.history.engines import expressions
from andon.history.engines.engine import configured
from andon.history.engines.expressions import Rows
from andon.history.reading import Asked, Snapshot, Where

_NOTHING: Where = {}


def moments(
    by: Sequence[str],
    where: Where = _NOTHING,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Return n, mean, M2, min, max and out-of-specification count by some columns."""
    return _found(lambda rows: expressions.moments(rows, by), by, Asked(where, since, until))


def group_sums(
    factor: str,
    where: Where,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Return n, mean and M2 of the means of subgroups for each level of a factor."""
    asked = Asked(where, since, until)
    return _found(lambda rows: expressions.group_sums(rows, factor), [factor], asked)


def pareto_counts(
    by: Sequence[str],
    where: Where = _NOTHING,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Return defects and pieces looked at by some columns."""
    asked = Asked(where, since, until)
    return _found(lambda rows: expressions.pareto_counts(rows, by), by, asked)


def capability_moments(
    where: Where = _NOTHING, *, since: datetime | None = None, until: datetime | None = None
) -> pl.DataFrame:
    """Return by stream what capability rests on."""
    return _found(expressions.capability_moments, ["stream"], Asked(where, since, until))


def alarm_counts(
    limits: pl.DataFrame,
    where: Where = _NOTHING,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Return by stream how many subgroups given limits would have called out."""
    engine = configured()
    rows = engine.rows(Snapshot.now(), Asked(where, since, until))
    found = expressions.alarm_counts(rows, engine.table(limits))
    return engine.collected(found, ["stream"])


def _found(expression: Callable[[Rows], Rows], by: Sequence[str], asked: Asked) -> pl.DataFrame:
    engine = configured()
    return engine.collected(expression(engine.rows(Snapshot.now(), asked)), by)
