"""Values in time order: trend, dependence on the value before, and runs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft, optimize, special, stats

from andon.stats.arrays import PIECE, FloatArray, as_values, require_between
from andon.stats.comparison import t_p
from andon.stats.errors import InvalidOption, NoVariation
from andon.stats.moments import moments_of, sum_of_squares
from andon.stats.results import Interval, Result

__all__ = [
    "Autocorrelation",
    "RunsTest",
    "Trend",
    "count_runs",
    "find_autocorrelation",
    "find_trend",
]

FEW = 1_000
"""Up to here the slopes of all pairs are listed; beyond, their order statistics are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend(Result):
    """Monotone trend.

    Attributes:
        tau: Kendall's tau-b of values with time, -1 to 1.
        s, z: Mann and Kendall's count of rises less falls, and its normal score.
        p_value: of no trend, two-sided.
        slope: Sen's slope, the median of the slopes of all pairs, per step.
        interval: of the slope.
    """

    tau: float
    s: float
    z: float
    p_value: float
    slope: float
    interval: Interval


def find_trend(values: ArrayLike, *, level: float = 0.95) -> Trend:
    """Return Mann and Kendall's test of a monotone trend with Sen's slope and interval.

    Var S = (n (n-1) (2n+5) - sum t (t-1) (2t+5)) / 18 over ties t; z with continuity correction.
    Cost O(n log n): rises less falls are counted by sorting, the slopes are searched.

    Args:
        values: equally spaced in time, shape (n,), at least 4, not all equal.
        level: confidence level of the slope.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Mann 1945, Econometrica 13; Kendall 1975; Sen 1968, JASA 63, 1379-1389.

    >>> trend = find_trend([1.0, 2.1, 2.9, 4.2, 5.0, 6.1])
    >>> trend.s, round(trend.slope, 3)
    (15.0, 1.02)
    """
    require_between("level", level, 0, 1)
    x = as_values(values, minimum=4, must_vary=True)
    n, pairs = x.size, x.size * (x.size - 1) / 2
    ties = np.unique(x, return_counts=True)[1].astype(np.float64)
    tied = float((ties * (ties - 1)).sum() / 2)
    s = _rises_less_falls(x, pairs, tied)
    variance = n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())
    sigma = float(np.sqrt(variance / 18))
    z = (s - np.sign(s)) / sigma
    half = float(special.ndtri((1 + level) / 2)) * sigma
    slopes = _slopes_at(x, ((pairs - half) / 2, pairs / 2, (pairs + half) / 2))
    return Trend(
        tau=s / float(np.sqrt(pairs * (pairs - tied))),
        s=s,
        z=float(z),
        p_value=t_p(float(z), np.inf),
        slope=slopes[1],
        interval=Interval(slopes[0], slopes[2], level),
        method="find_trend",
        options={"level": level},
        convention="normal approximation with tie and continuity correction; slope per step",
        source="Mann 1945; Kendall 1975; Sen 1968",
    )


def _rises_less_falls(x: FloatArray, pairs: float, tied: float) -> float:
    if pairs == tied:
        return 0.0
    tau = float(stats.kendalltau(np.arange(x.size), x, method="asymptotic").statistic)
    return float(np.rint(tau * np.sqrt(pairs * (pairs - tied))))


def _slopes_at(x: FloatArray, places: tuple[float, ...]) -> tuple[float, ...]:
    """Return the slopes of all pairs at these places of their order (from 0, between pairs)."""
    if x.size <= FEW:
        i, j = np.triu_indices(x.size, 1)
        slopes = np.sort((x[j] - x[i]) / (j - i))
        return tuple(_between(slopes, place) for place in places)
    return tuple(_searched(x, place) for place in places)


def _between(ordered: FloatArray, place: float) -> float:
    """Return the order statistic; the mean of two when the place is a whole number."""
    last = ordered.size - 1
    low = min(max(int(np.ceil(place)) - 1, 0), last)
    high = min(max(int(np.floor(place)), 0), last)
    return float((ordered[low] + ordered[high]) / 2)


def _searched(x: FloatArray, place: float) -> float:
    """Return the slope that `place` pairs lie below: pairs with less slope are falls of x - b t."""
    steps = np.arange(x.size, dtype=np.float64) - (x.size - 1) / 2
    pairs = x.size * (x.size - 1) / 2

    def excess(slope: float) -> float:
        tilted = x - slope * steps
        counts = np.unique(tilted, return_counts=True)[1].astype(np.float64)
        tied = float((counts * (counts - 1)).sum() / 2)
        return (pairs - _rises_less_falls(tilted, pairs, tied)) / 2 - place

    # The line of least squares is near; a few of its standard errors around it hold the place.
    squares = sum_of_squares(steps)
    middle = float(steps @ (x - x.mean())) / squares
    width = 4 * float(np.std(x - middle * steps) / np.sqrt(squares)) + 1e-12 * float(np.ptp(x))
    low, high = middle - width, middle + width
    while excess(low) > 0:
        low -= 2 * (high - low)
    while excess(high) < 0:
        high += 2 * (high - low)
    return float(optimize.brentq(excess, low, high, xtol=1e-9 * width, rtol=1e-14))


