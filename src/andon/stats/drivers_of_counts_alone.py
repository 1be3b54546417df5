"""One factor alone: how the rates of its levels differ."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from andon.stats.arrays import FloatArray
from andon.stats.drivers_level_rates import CountModel, ratios_against_rest
from andon.stats.drivers_verdict import DriverVerdict
from andon.stats.factors import Factor, level_sums
from andon.stats.results import Interval

__all__ = ["CountDriver", "LevelRate", "Plan", "rates_alone"]

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Plan:
    """How counts are judged: the model, whether dispersion widens errors, the level."""

    model: CountModel
    widens: bool
    level: float


@dataclass(frozen=True, slots=True)
class LevelRate:
    """One level of a factor against all its other rows.

    Attributes:
        level: its name.
        count, inspected, rate: its events, exposure and their ratio.
        ratio: its rate over the rate of all other rows.
        interval: of the ratio.
        p_value, corrected_p: two-sided, and corrected over all levels of all factors.
    """

    level: str
    count: float
    inspected: float
    rate: float
    ratio: float
    interval: Interval
    p_value: float
    corrected_p: float


@dataclass(frozen=True, slots=True)
class CountDriver:
    """One factor and how its levels' rates differ.

    Attributes:
        factor, verdict, related, words: as for `Driver`.
        chi_square, df: Pearson's chi-square of equal rates, divided by the dispersion.
        dispersion: Pearson's chi-square of the rows within levels per degree of freedom; about 1
            when nothing but chance and this factor acts.
        p_value, corrected_p: of the chi-square, and corrected over the factors.
        level: the level that stands out most; None when the factor cannot be tested.
        levels: all levels, lowest p first.
        missing: rows without a level.
    """

    factor: str
    verdict: DriverVerdict
    related: str
    words: str
    chi_square: float
    df: int
    dispersion: float
    p_value: float
    corrected_p: float
    level: LevelRate | None
    levels: tuple[LevelRate, ...]
    missing: int


def rates_alone(name: str, factor: Factor, c: FloatArray, e: FloatArray, plan: Plan) -> CountDriver:
    """Return one factor's rates: all levels, the chi-square of equal rates, the dispersion."""
    counts, inspected = level_sums(factor, c), level_sums(factor, e)
    seen = inspected > 0
    counts, inspected = counts[seen], inspected[seen]
    here = factor.codes >= 0
    rows, missing = int(here.sum()), int((~here).sum())
    if counts.size < 2 or counts.sum() == 0:
        return _untestable(name, missing)
    dispersion = _dispersion(factor, c, e, plan.model)
    scale = max(dispersion, 1.0) if plan.widens and not np.isnan(dispersion) else 1.0
    chi_square = _pearson(counts, inspected, plan.model) / scale
    df = counts.size - 1
    p_value = special.chdtrc(df, chi_square)
    if scale > 1:
        p_value = special.fdtrc(df, rows - counts.size, chi_square / df)
    names = [level for level, is_seen in zip(factor.levels, seen, strict=True) if is_seen]
    levels = _level_rates(names, counts, inspected, plan, scale)
    return CountDriver(
        factor=name,
        verdict="innocent",
        related="",
        words="",
        chi_square=chi_square,
        df=df,
        dispersion=dispersion,
        p_value=float(p_value),
        corrected_p=NAN,
        level=levels[0],
        levels=levels,
        missing=missing,
    )


def _untestable(name: str, missing: int) -> CountDriver:
    return CountDriver(
        factor=name,
        verdict="not testable",
        related="",
        words=f"{name} has fewer than two levels or no event; levels that differ are needed.",
        chi_square=NAN,
        df=0,
        dispersion=NAN,
        p_value=NAN,
        corrected_p=NAN,
        level=None,
        levels=(),
        missing=missing,
    )


def _pearson(counts: FloatArray, inspected: FloatArray, model: CountModel) -> float:
    rate = counts.sum() / inspected.sum()
    chi_square = float(((counts - rate * inspected) ** 2 / (rate * inspected)).sum())
    return chi_square / (1 - rate) if model == "binomial" and rate < 1 else chi_square


def _dispersion(factor: Factor, c: FloatArray, e: FloatArray, model: CountModel) -> float:
    """Return Pearson's chi-square of the rows about their level's rate, per degree of freedom."""
    here = factor.codes >= 0
    c, e, codes = c[here], e[here], factor.codes[here]
    exposure, counts = (np.bincount(codes, x, len(factor.levels)) for x in (e, c))
    rate = np.divide(counts, exposure, out=np.zeros_like(counts), where=exposure > 0)[codes]
    spread = rate * e * ((1 - rate) if model == "binomial" else 1)
    used = spread > 0
    df = int(used.sum()) - int((counts > 0).sum())
    return float(((c - rate * e)[used] ** 2 / spread[used]).sum() / df) if df > 0 else NAN


def _level_rates(
    names: list[str], counts: FloatArray, inspected: FloatArray, plan: Plan, scale: float
) -> tuple[LevelRate, ...]:
    found = ratios_against_rest(
        counts, inspected, model=plan.model, level=plan.level, dispersion=scale
    )
    with np.errstate(divide="ignore"):
        distance = np.abs(np.log(found.ratio))
    order = np.lexsort((-np.nan_to_num(distance), found.p_value))
    return tuple(
        LevelRate(
            level=names[k],
            count=float(counts[k]),
            inspected=float(inspected[k]),
            rate=float(counts[k] / inspected[k]),
            ratio=float(found.ratio[k]),
            interval=Interval(float(found.low[k]), float(found.high[k]), plan.level),
            p_value=float(found.p_value[k]),
            corrected_p=NAN,
        )
        for k in order
    )
