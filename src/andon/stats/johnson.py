"""Johnson's system fitted by four quantiles.

With z the half spacing and m, n, p the distances between the quantiles at 3z, z, -z, -3z:
m n / p^2 > 1 calls for the unbounded, < 1 for the bounded type, = 1 for the lognormal.

Source: Slifker and Shapiro 1980, Technometrics 22(2), 239-246.
"""

import numpy as np
from scipy.special import log_ndtr, ndtr

from andon.stats.arrays import FloatArray
from andon.stats.errors import StatisticsError
from andon.stats.normality import anderson_darling

__all__ = ["fit_johnson"]

SPACINGS = np.arange(0.25, 1.2501, 0.01)
_LOGNORMAL_BAND = 0.001


def fit_johnson(values: FloatArray) -> tuple[str, dict[str, float]]:
    """Return type and parameters (gamma, eta, shift, scale) of the closest Johnson curve.

    Every spacing z from 0.25 to 1.25 is tried; the fit of least Anderson-Darling wins (Chou,
    Polansky and Mason 1998, Journal of Quality Technology 30(2)).

    Raises StatisticsError when no spacing gives a curve that holds all values.
    """
    ordered = np.sort(values)
    best: tuple[float, str, dict[str, float]] | None = None
    for spacing in SPACINGS:
        found = _of_spacing(ordered, float(spacing))
        if found is None:
            continue
        distance = _distance(ordered, *found)
        if np.isfinite(distance) and (best is None or distance < best[0]):
            best = (distance, *found)
    if best is None:
        raise StatisticsError("no Johnson curve holds these values; more distinct ones are needed")
    return best[1], best[2]


def _of_spacing(ordered: FloatArray, z: float) -> tuple[str, dict[str, float]] | None:
    chances = ndtr(np.array([3.0 * z, z, -z, -3.0 * z]))
    # Plotting position (i - 1/2) / n, as in the source.
    high, upper, lower, low = np.quantile(ordered, chances, method="hazen")
    m, n, p = high - upper, lower - low, upper - lower
    if not (m > 0.0 and n > 0.0 and p > 0.0):
        return None
    ratio, middle = m * n / p**2, (upper + lower) / 2.0
    if ratio > 1.0 + _LOGNORMAL_BAND:
        return "johnson unbounded", _unbounded(z, m / p, n / p, p, middle)
    if ratio < 1.0 - _LOGNORMAL_BAND:
        return "johnson bounded", _bounded(z, p / m, p / n, p, middle)
    return ("johnson lognormal", _lognormal(z, m / p, p, middle)) if m > p else None


def _unbounded(z: float, m: float, n: float, p: float, middle: float) -> dict[str, float]:
    eta = 2.0 * z / np.arccosh((m + n) / 2.0)
    root = np.sqrt(m * n - 1.0)
    return {
        "gamma": float(eta * np.arcsinh((n - m) / (2.0 * root))),
        "eta": float(eta),
        "shift": float(middle + p * (n - m) / (2.0 * (m + n - 2.0))),
        "scale": float(2.0 * p * root / ((m + n - 2.0) * np.sqrt(m + n + 2.0))),
    }


def _bounded(z: float, m: float, n: float, p: float, middle: float) -> dict[str, float]:
    # Here m and n stand for p / m and p / n.
    product = (1.0 + m) * (1.0 + n)
    eta = z / np.arccosh(np.sqrt(product) / 2.0)
    excess = m * n - 1.0
    scale = p * np.sqrt((product - 2.0) ** 2 - 4.0) / excess
    return {
        "gamma": float(eta * np.arcsinh((n - m) * np.sqrt(product - 4.0) / (2.0 * excess))),
        "eta": float(eta),
        "shift": float(middle - scale / 2.0 + p * (n - m) / (2.0 * excess)),
        "scale": float(scale),
    }


def _lognormal(z: float, m: float, p: float, middle: float) -> dict[str, float]:
    eta = 2.0 * z / np.log(m)
    return {
        "gamma": float(eta * np.log((m - 1.0) / (p * np.sqrt(m)))),
        "eta": float(eta),
        "shift": float(middle - p / 2.0 * (m + 1.0) / (m - 1.0)),
    }


def _distance(ordered: FloatArray, kind: str, parameters: dict[str, float]) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = normal_scores(ordered, kind, parameters)
        return anderson_darling(log_ndtr(z), log_ndtr(-z))


def normal_scores(values: FloatArray, kind: str, parameters: dict[str, float]) -> FloatArray:
    """Return the values on the normal scale of the fitted curve, gamma + eta f((x - e) / l)."""
    gamma, eta, shift = parameters["gamma"], parameters["eta"], parameters["shift"]
    y = (values - shift) / parameters.get("scale", 1.0)
    if kind == "johnson unbounded":
        scores: FloatArray = gamma + eta * np.arcsinh(y)
    elif kind == "johnson bounded":
        scores = gamma + eta * np.log(y / (1.0 - y))
    else:
        scores = gamma + eta * np.log(y)
    return scores
