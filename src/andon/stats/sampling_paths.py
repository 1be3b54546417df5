"""Where a staged attribute plan ends: probabilities of acceptance and rejection at every sample.

The number nonconforming found so far is followed from sample to sample, for all qualities at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from andon.stats.arrays import FloatArray
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.sampling_plans import Stage

__all__ = ["DISTRIBUTIONS", "Ends", "check_stages", "ends_of", "nonconforming_in_lot"]

DISTRIBUTIONS = ("binomial", "poisson", "hypergeometric")


@dataclass(frozen=True, slots=True)
class Ends:
    """Probabilities (stages x qualities) that the lot is accepted, or reached, at each sample."""

    accepted: FloatArray
    reached: FloatArray


def check_stages(stages: Sequence[Stage], lot_size: int | None = None) -> None:
    """Raise StatisticsError unless the stages form a plan that fits into the lot."""
    if not stages:
        raise StatisticsError("a plan needs at least one sample")
    for stage in stages:
        if stage.size < 1 or (stage.accept is not None and not 0 <= stage.accept < stage.reject):
            raise StatisticsError("each sample needs a size, and accepts fewer than it rejects")
    if stages[-1].accept is None:
        raise StatisticsError("the last sample must be able to accept")
    total = sum(stage.size for stage in stages)
    if lot_size is not None and total > lot_size:
        raise InvalidOption("lot_size", lot_size, f"at least the samples' {total} units")


def nonconforming_in_lot(quality: FloatArray, lot_size: int) -> FloatArray:
    """Return the whole number of nonconforming units of a lot nearest to each fraction.

    >>> nonconforming_in_lot(np.array([0.01, 0.024]), 100).tolist()
    [1.0, 2.0]
    """
    return np.rint(quality * lot_size)


@dataclass(frozen=True, slots=True)
class _Supply:
    """What is drawn from: qualities by distribution, or from lots of this size."""

    quality: FloatArray
    distribution: str
    lot_size: int | None


def ends_of(
    stages: Sequence[Stage], quality: FloatArray, distribution: str, lot_size: int | None = None
) -> Ends:
    """Return where the plan ends for fractions (Poisson: nonconformities per unit) of quality.

    After the last sample a result below rejection accepts, as under reduced inspection.

    >>> ends = ends_of([Stage(2, 0, 1)], np.array([0.5]), "binomial")
    >>> ends.accepted.round(6).tolist()
    [[0.25]]
    """
    supply = _Supply(quality, distribution, lot_size)
    going = np.zeros((max(stage.reject for stage in stages), quality.size))
    going[0] = 1.0
    accepted, reached, taken = [], [], 0
    for number, stage in enumerate(stages):
        reached.append(going.sum(axis=0))
        going = _after(going, stage.size, taken, supply)
        taken += stage.size
        is_last = number == len(stages) - 1
        limit = stage.reject - 1 if is_last else -1 if stage.accept is None else stage.accept
        accepted.append(going[: limit + 1].sum(axis=0))
        going[: limit + 1] = 0.0
        going[stage.reject :] = 0.0
    return Ends(np.array(accepted), np.array(reached))


def _after(going: FloatArray, size: int, taken: int, supply: _Supply) -> FloatArray:
    """Distribution of the number found after one more sample."""
    most = going.shape[0]
    found = np.arange(most, dtype=np.float64)[:, None]
    new = np.zeros_like(going)
    independent = None if supply.lot_size else _increments(found, size, supply)
    for before in np.flatnonzero(going.any(axis=1)).tolist():
        step = independent
        if step is None:
            step = _from_lot(found, size, before, taken, supply)
        new[before:] += going[before] * step[: most - before]
    return new


def _increments(found: FloatArray, size: int, supply: _Supply) -> FloatArray:
    if supply.distribution == "poisson":
        return np.asarray(stats.poisson.pmf(found, size * supply.quality))
    return np.asarray(stats.binom.pmf(found, size, supply.quality))


def _from_lot(found: FloatArray, size: int, before: int, taken: int, supply: _Supply) -> FloatArray:
    """Probabilities to find so many more, `before` of `taken` units being found already."""
    lot_size = supply.lot_size or 0
    left = nonconforming_in_lot(supply.quality, lot_size) - before
    remaining = lot_size - taken
    step = stats.hypergeom.pmf(found, remaining, np.clip(left, 0, remaining), size)
    return np.where((left >= 0) & (left <= remaining), step, 0.0)
