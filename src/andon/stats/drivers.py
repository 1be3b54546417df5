"""Which factor drives the values: machines, shifts, lots, gauges ranked by what they explain."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.additive import fit_pair, is_comparable
from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.drivers_alone import Driver, LevelMean, explain_alone
from andon.stats.drivers_verdict import Judgement, PairTest, in_words, pair_by_f, separate
from andon.stats.factors import Factor, FactorColumn, encode_factors, pair_moments
from andon.stats.multiplicity import Correction, corrected_p
from andon.stats.results import Result

__all__ = ["Driver", "DriverRanking", "LevelMean", "rank_drivers_of_values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRanking(Result):
    """Factors ranked, strongest first.

    Attributes:
        drivers: one entry per factor.
        rows: rows analyzed.
        not_compared: pairs of factors with too many levels to be compared with each other.
    """

    drivers: tuple[Driver, ...]
    rows: int
    not_compared: tuple[tuple[str, str], ...] = field(default=())


def rank_drivers_of_values(
    values: ArrayLike,
    factors: Mapping[str, FactorColumn],
    *,
    correction: Correction = "holm",
    alpha: float = 0.05,
    minimum_share: float = 0.01,
    level: float = 0.95,
) -> DriverRanking:
    """Return the factors ranked by the share of the values' variation that each explains.

    Each factor alone: eta^2 = SSB / SST with its noncentral F interval, omega^2, F test, p
    corrected over the factors. Factors with a visible effect (corrected p below alpha, omega^2 at
    least `minimum_share`) are then fitted in pairs (additive, unbalanced) to tell which acts, which
    moves along with it, and which cannot be told apart. One pass over the rows per factor or pair.

    Args:
        values: shape (n,), at least 3, not all equal, any unit.
        factors: name to one level per row (text, or a coded `Factor`); a missing level (None, NaN,
            empty) leaves the row out for that factor.
        correction: "holm", "benjamini-hochberg", "bonferroni" or "none".
        alpha: level of all tests.
        minimum_share: smallest share of variation that matters in practice.
        level: confidence level of the intervals.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError (lengths differ).

    Source: Fisher 1925; Hays 1963 (omega squared); Steiger 2004 (interval); Searle 1971, ch. 7.

    >>> ranking = rank_drivers_of_values(
    ...     [1.0, 1.1, 0.9, 2.0, 2.1, 1.9], {"machine": ["L1"] * 3 + ["L2"] * 3, "shift": "ELNELN"}
    ... )
    >>> [(driver.factor, driver.verdict) for driver in ranking.drivers]
    [('machine', 'driver'), ('shift', 'innocent')]
    """
    require_choice("correction", correction, get_args(Correction))
    require_between("alpha", alpha, 0, 1)
    require_between("level", level, 0, 1)
    require_between("minimum_share", minimum_share, 0, 1, open_ends=False)
    x = as_values(values, minimum=3, must_vary=True)
    coded = encode_factors(factors, x.size)
    origin = float(x.mean())
    x = x - origin
    single = [
        explain_alone(name, factor, x, origin=origin, level=level) for name, factor in coded.items()
    ]
    corrected = corrected_p(np.array([d.p_value for d in single]), correction)
    single = [replace(d, corrected_p=float(p)) for d, p in zip(single, corrected, strict=True)]
    ranked = sorted(single, key=_strength)
    table = _Comparisons(x, coded)
    visible = [
        d.factor for d in ranked if d.corrected_p < alpha and d.omega_squared >= minimum_share
    ]
    found = separate(visible, table.compare, alpha=alpha, minimum_share=minimum_share)
    return DriverRanking(
        drivers=tuple(_judged(d, found) for d in ranked),
        rows=x.size,
        not_compared=tuple(table.skipped),
        method="rank_drivers_of_values",
        options={
            "correction": correction,
            "alpha": alpha,
            "minimum_share": minimum_share,
            "level": level,
        },
        convention="each factor alone, then visible factors in pairs without interaction; "
        f"p corrected over the factors ({correction})",
        source="Fisher 1925; Hays 1963; Steiger 2004; Searle 1971",
    )


def _strength(driver: Driver) -> tuple[bool, float, int, str]:
    untested = np.isnan(driver.p_value)
    return bool(untested), -driver.omega_squared, driver.level_count, driver.factor


class _Comparisons:
    """The two-way fits of pairs of factors, and the pairs that were too large."""

    def __init__(self, x: FloatArray, factors: Mapping[str, Factor]) -> None:
        self.x, self.factors = x, factors
        self.skipped: list[tuple[str, str]] = []

    def compare(self, first: str, second: str) -> PairTest | None:
        pair = self.factors[first], self.factors[second]
        if not is_comparable((len(pair[0].levels), len(pair[1].levels))):
            self.skipped.append((first, second))
            return None
        cells = pair_moments(*pair, self.x)
        rows = float(cells.counts.sum())
        total = float(cells.squares.sum() - cells.sums.sum() ** 2 / max(rows, 1.0))
        if rows < 3 or total <= 0:
            return None
        return pair_by_f(fit_pair(cells.counts, cells.sums, total))


def _judged(driver: Driver, found: Mapping[str, Judgement]) -> Driver:
    if driver.verdict == "not testable":
        return driver
    judgement = found.get(driver.factor, Judgement("innocent", "no effect"))
    words = f"{driver.factor} {in_words(judgement)} " + _share_in_words(driver)
    return replace(driver, verdict=judgement.verdict, related=judgement.related, words=words)


def _share_in_words(driver: Driver) -> str:
    low, high = driver.interval.low, driver.interval.high
    return f"Alone it explains {driver.eta_squared:.1%} of the variation ({low:.1%} to {high:.1%})."
