"""When did it change? Steps of the mean, found from their cumulative sums."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_between
from andon.stats.errors import InvalidOption
from andon.stats.results import Result

__all__ = ["Change", "ChangePoints", "find_changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the mean.

    Attributes:
        index: position (from 0) of the first value after the step.
        before, after: means of the segments on its two sides.
        p_value: of no step between its two neighbouring steps (Bonferroni over splits tried).
    """

    index: int
    before: float
    after: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoints(Result):
    """The steps in time order, the means of the segments, and sigma within them."""

    changes: tuple[Change, ...]
    segment_means: tuple[float, ...]
    sigma: float


def find_changes(
    values: ArrayLike, *, alpha: float = 0.01, minimum: int = 3, most: int = 50
) -> ChangePoints:
    """Return the steps of the mean of normal values by binary segmentation of cumulative sums.

    A segment is split where |S(k) - k/n S(n)| / sqrt(k (n - k) / n) is largest, if the largest
    |S(k) - k/n S(n)| / (sigma sqrt(n)) is beyond Kolmogorov's limit. Sigma is estimated robustly
    from differences of neighbours, so that steps do not inflate it. Afterwards every step is placed
    anew between its neighbours. Cost O(n) for each step.

    Args:
        values: in time order, independent apart from steps, shape (n,), at least 2 x minimum.
        alpha: chance of any step found when there is none (approximately); later splits are tested
            at alpha over their number.
        minimum: fewest values between steps, at least 1.
        most: stop after so many steps.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption.

    Source: Page 1955, Biometrika 42; Vostrikova 1981 (binary segmentation); Csorgo and Horvath
    1997, Limit Theorems in Change-Point Analysis, 1.1.

    >>> values = [0.1, -0.2, 0.0, 0.2, -0.1, 5.1, 4.8, 5.0, 5.2, 4.9]
    >>> [change.index for change in find_changes(values, alpha=0.05).changes]
    [5]
    """
    require_between("alpha", alpha, 0, 1)
    if minimum < 1 or most < 1:
        raise InvalidOption("minimum and most", (minimum, most), "at least 1")
    x = as_values(values, minimum=max(2 * minimum, 4), must_vary=True)
    y = x - x.mean()
    sigma = _step_sigma(y)
    places = _segment(y, sigma, alpha=alpha, minimum=minimum, most=most)
    ends = [0, *places, x.size]
    means = [float(x[a:b].mean()) for a, b in pairwise(ends)]
    rest = x - np.repeat(means, np.diff(ends))
    changes = [
        Change(k, means[i], means[i + 1], _p(y[ends[i] : ends[i + 2]], sigma, len(places) + 1))
        for i, k in enumerate(places)
    ]
    return ChangePoints(
        changes=tuple(changes),
        segment_means=tuple(means),
        sigma=float(np.sqrt((rest**2).sum() / max(x.size - len(means), 1))),
        method="find_changes",
        options={"alpha": alpha, "minimum": minimum, "most": most},
        convention="binary segmentation, Kolmogorov limit of the cumulative sum, sigma from steps",
        source="Page 1955; Vostrikova 1981; Csorgo and Horvath 1997",
    )


def _step_sigma(y: FloatArray) -> float:
    """Return sigma from neighbours' differences, hardly touched by a few steps."""
    steps = np.diff(y)
    robust = float(np.median(np.abs(steps))) / (0.6744897501960817 * np.sqrt(2))
    return robust or float(np.sqrt((steps**2).sum() / (2 * steps.size)))


def _segment(y: FloatArray, sigma: float, *, alpha: float, minimum: int, most: int) -> list[int]:
    places: list[int] = []
    waiting = [(0, y.size)]
    while waiting and len(places) < most:
        low, high = waiting.pop(0)
        if high - low < 2 * minimum:
            continue
        if _p(y[low:high], sigma, 1 + len(places)) > alpha:
            continue
        place = low + _best_split(y[low:high], minimum)
        places.append(place)
        waiting += [(low, place), (place, high)]
    return _placed_anew(y, sorted(places), minimum)


def _placed_anew(y: FloatArray, places: list[int], minimum: int) -> list[int]:
    for _ in range(2):
        ends = [0, *places, y.size]
        places = [
            low + _best_split(y[low:high], minimum)
            for low, high in zip(ends[:-2], ends[2:], strict=True)
        ]
    return places


def _bridge(y: FloatArray) -> FloatArray:
    n = y.size
    sums = np.cumsum(y)
    return np.asarray(sums[:-1] - np.arange(1, n) / n * sums[-1])


def _best_split(y: FloatArray, minimum: int) -> int:
    n = y.size
    k = np.arange(1, n)
    gain = np.abs(_bridge(y)) / np.sqrt(k * (n - k) / n)
    gain[: minimum - 1] = -1
    gain[n - minimum :] = -1
    return int(np.argmax(gain)) + 1


def _p(y: FloatArray, sigma: float, tried: int) -> float:
    distance = float(np.abs(_bridge(y)).max()) / (sigma * np.sqrt(y.size))
    return min(1.0, float(special.kolmogorov(distance)) * tried)
