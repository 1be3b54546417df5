"""The effect of an action on a process: how far the mean moved and what capability became.

The third measure of an effect, the ratio of two rates, is `comparison_rates.compare_rates`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_between, require_finite
from andon.stats.comparison import t_interval, t_p
from andon.stats.comparison_means import mean_difference, standard_error
from andon.stats.errors import InvalidOption, NoVariation
from andon.stats.results import Interval, Result

__all__ = ["CapabilityChange", "MeanShift", "compare_capability", "mean_shift", "mean_shift_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanShift(Result):
    """How far a mean moved, in the unit of the values and in within sigmas.

    Attributes:
        shift: mean after minus mean before, in the unit of the values.
        shift_in_sigma: the same divided by the within sigma.
        interval: confidence interval of `shift_in_sigma`.
        within_sigma: the divisor, taken as known.
        p_value: of no shift, two-sided.
        counts: values before (0 for a frozen baseline) and after.
    """

    shift: float
    shift_in_sigma: float
    interval: Interval
    within_sigma: float
    p_value: float
    counts: tuple[int, int]


def mean_shift(
    before: ArrayLike, after: ArrayLike, *, within_sigma: float, level: float = 0.95
) -> MeanShift:
    """Return the shift of the mean in within sigmas, with Welch's t interval.

    Give the means of rational subgroups, not single values, when subgroups differ more than their
    within sigma explains: then the interval holds for a process with variation between subgroups.

    Args:
        before, after: values or subgroup means, shape (n,), at least 2 each.
        within_sigma: sigma within subgroups, above 0; it scales, it is not estimated here.
        level: confidence level.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Welch 1947, Biometrika 34.

    >>> round(mean_shift([1.0, 1.2, 1.1], [1.4, 1.5, 1.3], within_sigma=0.1).shift_in_sigma, 6)
    3.0
    """
    one, two = as_values(before, minimum=2), as_values(after, minimum=2)
    error, df = standard_error(one, two, pooled=False)
    shift = mean_difference(one, two)
    return _shift(shift, error, df, within_sigma, level=level, counts=(one.size, two.size))


def mean_shift_from(
    after: ArrayLike, *, baseline_mean: float, within_sigma: float, level: float = 0.95
) -> MeanShift:
    """Return the shift from a frozen baseline mean in within sigmas, with Student's t interval.

    Args:
        after: values or subgroup means, shape (n,), at least 2.
        baseline_mean: the frozen centre line, taken as known.
        within_sigma: the frozen within sigma, above 0, taken as known.
        level: confidence level.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Student 1908, Biometrika 6.

    >>> round(mean_shift_from([1.4, 1.5, 1.3], baseline_mean=1.1, within_sigma=0.1).interval.low, 3)
    0.516
    """
    require_finite("baseline_mean", baseline_mean)
    values = as_values(after, minimum=2, must_vary=True)
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    shift = float((values - baseline_mean).mean())
    return _shift(shift, error, values.size - 1, within_sigma, level=level, counts=(0, values.size))


def _shift(
    shift: float,
    error: float,
    df: float,
    within_sigma: float,
    *,
    level: float,
    counts: tuple[int, int],
) -> MeanShift:
    require_between("level", level, 0, 1)
    require_between("within_sigma", within_sigma, 0, np.inf)
    return MeanShift(
        shift=shift,
        shift_in_sigma=shift / within_sigma,
        interval=t_interval(shift / within_sigma, error / within_sigma, df, level=level),
        within_sigma=within_sigma,
        p_value=t_p(shift / error, df),
        counts=counts,
        method="mean_shift" if counts[0] else "mean_shift_from",
        options={"within_sigma": within_sigma, "level": level},
        convention="t interval of the shift divided by a within sigma taken as known",
        source="Welch 1947" if counts[0] else "Student 1908",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityChange(Result):
    """The smaller index (Ppk) before and after, and their ratio.

    Attributes:
        before, after: Ppk of each side.
        before_interval, after_interval: Bissell's intervals.
        ratio: after over before; NaN unless both are above 0.
        ratio_interval: confidence interval of the ratio.
        difference, difference_interval: after minus before.
        p_value: of no difference, two-sided.
        counts: values before and after.
    """

    before: float
    after: float
    before_interval: Interval
    after_interval: Interval
    ratio: float
    ratio_interval: Interval
    difference: float
    difference_interval: Interval
    p_value: float
    counts: tuple[int, int]


def compare_capability(
    before: ArrayLike,
    after: ArrayLike,
    *,
    lower_limit: float | None = None,
    upper_limit: float | None = None,
    level: float = 0.95,
) -> CapabilityChange:
    """Return Ppk before and after an action, with intervals of both, their ratio and difference.

    Var(Ppk) = 1/(9 n) + Ppk^2 / (2 (n - 1)); difference and log ratio are taken as normal.

    Args:
        before, after: values, shape (n,), at least 10 each, near normal and stable.
        lower_limit, upper_limit: specification limits; one may be absent.
        level: confidence level.

    Raises:
        TooFewValues, NotFinite, NoVariation; InvalidOption: no limit, or lower above upper.

    Source: Bissell 1990, Applied Statistics 39, 331-340 (variance of the index).

    >>> x = np.linspace(9.0, 11.0, 30)
    >>> change = compare_capability(x, 10 + (x - 10) / 2, lower_limit=8.0, upper_limit=12.0)
    >>> round(change.ratio, 6)
    2.0
    """
    require_between("level", level, 0, 1)
    one = as_values(before, minimum=10, what="values before", must_vary=True)
    two = as_values(after, minimum=10, what="values after", must_vary=True)
    for option, limit in (("lower_limit", lower_limit), ("upper_limit", upper_limit)):
        require_finite(option, limit)
    indices = [smaller_index(x, lower_limit, upper_limit) for x in (one, two)]
    errors = [_index_error(ppk, x.size) for ppk, x in zip(indices, (one, two), strict=True)]
    difference, error = indices[1] - indices[0], float(np.hypot(errors[0], errors[1]))
    ratio, ratio_interval = _index_ratio(indices, errors, level)
    return CapabilityChange(
        before=indices[0],
        after=indices[1],
        before_interval=t_interval(indices[0], errors[0], np.inf, level=level),
        after_interval=t_interval(indices[1], errors[1], np.inf, level=level),
        ratio=ratio,
        ratio_interval=ratio_interval,
        difference=difference,
        difference_interval=t_interval(difference, error, np.inf, level=level),
        p_value=t_p(difference / error, np.inf),
        counts=(one.size, two.size),
        method="compare_capability",
        options={"lower_limit": lower_limit, "upper_limit": upper_limit, "level": level},
        convention="Ppk with the overall sample sigma (n - 1); Bissell's normal intervals",
        source="Bissell 1990",
    )


def smaller_index(values: FloatArray, lower: float | None, upper: float | None) -> float:
    """Return Ppk: the distance from the mean to the nearer limit in units of three sigma.

    >>> round(smaller_index(np.array([1.0, 2.0, 3.0]), None, 8.0), 3)
    2.0
    """
    if lower is None and upper is None:
        raise InvalidOption("lower_limit and upper_limit", None, "given, at least one of them")
    if lower is not None and upper is not None and lower >= upper:
        raise InvalidOption("lower_limit", lower, f"below the upper limit {upper:g}")
    mean, sigma = float(values.mean()), float(values.std(ddof=1))
    if np.ptp(values) == 0:
        raise NoVariation
    distances = [mean - lower] if lower is not None else []
    distances += [upper - mean] if upper is not None else []
    return min(distances) / (3 * sigma)


def _index_error(index: float, n: int) -> float:
    return float(np.sqrt(1 / (9 * n) + index**2 / (2 * (n - 1))))


def _index_ratio(indices: list[float], errors: list[float], level: float) -> tuple[float, Interval]:
    if min(indices) <= 0:
        nan = float("nan")
        return nan, Interval(nan, nan, level)
    half = special.ndtri((1 + level) / 2) * np.hypot(errors[0] / indices[0], errors[1] / indices[1])
    ratio = indices[1] / indices[0]
    return ratio, Interval(ratio * float(np.exp(-half)), ratio * float(np.exp(half)), level)
