"""Limits for two proportions: score tests inverted by root finding, and the log-normal ratio."""

from collections.abc import Callable

import numpy as np
from scipy import optimize, special

__all__ = ["Counts", "katz_limits", "koopman_limits", "miettinen_nurminen_limits"]

Counts = tuple[int, int, int, int]
"""First count and inspected, second count and inspected."""


def miettinen_nurminen_limits(counts: Counts, tail: float) -> tuple[float, float]:
    """Return the score limits of the difference, second minus first, `tail` beyond each.

    Source: Miettinen and Nurminen 1985, Statistics in Medicine 4, 213-226.

    >>> low, high = miettinen_nurminen_limits((48, 80, 56, 70), 0.025)
    >>> round(low, 4), round(high, 4)
    (0.0528, 0.3382)
    """
    z = -float(special.ndtri(tail))
    estimate = counts[2] / counts[3] - counts[0] / counts[1]

    def score(difference: float) -> float:
        return _difference_score(counts, difference)

    edge = 1 - 1e-9
    low = _root(lambda d: score(d) - z, -edge, estimate)
    high = _root(lambda d: score(d) + z, estimate, edge)
    return (-1.0 if low is None else low), (1.0 if high is None else high)


def _difference_score(counts: Counts, difference: float) -> float:
    first, first_of, second, second_of = counts
    second_share = _restricted_share(counts, difference)
    first_share = second_share - difference
    variance = second_share * (1 - second_share) / second_of
    variance += first_share * (1 - first_share) / first_of
    total = first_of + second_of
    distance = second / second_of - first / first_of - difference
    return float(distance / np.sqrt(max(variance * total / (total - 1), 1e-300)))


def _restricted_share(counts: Counts, difference: float) -> float:
    """Return the likeliest second proportion when it exceeds the first by the difference."""
    first, first_of, second, second_of = counts
    ratio, one, two = first_of / second_of, second / second_of, first / first_of
    a = 1 + ratio
    b = -(1 + ratio + one + ratio * two + difference * (ratio + 2))
    c = difference**2 + difference * (2 * one + ratio + 1) + one + ratio * two
    d = -one * difference * (1 + difference)
    v = b**3 / (27 * a**3) - b * c / (6 * a**2) + d / (2 * a)
    u = np.copysign(np.sqrt(max(b**2 / (9 * a**2) - c / (3 * a), 0.0)), v)
    cosine = np.clip(v / u**3, -1, 1) if u else 0.0
    share = 2 * u * np.cos((np.pi + np.arccos(cosine)) / 3) - b / (3 * a)
    return float(np.clip(share, max(difference, 0.0), min(1 + difference, 1.0)))


def koopman_limits(counts: Counts, tail: float) -> tuple[float, float]:
    """Return the score limits of the ratio, second over first, `tail` beyond each.

    Source: Koopman 1984, Biometrics 40, 513-517.

    >>> low, high = koopman_limits((16, 80, 36, 40), 0.025)
    >>> round(low, 2), round(high, 2)
    (2.94, 7.15)
    """
    z = -float(special.ndtri(tail))

    def score(log_ratio: float) -> float:
        return _ratio_score(counts, float(np.exp(log_ratio)))

    low = _root(lambda t: score(t) - z, -40, 40) if counts[2] else None
    high = _root(lambda t: score(t) + z, -40, 40) if counts[0] else None
    return (
        0.0 if low is None else float(np.exp(low)),
        float("inf") if high is None else float(np.exp(high)),
    )


def _ratio_score(counts: Counts, ratio: float) -> float:
    first, first_of, second, second_of = counts
    b = first * ratio + second + ratio * second_of + first_of
    a, c = ratio * (first_of + second_of), first + second
    first_share = 2 * c / (b + np.sqrt(max(b * b - 4 * a * c, 0.0)))
    score = 0.0
    for count, of, share in (
        (second, second_of, ratio * first_share),
        (first, first_of, first_share),
    ):
        score += (count - of * share) ** 2 / max(of * share * (1 - share), 1e-300)
    return float(np.copysign(np.sqrt(score), second / second_of - ratio * first / first_of))


def katz_limits(counts: Counts, tail: float) -> tuple[float, float]:
    """Return exp(ln ratio -/+ z sqrt(1/x2 - 1/n2 + 1/x1 - 1/n1)).

    Source: Katz et al. 1978, Biometrics 34, 469-474.

    >>> low, high = katz_limits((264, 17_623, 45, 17_841), 0.025)
    >>> round(low, 4), round(high, 4)
    (0.1228, 0.2308)
    """
    first, first_of, second, second_of = counts
    error = np.sqrt(1 / second - 1 / second_of + 1 / first - 1 / first_of)
    half = -special.ndtri(tail) * error
    centre = np.log(second / second_of * first_of / first)
    return float(np.exp(centre - half)), float(np.exp(centre + half))


def _root(function: Callable[[float], float], low: float, high: float) -> float | None:
    if low >= high or function(low) * function(high) > 0:
        return None
    return float(optimize.brentq(function, low, high, xtol=1e-13, rtol=1e-13))
