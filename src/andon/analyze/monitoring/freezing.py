"""Freezing limits from phase I, which is looked at for what would make them misleading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from andon.analyze.monitoring.models import FrozenLimits, Stream
from andon.control.plans.models import PlanLine
from andon.history import log
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.models import Account
from andon.stats.errors import StatisticsError
from andon.stats.findings_baseline import Baseline, freeze_baseline
from andon.stats.normality import judge_normality

FloatTable = NDArray[np.float64]
FEWEST = 25
"""Subgroups that a phase I needs (DOMAIN 1.5)."""


@dataclass(frozen=True, slots=True)
class PhaseOne:
    """The subgroups limits are frozen from: those of the usual size, excluded ones left out."""

    table: FloatTable
    since: date
    until: date
    left_out: int


def is_over(line: PlanLine | None, subgroups: int, on: date) -> bool:
    """Tell whether phase I has ended: on the plan's day, else with the 25th subgroup."""
    if line is not None and line.baseline_until is not None:
        return on > line.baseline_until
    return subgroups >= FEWEST


def phase_one(
    stream: Stream,
    *,
    since: date | None,
    until: date | None,
    before: datetime | None = None,
    without: Sequence[int] = (),
) -> PhaseOne | None:
    """Read the subgroups of a stream between two days; None when there are none.

    `before` keeps what was measured later out, so that a bulk import freezes what a replay would;
    `without` names batches that were stored in the same moment but count as later.
    """
    columns = ["subgroup", "produced_on", "value", "batch"]
    rows = log.scan({"stream": stream.code}, columns=columns, until=before)
    if since is not None:
        rows = rows.filter(pl.col("produced_on") >= since)
    if until is not None:
        rows = rows.filter(pl.col("produced_on") <= until)
    if without:
        rows = rows.filter(~pl.col("batch").is_in(without))
    excluded = list(stream.exclusions.values_list("subgroup", flat=True))
    found = rows.filter(~pl.col("subgroup").is_in(excluded)).collect()
    return _tabled(found) if found.height else None


def freeze(stream: Stream, phase: PhaseOne, *, actor: Account, reason: str) -> FrozenLimits | None:
    """Store the next version of a stream's limits; None when phase I cannot carry any."""
    is_log = stream.characteristic.model == Characteristic.Model.LOG
    try:
        baseline = freeze_baseline(phase.table, logarithmic=is_log, minimum=min(FEWEST, 25))
    except StatisticsError:
        return None
    lower, upper = baseline.range_limits(phase.table.shape[1])
    correlation, normality_p = _autocorrelation(phase.table), _normality(phase.table, is_log)
    newest = stream.limits.order_by("-version").first()
    return FrozenLimits.objects.create(
        stream=stream,
        version=newest.version + 1 if newest else 1,
        since=phase.since, until=phase.until,
        subgroups=len(phase.table), size=phase.table.shape[1],
        is_logarithmic=is_log,
        mean=baseline.mean,
        sigma_of_means=baseline.sigma_of_means,
        sigma_within=baseline.sigma_within,
        spread_lower=lower, spread_upper=upper,
        autocorrelation=correlation, normality_p=normality_p,
        remarks=list(_remarks(phase, correlation, normality_p, is_log)),
        reason=reason[:300], frozen_by=actor, frozen_at=clock.now(),
    )  # fmt: skip


def baseline_of(limits: FrozenLimits) -> Baseline:
    """Return frozen limits as the yardstick that the finding rules take."""
    return Baseline(
        mean=limits.mean,
        sigma_of_means=limits.sigma_of_means,
        sigma_within=limits.sigma_within,
        subgroups=limits.subgroups,
        is_logarithmic=limits.is_logarithmic,
        size=limits.size,
        method="freeze_baseline",
        options={"logarithmic": limits.is_logarithmic},
        convention=f"frozen, version {limits.version}",
        source=f"{limits.since} to {limits.until}",
    )


def _tabled(found: pl.DataFrame) -> PhaseOne:
    groups = found.group_by("subgroup", maintain_order=True).agg("value", pl.len().alias("n"))
    size = int(groups["n"].mode().max())  # type: ignore[arg-type]
    usual = groups.filter(pl.col("n") == size)
    table = np.array(usual["value"].to_list(), dtype=np.float64)
    since, until = found["produced_on"].min(), found["produced_on"].max()
    return PhaseOne(table, since, until, groups.height - usual.height)  # type: ignore[arg-type]


def _autocorrelation(table: FloatTable) -> float | None:
    means = table.mean(axis=1)
    gaps = means - means.mean()
    total = float(gaps @ gaps)
    return float(gaps[1:] @ gaps[:-1]) / total if total else None


def _normality(table: FloatTable, is_log: bool) -> float | None:
    """Test the pieces within their subgroups: shifts between subgroups are another matter."""
    values = np.log(table) if is_log else table
    within = (values - values.mean(axis=1, keepdims=True)).ravel()
    try:
        return float(judge_normality(within if table.shape[1] > 1 else values.ravel()).p_value)
    except StatisticsError:
        return None


def _remarks(
    phase: PhaseOne, correlation: float | None, normality_p: float | None, is_log: bool
) -> Sequence[str]:
    """Say in words what would make these limits misleading."""
    said = []
    bound = 3 / np.sqrt(len(phase.table))
    if correlation is not None and abs(correlation) > bound:
        message = _("Successive subgroups are alike (lag 1: %(r).2f): expect more false signals.")
        said.append(message % {"r": correlation})
    if normality_p is not None and normality_p < 0.01:
        scale = _("the logarithms") if is_log else _("the values")
        message = _("%(scale)s are not normal (p = %(p).3g): read capability by percentiles.")
        said.append(message % {"scale": scale, "p": normality_p})
    if phase.left_out:
        message = ngettext(
            "%(n)d subgroup of another size was left out.",
            "%(n)d subgroups of another size were left out.",
            phase.left_out,
        )
        said.append(message % {"n": phase.left_out})
    return said
