"""The finding rules over many subgroups at once, with results identical to one at a time."""

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, IntArray, as_values
from andon.stats.findings import (
    DEFAULT_OPTIONS,
    Finding,
    FindingOptions,
    ShiftState,
    Side,
    extreme_finding,
    least_departure,
    shift_finding,
)
from andon.stats.findings_baseline import Baseline

__all__ = ["scan"]

# A block keeps the rounding of the vectorised sum far below the margin within which a reset or a
# report is not trusted but stepped through exactly.
_BLOCK, _MARGIN = 8192, 1e-6
_UNSTARTED = ShiftState()


def scan(
    means: ArrayLike,
    baseline: Baseline,
    options: FindingOptions = DEFAULT_OPTIONS,
    state: ShiftState = _UNSTARTED,
) -> tuple[ShiftState, tuple[Finding, ...]]:
    """Return what `advance` would, called for each mean of subgroups of the usual size in turn.

    The cumulative sum without restarts, c = S - min(0, min S), bounds the one with restarts from
    above, so a stretch between two of its returns to zero in which it stays below h holds no
    report; only the other stretches are stepped through.

    Raises:
        NotFinite: a mean is missing or infinite.

    >>> baseline = Baseline(mean=0.0, sigma_of_means=1.0, sigma_within=2.0, subgroups=30)
    >>> state, found = scan([0.3, -0.5, 4.1, 4.2, 4.0, 0.1], baseline)
    >>> [(f.rule, f.began, f.position) for f in found], state.count
    ([('SHIFT', 2, 4)], 6)
    """
    values = as_values(means, minimum=0, what="subgroup means")
    found: list[Finding] = []
    for start in range(0, len(values), _BLOCK):
        z = (values[start : start + _BLOCK] - baseline.mean) / baseline.sigma_of_means
        state, reports = _scan_block(z, baseline, options, state)
        found += reports
    return state, tuple(found)


def _scan_block(
    z: FloatArray, baseline: Baseline, options: FindingOptions, state: ShiftState
) -> tuple[ShiftState, list[Finding]]:
    least = max(options.extreme, least_departure(baseline, options))
    found = [
        extreme_finding(state.count + int(at), float(z[at]), float(z[at]), baseline, options)
        for at in np.flatnonzero(np.abs(z) >= least)
    ]
    sides = []
    for direction, before in ((1, state.up), (-1, state.down)):
        side, reports = _step_through(direction * z, before, baseline, options)
        sides.append(side)
        found += [
            shift_finding(
                state.count + at,
                float(z[at]),
                reporting,
                direction=direction,
                baseline=baseline,
                options=options,
            )
            for at, reporting in reports
        ]
    found.sort(key=lambda f: (f.position, f.rule, -f.direction))
    return ShiftState(state.count + len(z), sides[0], sides[1]), found


def _step_through(
    z: FloatArray, side: Side, baseline: Baseline, options: FindingOptions
) -> tuple[Side, list[tuple[int, Side]]]:
    """Return the side after the block, and where it reported with the side as it then was."""
    reports = []
    for first, end in _stretches_to_step(z, side, options):
        side = side if first == 0 else Side()
        for at in range(first, end):
            side = side.moved(float(z[at]), float(z[at]), options)
            if side.reports(baseline, options):
                reports.append((at, side))
                side = side.restarted()
    return side, reports


def _stretches_to_step(z: FloatArray, side: Side, options: FindingOptions) -> list[tuple[int, int]]:
    """Return first and end of each stretch between sure resets that a report may lie in."""
    steps = np.clip(z, -options.clip, options.clip) - options.allowance
    sums = side.cusum + np.cumsum(steps)
    lowest = np.minimum.accumulate(np.concatenate([[0.0], sums[:-1]]))
    resets: IntArray = np.flatnonzero(sums < lowest - _MARGIN)
    suspects: IntArray = np.flatnonzero(
        sums - np.minimum(lowest, sums) > options.decision - _MARGIN
    )
    bounds = np.concatenate([[0], resets, [len(z)]])
    starts = np.searchsorted(resets, suspects, side="right")
    chosen = np.union1d(starts, [len(resets)])
    return [(int(bounds[i]), int(bounds[i + 1])) for i in chosen]
