"""Several characteristics at once: Hotelling's T2 and the multivariate EWMA."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.signal import lfilter
from scipy.special import betaincinv

from andon.stats.arrays import FloatArray, as_table, require_between
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues
from andon.stats.mewma_limits import mewma_limit
from andon.stats.results import Result

__all__ = ["MultivariateBaseline", "MultivariateChart", "mewma_chart", "t2_chart"]

_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class MultivariateBaseline:
    """Frozen mean vector and covariance matrix, from `count` rows or subgroups of `size`."""

    mean: FloatArray
    covariance: FloatArray
    count: int
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MultivariateChart(Result):
    """One statistic for several characteristics.

    Attributes:
        points: T2 of each row, shape (n,); upper: its limit.
        contributions: how much T2 falls when a characteristic is left out, shape (n, p).
        baseline: what the points were judged against.
        phase: 1 when the baseline is from these very points, else 2.
    """

    statistic: str
    points: FloatArray
    upper: float
    contributions: FloatArray
    baseline: MultivariateBaseline
    phase: int

    @property
    def is_stable(self) -> bool:
        """True when no point lies above the limit."""
        return not bool((self.points > self.upper).any())

    def signals(self) -> list[int]:
        """Return the positions of the points above the limit."""
        return [int(at) for at in np.flatnonzero(self.points > self.upper)]


def t2_chart(
    rows: ArrayLike,
    *,
    baseline: MultivariateBaseline | None = None,
    alpha: float = 0.0027,
) -> MultivariateChart:
    """Return the T2 chart, T2 = size (x - m)' S^-1 (x - m). O(n p^2).

    Limits of the false alarm probability alpha. Phase I (no baseline), n rows of p:
    (n - 1)^2 / n Beta(1 - alpha; p / 2, (n - p - 1) / 2). Phase II, single rows:
    p (n + 1)(n - 1) / (n (n - p)) F(1 - alpha; p, n - p). Subgroups (three-dimensional input,
    S pooled within): p (n -/+ 1)(k - 1) / (n k - n - p + 1) F(1 - alpha; p, n k - n - p + 1).

    Args:
        rows: shape (n, p), or (n, k, p) for n subgroups of k.
        baseline: of a stable phase, for phase II.

    Raises:
        TooFewValues: rows too few for p; NotFinite; NoVariation: the covariance matrix is
        singular; StatisticsError: another p than the baseline's.

    Source: Tracy, Young and Mason 1992, Journal of Quality Technology 24(2); Montgomery, ch. 11.

    >>> x = np.random.default_rng(2).normal(size=(50, 3))
    >>> t2_chart(x).is_stable
    True
    """
    require_between("alpha", alpha, 0.0, 1.0)
    means, own, size = _moments(rows, baseline)
    base = baseline or own
    if base is None:
        raise TooFewValues(2, 1, "subgroups")
    deviations = _deviations(means, base)
    points, contributions = _distances(deviations, base.covariance / size)
    phase = 1 if baseline is None else 2
    return MultivariateChart(
        method="t2_chart",
        options={"alpha": alpha},
        convention=f"phase {phase}, " + ("beta and F" if phase == 1 else "F") + " limits",
        source="Tracy, Young and Mason 1992, Journal of Quality Technology 24(2)",
        statistic="T2",
        points=points,
        upper=_t2_limit(base, means.shape[1], alpha, phase),
        contributions=contributions,
        baseline=base,
        phase=phase,
    )


def mewma_chart(
    rows: ArrayLike,
    *,
    baseline: MultivariateBaseline,
    weight: float = 0.1,
    run_length: float = 370.4,
    limit: float | None = None,
    time_varying: bool = True,
) -> MultivariateChart:
    """Return the multivariate EWMA chart, T2 of Z_t = w (x_t - m) + (1 - w) Z_(t-1).

    The covariance of Z_t is w / (2 - w) (1 - (1 - w)^(2 t)) S; that of a long row leaves out the
    last factor. The limit is that of a long row: with the exact covariance an early shift is seen
    sooner, and false alarms come sooner too (3 % at w = 0.1, 8 % at 0.05).

    Args:
        rows: shape (n, p), single rows in order.
        baseline: mean and covariance of a stable phase.
        weight: w, 0 < w < 1.
        run_length: mean points to a false alarm the limit is computed for; limit: given instead.
        time_varying: divide by the exact covariance of each average, or by that of a long row.

    Source: Lowry, Woodall, Champ and Rigdon 1992, Technometrics 34(1); limit by the Markov chain
    of Runger and Prabhu 1996, Journal of Quality Technology 28(2).

    >>> base = MultivariateBaseline(np.zeros(2), np.eye(2), 100)
    >>> mewma_chart([[0.0, 0.0], [3.0, 3.0]], baseline=base, limit=8.64).points.round(2)
    array([0.  , 9.94])
    """
    require_between("weight", weight, 0.0, 1.0)
    if limit is not None:
        require_between("limit", limit, 0.0, np.inf)
    x = as_table(rows, what="rows")
    deviations = _deviations(x, baseline)
    averages = lfilter([weight], [1.0, weight - 1.0], deviations, axis=0)
    spread = _spread_of_averages(x.shape[0], weight, is_exact=time_varying)
    points, contributions = _distances(averages / spread[:, None], baseline.covariance)
    upper = limit if limit is not None else mewma_limit(x.shape[1], weight, run_length)
    return MultivariateChart(
        method="mewma_chart",
        options={
            "weight": weight,
            "run_length": run_length,
            "limit": limit,
            "time_varying": time_varying,
        },
        convention=f"{'exact covariance' if time_varying else 'covariance of a long row'} of each "
        "average; limit for the run length of a long row",
        source="Lowry et al. 1992; Runger and Prabhu 1996",
        statistic="MEWMA T2",
        points=points,
        upper=upper,
        contributions=contributions,
        baseline=baseline,
        phase=2,
    )


def _spread_of_averages(n: int, weight: float, *, is_exact: bool) -> FloatArray:
    """Return the root of the share of S that the covariance of each average is."""
    t = np.arange(1.0, n + 1.0)
    reached = 1.0 - (1.0 - weight) ** (2.0 * t) if is_exact else np.ones(n)
    return np.sqrt(weight / (2.0 - weight) * reached)


def _moments(
    rows: ArrayLike, baseline: MultivariateBaseline | None
) -> tuple[FloatArray, MultivariateBaseline | None, int]:
    if np.ndim(rows) != 3:
        x = as_table(rows, what="rows")
        return x, None if baseline else _of_rows(x), 1
    groups = np.asarray(rows, dtype=np.float64)
    count, size, p = groups.shape
    as_table(groups.reshape(count * size, p), what="rows")
    means = groups.mean(axis=1)
    return means, None if baseline else _of_groups(groups, means), size


def _of_rows(x: FloatArray) -> MultivariateBaseline:
    n, p = x.shape
    if n < p + 2:
        raise TooFewValues(p + 2, n, "rows")
    return MultivariateBaseline(x.mean(axis=0), np.atleast_2d(np.cov(x, rowvar=False)), n)


def _of_groups(groups: FloatArray, means: FloatArray) -> MultivariateBaseline:
    count, size, p = groups.shape
    if size < 2 or count * (size - 1) < p:
        raise TooFewValues(max(2, -(-p // count) + 1), size, "rows in each subgroup")
    within = (groups - means[:, None, :]).reshape(count * size, p)
    return MultivariateBaseline(
        means.mean(axis=0), within.T @ within / (count * (size - 1)), count, size
    )


def _deviations(x: FloatArray, base: MultivariateBaseline) -> FloatArray:
    if x.shape[1] != base.mean.size:
        raise StatisticsError(f"{base.mean.size} characteristics are needed, {x.shape[1]} given")
    return x - base.mean


def _distances(deviations: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    if np.linalg.matrix_rank(covariance, hermitian=True) < covariance.shape[0]:
        raise NoVariation("characteristics beyond one another (the covariance matrix is singular)")
    inverse = np.linalg.inv(covariance)
    points, contributions = np.empty(deviations.shape[0]), np.empty(deviations.shape)
    for start in range(0, points.size, _CHUNK):
        piece = deviations[start : start + _CHUNK]
        weighted = np.einsum("ij,jk->ik", piece, inverse)
        points[start : start + _CHUNK] = np.einsum("ij,ij->i", weighted, piece)
        # Leaving out a characteristic lowers T2 by (S^-1 d)_j^2 / (S^-1)_jj, exactly.
        contributions[start : start + _CHUNK] = weighted**2 / np.diag(inverse)
    return points, contributions


def _t2_limit(base: MultivariateBaseline, p: int, alpha: float, phase: int) -> float:
    n, k = base.count, base.size
    if k > 1:
        freedom = n * k - n - p + 1
        sign = -1 if phase == 1 else 1
        return float(p * (n + sign) * (k - 1) / freedom * stats.f.isf(alpha, p, freedom))
    if phase == 1:
        quantile = betaincinv(p / 2.0, (n - p - 1) / 2.0, 1.0 - alpha)
        return float((n - 1) ** 2 / n * quantile)
    if n <= p:
        raise TooFewValues(p + 1, n, "rows in the baseline")
    return float(p * (n + 1) * (n - 1) / (n * (n - p)) * stats.f.isf(alpha, p, n - p))