@dataclass(frozen=True, slots=True, kw_only=True)
class Autocorrelation(Result):
    """Dependence on earlier values.

    Attributes:
        lags: 1 to the largest lag.
        coefficients: autocorrelation at each lag.
        limit: a single coefficient beyond -/+ this is not chance (approximately).
        statistic, p_value: Ljung and Box's test of all lags together.
        durbin_watson: sum of squared steps over sum of squares; 2 when independent.
        lag_one_p: two-sided p of the first coefficient (von Neumann's ratio, normal).
    """

    lags: tuple[int, ...]
    coefficients: FloatArray
    limit: float
    statistic: float
    p_value: float
    durbin_watson: float
    lag_one_p: float


def find_autocorrelation(
    values: ArrayLike, *, lags: int = 10, level: float = 0.95
) -> Autocorrelation:
    """Return the autocorrelation up to a lag, with Ljung and Box's and von Neumann's tests.

    r(k) = sum (x(t) - m)(x(t+k) - m) / sum (x(t) - m)^2, by fast Fourier transform;
    Q = n (n + 2) sum r(k)^2 / (n - k), chi-square with `lags` degrees of freedom.

    Args:
        values: equally spaced in time, shape (n,), more than lags + 1, not all equal.
        lags: largest lag, at least 1.
        level: of the limit for single coefficients.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Box and Jenkins 1976; Ljung and Box 1978, Biometrika 65; von Neumann 1941.

    >>> find_autocorrelation([1.0, -1.0] * 20, lags=2).coefficients.round(3).tolist()
    [-0.975, 0.95]
    """
    if lags < 1:
        raise InvalidOption("lags", lags, "at least 1")
    require_between("level", level, 0, 1)
    x = as_values(values, minimum=lags + 2, must_vary=True)
    n = x.size
    moments = moments_of(x)
    squares = moments.squares
    r = _lagged_sums(x, moments.mean, lags) / squares
    k = np.arange(1, lags + 1)
    q = n * (n + 2) * float((r**2 / (n - k)).sum())
    ratio = moments.mean_square_step * (n - 1) / squares
    z = (1 - ratio / 2) / float(np.sqrt((n - 2) / (n**2 - 1)))
    return Autocorrelation(
        lags=tuple(k.tolist()),
        coefficients=np.asarray(r, dtype=np.float64),
        limit=float(special.ndtri((1 + level) / 2) / np.sqrt(n)),
        statistic=q,
        p_value=float(special.chdtrc(lags, q)),
        durbin_watson=ratio,
        lag_one_p=t_p(z, np.inf),
        method="find_autocorrelation",
        options={"lags": lags, "level": level},
        convention="divided by the full sum of squares at every lag",
        source="Box and Jenkins 1976; Ljung and Box 1978; von Neumann 1941",
    )


def _lagged_sums(x: FloatArray, mean: float, lags: int) -> FloatArray:
    """Return the sums of (x_t - m)(x_(t+k) - m), k = 1 to lags, by transforms of pieces."""
    piece = max(PIECE, 4 * lags)
    size = fft.next_fast_len(min(piece, x.size) + lags, real=True)
    spectrum = np.zeros(size // 2 + 1, dtype=np.complex128)
    for start in range(0, x.size, piece):
        ahead = x[start : start + piece + lags] - mean
        spectrum += fft.rfft(ahead[:piece], size).conj() * fft.rfft(ahead, size)
    return np.asarray(fft.irfft(spectrum, size)[1 : lags + 1], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsTest(Result):
    """Runs above and below the median: their number, the number expected, and the test.

    Attributes:
        runs, expected, z, p_value: of Wald and Wolfowitz's test.
        longest, longest_allowed: run, by Anhoej's rule round(log2 n + 3).
        crossings, crossings_needed: of the median, the 5 % point of binomial(n - 1, 1/2).
        is_random: both of Anhoej's rules hold; a run chart shows a shift where they do not.
    """

    runs: int
    expected: float
    z: float
    p_value: float
    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int
    is_random: bool


def count_runs(values: ArrayLike) -> RunsTest:
    """Return the runs about the median, tested (Wald and Wolfowitz) and by the rules of run charts.

    Values at the median are left out.

    Args:
        values: in time order, shape (n,), at least 10, not all equal.

    Raises:
        TooFewValues, NotFinite; NoVariation: fewer than 2 values on a side of the median.

    Source: Wald and Wolfowitz 1940; NIST e-Handbook 1.3.5.13; Anhoej and Olesen 2014, PLoS ONE
    9(11) (rules of run charts).

    >>> count_runs([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).runs
    2
    """
    x = as_values(values, minimum=10, must_vary=True)
    middle = np.median(x)
    above = x[x != middle] > middle
    up, down = int(above.sum()), int((~above).sum())
    if min(up, down) < 2:
        raise NoVariation("sides of the median")
    turns = np.flatnonzero(np.diff(above)) + 1
    n = up + down
    expected = 1 + 2 * up * down / n
    variance = 2 * up * down * (2 * up * down - n) / (n**2 * (n - 1))
    z = (turns.size + 1 - expected) / float(np.sqrt(variance))
    longest = int(np.diff(np.concatenate(([0], turns, [n]))).max())
    allowed, needed = round(float(np.log2(n)) + 3), int(stats.binom.ppf(0.05, n - 1, 0.5))
    return RunsTest(
        runs=turns.size + 1,
        expected=expected,
        z=z,
        p_value=t_p(z, np.inf),
        longest=longest,
        longest_allowed=allowed,
        crossings=turns.size,
        crossings_needed=needed,
        is_random=longest <= allowed and turns.size >= needed,
        method="count_runs",
        convention="about the median, normal, no continuity correction; Anhoej's two rules",
        source="Wald and Wolfowitz 1940; NIST e-Handbook 1.3.5.13; Anhoej and Olesen 2014",
    )
