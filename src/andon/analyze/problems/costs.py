"""What a problem costs each working day: expected rejects times what a piece has cost so far."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import polars as pl
from django.db.models import Sum
from scipy.special import ndtr

from andon.analyze.monitoring.models import Finding
from andon.identify.measurements.queries import subgroups
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.queries import cost_of_record
from andon.organization.products.models import Characteristic, Lot
from andon.organization.products.queries import cost_per_piece
from andon.stats.findings import Finding as Departure

CENT = Decimal("0.01")
_AHEAD = 10
"""Subgroups over which a drift is taken on: what it costs if nothing is done for a while."""


def expected_cost_per_day(
    findings: Sequence[Finding], rows: pl.DataFrame, drift: Finding | None = None
) -> Decimal | None:
    """Return expected rejects of a working day times the cost of a piece; None when not known.

    `rows` are the affected measurements: their lots tell how much is made. `drift` is a finding
    whose mean moves on: it is taken on for the next subgroups.
    """
    lead = findings[0]
    if lead.stream is None or not rows.height:
        return None
    characteristic = lead.stream.characteristic
    price = cost_per_piece(characteristic.process, characteristic.product)
    pieces = _pieces_per_day(rows)
    if price is None or pieces is None:
        return None
    if lead.rule == Finding.Rule.RATE:
        share = excess_rate(findings[-1])
    else:
        share = share_outside(characteristic, rows, _ahead(drift))
    amount = Decimal(repr(share)) * Decimal(repr(pieces)) * price
    return amount.quantize(CENT, ROUND_HALF_UP)


def share_outside(characteristic: Characteristic, rows: pl.DataFrame, ahead: float) -> float:
    """Return the share of pieces expected outside specification, normal on the model's scale.

    The mean is that of the affected rows moved by `ahead`, the spread that within subgroups.
    """
    is_log = characteristic.model == Characteristic.Model.LOG
    value = pl.col("value").log() if is_log else pl.col("value")
    groups = subgroups(rows.with_columns(value))
    mean = float(np.mean(groups["mean"].to_numpy())) + ahead
    spread = float(np.sqrt(np.nanmean(groups["s"].fill_null(float("nan")).to_numpy() ** 2)))
    if not math.isfinite(spread) or spread == 0:
        return 0.0
    scale = math.log if is_log else float
    low, high = characteristic.lower_specification, characteristic.upper_specification
    below = ndtr((scale(low) - mean) / spread) if low is not None else 0.0
    above = ndtr((mean - scale(high)) / spread) if high is not None else 0.0
    return float(below + above)


def excess_rate(finding: Finding) -> float:
    """Return by how much a place's defect rate is above that of the others."""
    told = finding.detail
    here = told["found"] / told["inspected"]
    there = told["found_elsewhere"] / told["inspected_elsewhere"]
    return max(0.0, float(here - there))


def booked_cost(nonconformities: Sequence[Nonconformity]) -> Decimal:
    """Return what the dispositions of nonconformities have cost so far."""
    return sum((cost_of_record(one) for one in nonconformities), Decimal(0))


def _pieces_per_day(rows: pl.DataFrame) -> float | None:
    lots = [lot for lot in rows["lot"].unique().to_list() if lot]
    made = Lot.objects.filter(code__in=lots).aggregate(sum=Sum("quantity"))["sum"]
    days = rows["produced_on"].n_unique()
    return made / days if made else None


def _ahead(drift: Finding | None) -> float:
    slope = Departure.from_dict(drift.detail).slope if drift is not None else None
    return (slope or 0.0) * _AHEAD
