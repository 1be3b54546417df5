"""Restricted maximum likelihood of variance components from cell means, own small implementation.

Cell means m_c of n_c readings have covariance V = D + sum theta_k Z_k Z_k', D = diag(1/n_c), in
units of the repeatability variance; the spread within cells adds W with n - cells degrees of
freedom. Profiling the repeatability out leaves a smooth function of the ratios theta >= 0. Cost:
O(n) for the cells, then independent of n.

Source: Patterson and Thompson (1971) Biometrika 58, 545-554; Searle, Casella, McCulloch (1992)
Variance Components, ch. 6.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

from andon.stats.arrays import FloatArray, IntArray
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues

__all__ = ["CellMeans", "RestrictedFit", "cell_means", "fit_restricted"]

SMALLEST_LOG_RATIO, LARGEST_LOG_RATIO = -18.0, 18.0
SMALL_RATIO = 0.05


@dataclass(frozen=True, slots=True)
class CellMeans:
    """Sufficient statistics: means and counts of the cells, and the spread within them."""

    means: FloatArray
    counts: FloatArray
    within: float
    readings: int


@dataclass(frozen=True, slots=True)
class RestrictedFit:
    """Variances (repeatability first) and their asymptotic covariance matrix."""

    variances: FloatArray
    covariance: FloatArray


def cell_means(values: FloatArray, cell: IntArray, cells: int) -> CellMeans:
    """Return the sufficient statistics of readings in cells.

    >>> data = cell_means(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 1]), 2)
    >>> data.means.tolist(), data.within
    ([2.0, 5.0], 2.0)
    """
    counts = np.bincount(cell, minlength=cells).astype(np.float64)
    means = np.bincount(cell, weights=values, minlength=cells) / counts
    within = float(((values - means[cell]) ** 2).sum())
    return CellMeans(means, counts, within, values.size)


def fit_restricted(data: CellMeans, factors: Sequence[IntArray]) -> RestrictedFit:
    """Return the REML estimates: repeatability, then one variance for each factor over cells.

    Raises:
        TooFewValues: no cell holds a second reading; NoVariation: no spread within cells.
    """
    if data.readings <= data.means.size:
        raise TooFewValues(data.means.size + 1, data.readings, "readings (some cells need two)")
    if data.within <= 0:
        raise NoVariation("readings within the cells")
    covariances = [_same(codes) for codes in factors]
    ratios = _best_ratios(data, covariances)
    repeatability = _profile(ratios, data, covariances)[1]
    variances = repeatability * np.concatenate(([1.0], ratios))
    return RestrictedFit(variances, _asymptotic_covariance(variances, data, covariances))


def _same(codes: IntArray) -> FloatArray:
    return np.asarray(codes[:, None] == codes[None, :], dtype=np.float64)


def _best_ratios(data: CellMeans, covariances: Sequence[FloatArray]) -> FloatArray:
    """Smallest minus two log likelihood over log ratios, from two starts; tiny ratios are zero."""

    def objective(logs: FloatArray) -> tuple[float, FloatArray]:
        ratios = np.exp(logs)
        value, repeatability, projection = _profile(ratios, data, covariances)
        residual = projection @ data.means
        slopes = [
            float((projection * c).sum() - residual @ c @ residual / repeatability)
            for c in covariances
        ]
        return value, ratios * np.array(slopes)

    bounds = [(SMALLEST_LOG_RATIO, LARGEST_LOG_RATIO)] * len(covariances)
    fits = [
        optimize.minimize(
            objective,
            np.full(len(covariances), start),
            method="L-BFGS-B",
            jac=True,
            bounds=bounds,
            options={"ftol": 1e-10, "gtol": 1e-5, "maxiter": 500},
        )
        for start in (0.0, 2.0)
    ]
    best = min(fits, key=lambda fit: float(fit.fun))
    return _polished(np.asarray(best.x), data, covariances)


def _polished(logs: FloatArray, data: CellMeans, covariances: Sequence[FloatArray]) -> FloatArray:
    """Ratios after a few scoring steps, which reach full precision where a search stalls."""
    ratios = _without_vanishing(np.exp(logs), data, covariances)
    active = np.flatnonzero(ratios > 0)
    chosen = [covariances[int(k)] for k in active]
    for _ in range(8 if active.size else 0):
        _, repeatability, projection = _profile(ratios[active], data, chosen)
        variances = repeatability * np.concatenate(([1.0], ratios[active]))
        stepped = variances + _scoring_step(variances, data, chosen, projection / repeatability)
        if not np.isfinite(stepped).all() or (stepped <= 0).any():
            break
        ratios[active] = stepped[1:] / stepped[0]
    return ratios


def _without_vanishing(
    ratios: FloatArray, data: CellMeans, covariances: Sequence[FloatArray]
) -> FloatArray:
    """Set small ratios to zero where the likelihood does not lose by it: log ratios never reach."""
    kept = ratios.copy()
    for k in np.flatnonzero(ratios < SMALL_RATIO):
        trial = np.where(np.arange(kept.size) == k, 0.0, kept)
        if _profile(trial, data, covariances)[0] <= _profile(kept, data, covariances)[0] + 1e-9:
            kept = trial
    return kept


def _profile(
    ratios: FloatArray, data: CellMeans, covariances: Sequence[FloatArray]
) -> tuple[float, float, FloatArray]:
    """Minus two log restricted likelihood, repeatability, and the projection matrix P."""
    v = np.diag(1 / data.counts) + sum(t * c for t, c in zip(ratios, covariances, strict=True))
    factor = linalg.cholesky(v, lower=True)
    inverse = linalg.cho_solve((factor, True), np.eye(v.shape[0]))
    weight = inverse.sum(axis=0)
    projection = inverse - np.outer(weight, weight) / weight.sum()
    quadratic = float(data.means @ projection @ data.means)
    repeatability = (data.within + quadratic) / (data.readings - 1)
    log_determinant = 2 * float(np.log(np.diag(factor)).sum()) + math.log(float(weight.sum()))
    return (
        (data.readings - 1) * math.log(repeatability) + log_determinant,
        repeatability,
        projection,
    )


def _scoring_step(
    variances: FloatArray,
    data: CellMeans,
    covariances: Sequence[FloatArray],
    projection: FloatArray,
) -> FloatArray:
    slopes = [np.diag(1 / data.counts), *covariances]
    residual = projection @ data.means
    score = np.array([0.5 * (residual @ s @ residual - np.trace(projection @ s)) for s in slopes])
    free = data.readings - data.means.size
    score[0] += 0.5 * (data.within / variances[0] ** 2 - free / variances[0])
    information = _information(variances, data, slopes, projection)
    return np.asarray(linalg.solve(information, score, assume_a="pos"))


def _information(
    variances: FloatArray,
    data: CellMeans,
    slopes: Sequence[FloatArray],
    projection: FloatArray,
) -> FloatArray:
    """Expected information of the variances: half the traces of P S_i P S_j."""
    products = [projection @ s for s in slopes]
    information = np.array(
        [[0.5 * float(np.sum(a * b.T)) for b in products] for a in products], dtype=np.float64
    )
    information[0, 0] += 0.5 * (data.readings - data.means.size) / variances[0] ** 2
    return information


def _asymptotic_covariance(
    variances: FloatArray, data: CellMeans, covariances: Sequence[FloatArray]
) -> FloatArray:
    projection = _profile(variances[1:] / variances[0], data, covariances)[2] / variances[0]
    slopes = [np.diag(1 / data.counts), *covariances]
    try:
        return np.asarray(linalg.inv(_information(variances, data, slopes, projection)))
    except linalg.LinAlgError as error:
        raise StatisticsError(
            "the factors cannot be told apart: let every operator measure several parts"
        ) from error
