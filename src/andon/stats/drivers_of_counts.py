"""Which factor drives the rate of defects: factors ranked, each level's rate against the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.additive import fit_pair_of_counts, is_comparable
from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.comparison_cells import MOST_INSPECTED
from andon.stats.drivers_level_rates import CountModel
from andon.stats.drivers_of_counts_alone import CountDriver, LevelRate, Plan, rates_alone
from andon.stats.drivers_verdict import (
    Judgement,
    PairTest,
    in_words,
    pair_by_chi_square,
    separate,
)
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.factors import Factor, FactorColumn, cross, encode_factors
from andon.stats.multiplicity import Correction, corrected_p
from andon.stats.results import Result

__all__ = ["CountDriver", "CountDriverRanking", "LevelRate", "rank_drivers_of_counts"]

Dispersion = Literal["estimated", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDriverRanking(Result):
    """Factors ranked, strongest first, with the rate over all rows."""

    drivers: tuple[CountDriver, ...]
    rate: float
    rows: int


def rank_drivers_of_counts(
    counts: ArrayLike,
    inspected: ArrayLike,
    factors: Mapping[str, FactorColumn],
    *,
    model: CountModel = "poisson",
    dispersion: Dispersion = "estimated",
    correction: Correction = "holm",
    alpha: float = 0.05,
    minimum_ratio: float = 1.5,
    level: float = 0.95,
) -> CountDriverRanking:
    """Return the factors ranked by how much their levels' rates differ.

    Each factor alone: Pearson's chi-square of equal rates; each level against the rest: rate ratio,
    interval, p. Visible factors (corrected p below alpha, and a level whose ratio is at least
    `minimum_ratio` or at most its inverse) are fitted in pairs (log-linear, without interaction) to
    tell which acts.

    Args:
        counts: events (defects, or nonconforming units) per row, shape (n,), n at least 2.
        inspected: exposure per row, above 0, shape (n,).
        factors: name to one level per row; missing levels leave the row out for that factor.
        model: "poisson" (defects), "binomial" (nonconforming units, not more than inspected).
        dispersion: "estimated" divides by the spread of the rows within levels where it is above 1
            (lots differ more than chance alone); "none" trusts the model.
        correction: "holm", "benjamini-hochberg", "bonferroni" or "none".
        alpha: level of all tests.
        minimum_ratio: smallest ratio that matters in practice, above 1.
        level: confidence level of the intervals.

    Raises:
        TooFewValues, NotFinite, InvalidOption; NoVariation: no event at all;
        StatisticsError: lengths or counts that do not fit.

    Source: Agresti 2013, Categorical Data Analysis, 3.2 and 9.7; McCullagh and Nelder 1989, 6.2
    (dispersion).

    >>> ranking = rank_drivers_of_counts(
    ...     [30, 4, 5, 6], [2000] * 4, {"cell": ["A2", "A1", "A3", "A4"]}, dispersion="none"
    ... )
    >>> ranking.drivers[0].level.level, round(ranking.drivers[0].level.ratio, 2)
    ('A2', 6.0)
    """
    require_choice("model", model, get_args(CountModel))
    require_choice("dispersion", dispersion, get_args(Dispersion))
    require_choice("correction", correction, get_args(Correction))
    require_between("alpha", alpha, 0, 1)
    require_between("level", level, 0, 1)
    require_between("minimum_ratio", minimum_ratio, 1, np.inf)
    c, e = _checked(counts, inspected, model)
    coded = encode_factors(factors, c.size)
    plan = Plan(model, dispersion == "estimated", level)
    single = _corrected([rates_alone(n, f, c, e, plan) for n, f in coded.items()], correction)
    ranked = sorted(single, key=_strength)
    visible = [d for d in ranked if _is_visible(d, alpha, minimum_ratio)]
    known = [d.dispersion for d in visible if not np.isnan(d.dispersion)]
    scale = max(min(known, default=1.0), 1.0) if plan.widens else 1.0
    compare = _Comparisons(c, e, coded, scale).compare
    found = separate([d.factor for d in visible], compare, alpha=alpha, minimum_share=0.0)
    return CountDriverRanking(
        drivers=tuple(_judged(d, found) for d in ranked),
        rate=float(c.sum() / e.sum()),
        rows=c.size,
        method="rank_drivers_of_counts",
        options={
            "model": model,
            "dispersion": dispersion,
            "correction": correction,
            "alpha": alpha,
            "minimum_ratio": minimum_ratio,
            "level": level,
        },
        convention=f"{model} rates against the rest, log-normal intervals; "
        f"dispersion {dispersion}; p of the factors and of all levels corrected ({correction})",
        source="Agresti 2013; McCullagh and Nelder 1989",
    )


def _checked(
    counts: ArrayLike, inspected: ArrayLike, model: CountModel
) -> tuple[FloatArray, FloatArray]:
    c, e = as_values(counts, minimum=2, what="counts"), as_values(inspected, what="inspected")
    if c.size != e.size:
        raise StatisticsError(f"counts and inspected differ in length: {c.size} and {e.size}")
    if c.min() < 0 or e.min() <= 0:
        raise StatisticsError("counts must be at least 0 and inspected above 0 in every row")
    if model == "binomial" and ((c > e).any() or (c % 1).any() or (e % 1).any()):
        raise StatisticsError("nonconforming units must be whole and not more than inspected")
    if model == "binomial" and e.sum() > MOST_INSPECTED:
        raise InvalidOption("inspected", float(e.sum()), f"at most {MOST_INSPECTED} units together")
    if c.sum() == 0:
        raise NoVariation("counts (all are 0)")
    return c, e


def _corrected(drivers: list[CountDriver], correction: str) -> list[CountDriver]:
    of_factors = corrected_p(np.array([d.p_value for d in drivers]), correction)
    of_levels = iter(
        corrected_p(np.array([x.p_value for d in drivers for x in d.levels]), correction)
    )
    out = []
    for driver, p in zip(drivers, of_factors, strict=True):
        levels = tuple(replace(x, corrected_p=float(next(of_levels))) for x in driver.levels)
        first = levels[0] if levels else None
        out.append(replace(driver, corrected_p=float(p), level=first, levels=levels))
    return out


def _strength(driver: CountDriver) -> tuple[bool, float, int, str]:
    untested = driver.verdict == "not testable"
    gain = 0.0 if untested else driver.chi_square - driver.df
    return untested, -gain, driver.df, driver.factor


def _is_visible(driver: CountDriver, alpha: float, minimum_ratio: float) -> bool:
    if driver.level is None or not driver.corrected_p < alpha:
        return False
    ratio = driver.level.ratio
    return ratio >= minimum_ratio or ratio <= 1 / minimum_ratio


class _Comparisons:
    """The two-way fits of pairs of factors."""

    def __init__(
        self, c: FloatArray, e: FloatArray, factors: Mapping[str, Factor], scale: float
    ) -> None:
        self.c, self.e, self.factors, self.scale = c, e, factors, scale

    def compare(self, first: str, second: str) -> PairTest | None:
        pair = cross(self.factors[first], self.factors[second])
        exposure, counts = pair.table(self.e), pair.table(self.c)
        if not is_comparable(pair.shape) or counts.sum() == 0:
            return None
        fit = fit_pair_of_counts(exposure, counts, int((pair.cells.codes >= 0).sum()))
        return pair_by_chi_square(fit, self.scale)


def _judged(driver: CountDriver, found: Mapping[str, Judgement]) -> CountDriver:
    if driver.level is None:
        return driver
    judgement = found.get(driver.factor, Judgement("innocent", "no effect"))
    words = f"{driver.factor} {in_words(judgement)} {_level_in_words(driver.level)}"
    return replace(driver, verdict=judgement.verdict, related=judgement.related, words=words)


def _level_in_words(worst: LevelRate) -> str:
    limits = f"({worst.interval.low:.2g} to {worst.interval.high:.2g})"
    return f"{worst.level} has {worst.ratio:.2g} times the rate of the rest {limits}."
