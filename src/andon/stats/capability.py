"""Capability of a normal process: Cp and Cpk from sigma within, Pp and Ppk from sigma overall."""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, require_between, require_choice
from andon.stats.capability_indices import (
    INTERVALS,
    Estimate,
    Indices,
    Specification,
    indices_of,
)
from andon.stats.capability_within import (
    Spread,
    neighbour_spread,
    overall_spread,
    values_and_groups,
    within_spread,
)
from andon.stats.moments import Moments, moments_of
from andon.stats.normality import NormalityVerdict, judge_normality
from andon.stats.results import Result
from andon.stats.subgroups import Subgroups, as_subgroups

__all__ = ["Capability", "capability"]

FEWEST_FOR_NORMALITY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability(Result):
    """Capability of a process.

    Attributes:
        count, mean: of the values; specification: the limits they are held against.
        within, overall: indices from sigma within subgroups and from sigma of all values.
        observed_below, observed_above: values outside, counted.
        normality: verdict on the assumption behind the indices; None with fewer than 8 values.
    """

    count: int
    mean: float
    specification: Specification
    within: Indices
    overall: Indices
    observed_below: int
    observed_above: int
    normality: NormalityVerdict | None

    @property
    def cp(self) -> Estimate | None:
        """Cp: potential, sigma within."""
        return self.within.potential

    @property
    def cpk(self) -> Estimate:
        """Cpk: actual, sigma within."""
        return self.within.actual

    @property
    def pp(self) -> Estimate | None:
        """Pp: potential, sigma overall."""
        return self.overall.potential

    @property
    def ppk(self) -> Estimate:
        """Ppk: actual, sigma overall."""
        return self.overall.actual

    @property
    def cpm(self) -> Estimate | None:
        """Cpm: sigma overall and distance from the target."""
        return self.overall.taguchi

    @property
    def observed_ppm(self) -> float:
        """Parts per million outside, as counted."""
        return 1e6 * (self.observed_below + self.observed_above) / self.count


def capability(
    values: ArrayLike | Sequence[ArrayLike],
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    sizes: ArrayLike | None = None,
    within: str | None = None,
    level: float = 0.95,
    interval: str = "bissell",
    normality_test: str = "anderson-darling",
) -> Capability:
    """Return Cp, Cpk, Pp, Ppk, Cpm, Z bench and ppm with confidence intervals. O(n).

    Args:
        values: a row in the order of making, a table of subgroups, or rows of unequal length.
        lower, upper: specification limits; one may be missing.
        target: the aim of Cpm; the middle of the limits when not given.
        sizes: subgroup sizes when `values` is one row of consecutive subgroups.
        within: estimator of sigma within; "pooled deviation" for subgroups, "mean moving range"
            for single values when not given.
        level: of the two-sided intervals.
        interval: of Cpk and Ppk, "bissell" or "noncentral t" (exact for one side).
        normality_test: "anderson-darling" or "shapiro-wilk".

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    An index of an unstable process predicts nothing: judge the control chart first.

    Source: ISO 22514-2 and -4; Bissell 1990, Applied Statistics 39(3); Boyles 1991, Journal of
    Quality Technology 23(1); Montgomery, chapter 8.

    >>> found = capability([9.8, 10.1, 10.0, 9.9, 10.2, 10.0, 9.7, 10.3], lower=9, upper=11)
    >>> round(found.cpk.value, 3), round(found.ppk.value, 3)
    (1.386, 1.667)
    """
    require_between("level", level, 0.0, 1.0)
    require_choice("interval", interval, INTERVALS)
    limits = Specification(lower, upper, target)
    row, in_groups = values_and_groups(values, sizes)
    moments = moments_of(
        row,
        lower=float("-inf") if lower is None else lower,
        upper=float("inf") if upper is None else upper,
    )
    overall = overall_spread(moments)
    groups = as_subgroups(values, sizes) if in_groups else None
    inner = _inner_spread(row, moments, groups, within)
    both = [
        indices_of(basis, moments.mean, row.size, spread, limits, level=level, interval=interval)
        for basis, spread in (("within", inner), ("overall", overall))
    ]
    enough = row.size >= FEWEST_FOR_NORMALITY
    return Capability(
        method="capability",
        options={
            "within": inner.estimator,
            "level": level,
            "interval": interval,
            "normality_test": normality_test,
        },
        convention=f"Cp, Cpk: sigma from the {inner.estimator}; Pp, Ppk, Cpm: s with n - 1",
        source="ISO 22514-2; Bissell 1990; Boyles 1991",
        count=row.size,
        mean=moments.mean,
        specification=limits,
        within=both[0],
        overall=both[1],
        observed_below=moments.below,
        observed_above=moments.above,
        normality=judge_normality(row, test=normality_test) if enough else None,
    )


def _inner_spread(
    row: FloatArray, moments: Moments, groups: Subgroups | None, within: str | None
) -> Spread:
    if groups is not None:
        return within_spread(groups, within or "pooled deviation")
    return neighbour_spread(row, moments, within or "mean moving range")
