"""Runs in rows of flags: all O(n log m) byte operations, no loop over points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.stats.arrays import FloatArray

__all__ = ["Band", "Flags", "alternating", "k_of_m", "run_of", "spread_back", "trending"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Band:
    """Which points lie below and above the two lines of a zone."""

    below: Flags
    above: Flags


def run_of(flags: Flags, m: int) -> Flags:
    """Mark each point that ends m true flags in a row.

    Doubling: a run of 2w is two runs of w, one behind the other; log2(m) passes over bytes.

    >>> run_of(np.array([True, True, True, False]), 2).tolist()
    [False, True, True, False]
    """
    found, length = flags.copy(), 1
    while length < m:
        step = min(length, m - length)
        found[step:] &= found[:-step].copy()
        found[:step] = False
        length += step
    return found


def spread_back(found: Flags, m: int) -> Flags:
    """Mark, for each mark, also the m - 1 points before it.

    >>> spread_back(np.array([False, False, True, False]), 2).tolist()
    [False, True, True, False]
    """
    wide, length = found.copy(), 1
    while length < m:
        step = min(length, m - length)
        wide[:-step] |= wide[step:].copy()
        length += step
    return wide


def k_of_m(flags: Flags, k: int, m: int, *, full_window: bool) -> Flags:
    """Mark each true flag that is at least the k-th within the last m.

    >>> k_of_m(np.array([True, False, True, True]), 2, 3, full_window=False).tolist()
    [False, False, True, True]
    """
    if k == m:
        return run_of(flags, m)
    byte = flags.view(np.uint8)
    count = byte.copy()
    for back in range(1, min(m, flags.size)):
        count[back:] += byte[:-back]
    found: Flags = (count >= k) & flags
    if full_window:
        found[: m - 1] = False
    return found


def trending(x: FloatArray, m: int) -> tuple[Flags, Flags]:
    """Mark each point that ends m points steadily rising, and steadily falling."""
    up, down = _steps(x)
    return run_of(up, m - 1), run_of(down, m - 1)


def alternating(x: FloatArray, m: int) -> Flags:
    """Mark each point that ends m points alternating up and down."""
    up, down = _steps(x)
    turns = np.zeros(x.size, dtype=np.bool_)
    turns[1:] = (up[1:] & down[:-1]) | (down[1:] & up[:-1])
    return run_of(turns, m - 2)


def _steps(x: FloatArray) -> tuple[Flags, Flags]:
    up, down = np.zeros(x.size, dtype=np.bool_), np.zeros(x.size, dtype=np.bool_)
    np.greater(x[1:], x[:-1], out=up[1:])
    np.less(x[1:], x[:-1], out=down[1:])
    return up, down
