"""The factors of measurements: every column that says where, when and with what."""

from collections.abc import Mapping

import polars as pl

from andon.identify.measurements.queries import with_factors

KNOWN = ("machine", "product", "lot", "instrument", "operator", "shift")
"""Columns every measurement has; each further column a submission brought is a factor too."""
WEEKDAY = "weekday"
PLACE = "machine × shift"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OTHER_LOTS = "other lots"
PREFERENCE = ("machine", PLACE, "product", "lot", "*", "instrument", "operator", "shift", WEEKDAY)
"""Which of several factors that cannot be told apart is named first; * stands for the others."""


def factor_columns(rows: pl.DataFrame, *, with_place: bool = False) -> dict[str, list[str]]:
    """Return every factor with one level per row; a factor that never varies is left out.

    `with_place` adds machine and shift taken together, as defects are compared by place.
    """
    told = with_factors(rows)
    further = [name for name in told.columns if name not in rows.columns]
    columns = {name: told[name].to_list() for name in (*KNOWN, *further)}
    columns[WEEKDAY] = [_WEEKDAYS[day.weekday()] for day in told["produced_on"].to_list()]
    if with_place:
        pairs = zip(columns["machine"], columns["shift"], strict=True)
        columns[PLACE] = [f"{machine}/{shift}" for machine, shift in pairs]
    return {name: levels for name, levels in columns.items() if len(set(levels) - {""}) > 1}


def narrowed_to(columns: Mapping[str, list[str]], suspect: str) -> dict[str, list[str]]:
    """Return the columns with the lots told as one suspect lot and all others.

    Where each lot is one subgroup, lots cannot be ranked by their means; one that was found by
    itself can be held against the rest.
    """
    lots = columns.get("lot")
    if not lots or suspect not in lots:
        return dict(columns)
    return {**columns, "lot": [lot if lot == suspect else OTHER_LOTS for lot in lots]}


def repeating(columns: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the columns without those that name every row differently: nothing repeats there."""
    return {name: levels for name, levels in columns.items() if len(set(levels)) < len(levels)}


def rank_of(factor: str) -> int:
    """Return the place of a factor in the order of preference.

    >>> sorted(["shift", "instrument", "supplier", "machine"], key=rank_of)
    ['machine', 'supplier', 'instrument', 'shift']
    """
    return PREFERENCE.index(factor if factor in PREFERENCE else "*")
