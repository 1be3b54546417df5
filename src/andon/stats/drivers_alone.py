"""One factor alone: the share of variation it explains and the level that stands out."""

from dataclasses import dataclass

import numpy as np

from andon.stats.arrays import FloatArray
from andon.stats.comparison import t_interval
from andon.stats.comparison_means import welch_error
from andon.stats.drivers_verdict import DriverVerdict
from andon.stats.errors import NoVariation
from andon.stats.factors import Factor, level_moments
from andon.stats.results import Interval
from andon.stats.variance_share import share_interval, variance_share

__all__ = ["Driver", "LevelMean", "explain_alone"]

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class LevelMean:
    """One level of a factor against all its other rows.

    Attributes:
        level: its name.
        count: rows it has.
        mean: mean of its values.
        effect: its mean minus the mean of all other rows.
        interval: of the effect (Welch), its level raised by Bonferroni for choosing among levels.
    """

    level: str
    count: int
    mean: float
    effect: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Driver:
    """One factor and what it explains.

    Attributes:
        factor: its name.
        verdict: "driver", "innocent", "not separable" or "not testable".
        related: the factor that explains it or cannot be told from it; "" when there is none.
        words: the verdict as a sentence.
        eta_squared, omega_squared: share of variation explained, raw and corrected for chance.
        interval: of the population eta squared (noncentral F).
        f, df: F ratio and its degrees of freedom.
        p_value, corrected_p: of the F ratio, and corrected for the number of factors.
        level: the level that stands out most; None when the factor cannot be tested.
        level_count: levels seen.
        missing: rows without a level, left out for this factor.
    """

    factor: str
    verdict: DriverVerdict
    related: str
    words: str
    eta_squared: float
    omega_squared: float
    interval: Interval
    f: float
    df: tuple[int, int]
    p_value: float
    corrected_p: float
    level: LevelMean | None
    level_count: int
    missing: int


def explain_alone(
    name: str, factor: Factor, x: FloatArray, *, origin: float, level: float
) -> Driver:
    """Return what one factor explains of the values x + origin, with its outstanding level.

    Everything comes from three sums per level.

    Raises:
        NoVariation: the values that have a level are all equal.
    """
    found = level_moments(factor, x)
    counts, square_sums = found.counts, found.squares
    rows, levels = int(counts.sum()), int((counts > 0).sum())
    missing = x.size - rows
    if levels < 2 or levels >= rows:
        return _untestable(name, levels, missing, level)
    if missing and np.ptp(x[factor.codes >= 0]) == 0:
        raise NoVariation(f"values that have a level of {name}")
    middle = float(found.sums.sum()) / rows
    total = float(square_sums.sum()) - rows * middle**2
    sums = found.sums - counts * middle
    between = float((sums**2 / np.maximum(counts, 1)).sum())
    share = variance_share(between, total, (levels - 1, rows - levels))
    return Driver(
        factor=name,
        verdict="innocent",
        related="",
        words="",
        eta_squared=share.eta_squared,
        omega_squared=share.omega_squared,
        interval=share_interval(share, level),
        f=share.f,
        df=share.df,
        p_value=share.p_value,
        corrected_p=NAN,
        level=_outstanding(
            factor.levels, (counts, sums, square_sums), middle, origin=origin, level=level
        ),
        level_count=levels,
        missing=missing,
    )


def _untestable(name: str, levels: int, missing: int, level: float) -> Driver:
    lack = "has fewer than two levels" if levels < 2 else "has a level of its own in every row"
    return Driver(
        factor=name,
        verdict="not testable",
        related="",
        words=f"{name} {lack}; levels that differ and repeat are needed.",
        eta_squared=NAN,
        omega_squared=NAN,
        interval=Interval(NAN, NAN, level),
        f=NAN,
        df=(0, 0),
        p_value=NAN,
        corrected_p=NAN,
        level=None,
        level_count=levels,
        missing=missing,
    )


def _outstanding(
    names: tuple[str, ...],
    moments: tuple[FloatArray, FloatArray, FloatArray],
    middle: float,
    *,
    origin: float,
    level: float,
) -> LevelMean:
    """Return the level whose contrast with all other rows explains most."""
    counts, sums, squares = moments
    n = float(counts.sum())
    rest = np.maximum(n - counts, 1e-300)
    contrast = np.divide(sums**2, counts, out=np.zeros_like(sums), where=counts > 0) * n / rest
    # Two levels always tie: take the first by name, whatever the rounding.
    best = int(np.argmax(contrast >= contrast.max() * (1 - 1e-9)))
    count, mean = float(counts[best]), float(sums[best] / counts[best])
    mean_rest = float(-sums[best] / (n - count))
    # squares are about 0, means about the middle: move both to the same origin
    variances = (
        _variance(float(squares[best]), count, mean + middle),
        _variance(float(squares.sum() - squares[best]), n - count, mean_rest + middle),
    )
    return LevelMean(
        level=names[best],
        count=int(count),
        mean=mean + middle + origin,
        effect=mean - mean_rest,
        interval=_effect_interval(
            mean - mean_rest,
            variances,
            (count, n - count),
            level=level,
            tries=int((counts > 0).sum()),
        ),
    )


def _variance(squares: float, count: float, mean: float) -> float:
    return max(squares - count * mean**2, 0.0) / (count - 1) if count > 1 else NAN


def _effect_interval(
    effect: float,
    variances: tuple[float, float],
    counts: tuple[float, float],
    *,
    level: float,
    tries: int,
) -> Interval:
    # With two levels the choice is none: either says the same.
    adjusted = 1 - (1 - level) / (tries if tries > 2 else 1)
    if not (min(counts) > 1 and max(variances) > 0):
        return Interval(-np.inf, np.inf, level)
    error, df = welch_error(variances, counts)
    found = t_interval(effect, error, df, level=adjusted)
    return Interval(found.low, found.high, level)
