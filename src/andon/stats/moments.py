"""Mean, spread, successive differences and tail counts of long rows in one pass.

The row is taken in pieces that stay in the cache, and the pieces are joined exactly
(Chan, Golub, LeVeque 1983), so the cost per value does not grow with the length.
"""

from dataclasses import dataclass

import numpy as np

from andon.stats.arrays import PIECE, FloatArray

__all__ = ["Moments", "moments_of", "sum_of_squares"]


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of a row of values.

    Attributes:
        count, mean: of the values.
        squares: sum of squared deviations from the mean.
        mean_range: mean absolute successive difference; NaN for one value.
        mean_square_step: mean squared successive difference; NaN for one value.
        below, above: how many values lie beyond the given bounds.
    """

    count: int
    mean: float
    squares: float
    mean_range: float
    mean_square_step: float
    below: int
    above: int

    @property
    def deviation(self) -> float:
        """The standard deviation s with divisor n - 1; NaN for one value."""
        return float(np.sqrt(self.squares / (self.count - 1))) if self.count > 1 else float("nan")


def moments_of(values: FloatArray, *, lower: float = -np.inf, upper: float = np.inf) -> Moments:
    """Return the moments of the row, n >= 1. O(n), no array of the row's length is made.

    >>> moments_of(np.array([1.0, 3.0, 2.0]), upper=2.5).above
    1
    """
    buffer = np.empty(min(PIECE, values.size))
    mean, squares, steps, square_steps, below, above = 0.0, 0.0, 0.0, 0.0, 0, 0
    for start in range(0, values.size, PIECE):
        chunk = values[start : start + PIECE]
        mean, squares = _joined(mean, squares, start, chunk, buffer)
        if chunk.size > 1 or start:
            one, two = _steps(values[max(0, start - 1) : start + PIECE], buffer)
            steps, square_steps = steps + one, square_steps + two
        if lower > -np.inf:
            below += int(np.count_nonzero(chunk < lower))
        if upper < np.inf:
            above += int(np.count_nonzero(chunk > upper))
    pairs = values.size - 1 if values.size > 1 else np.nan
    return Moments(values.size, mean, squares, steps / pairs, square_steps / pairs, below, above)


def _joined(
    mean: float, squares: float, before: int, chunk: FloatArray, buffer: FloatArray
) -> tuple[float, float]:
    own = float(chunk.mean())
    deviations = np.subtract(chunk, own, out=buffer[: chunk.size])
    total = before + chunk.size
    apart = own - mean
    squares += sum_of_squares(deviations) + apart**2 * before * chunk.size / total
    return mean + apart * chunk.size / total, squares


def _steps(chunk: FloatArray, buffer: FloatArray) -> tuple[float, float]:
    steps = np.subtract(chunk[1:], chunk[:-1], out=buffer[: chunk.size - 1])
    square = sum_of_squares(steps)
    return float(np.abs(steps, out=steps).sum()), square


def sum_of_squares(x: FloatArray) -> float:
    """Return sum(x^2) on one thread: a threaded product of short rows waits more than it works.

    >>> sum_of_squares(np.array([1.0, 2.0]))
    5.0
    """
    return float(np.einsum("i,i->", x, x))
