"""Curves of an attribute plan: operating characteristic, AOQ, ATI, ASN, and its risk points."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.errors import InvalidOption
from andon.stats.results import Result
from andon.stats.sampling_paths import (
    DISTRIBUTIONS,
    Ends,
    check_stages,
    ends_of,
    nonconforming_in_lot,
)
from andon.stats.sampling_plans import Stage

__all__ = ["PlanCurves", "acceptance_probability", "plan_curves", "quality_at_probability"]

MOST_POINTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCurves(Result):
    """Curves over incoming quality.

    Attributes:
        quality: fraction nonconforming (Poisson: nonconformities per unit).
        acceptance: probability of acceptance, Pa.
        outgoing: average outgoing quality, AOQ, rejected lots screened and made good.
        inspected: average total inspection, ATI; absent without lot size.
        sample_number: average sample number, ASN, without curtailment.
        outgoing_limit, outgoing_limit_at: the AOQL and the quality where it occurs.
        quality_95, quality_50, quality_10: quality accepted with probability 0.95, 0.50, 0.10.
    """

    quality: NDArray[np.float64]
    acceptance: NDArray[np.float64]
    outgoing: NDArray[np.float64]
    inspected: NDArray[np.float64] | None
    sample_number: NDArray[np.float64]
    outgoing_limit: float
    outgoing_limit_at: float
    quality_95: float
    quality_50: float
    quality_10: float


def acceptance_probability(
    stages: Sequence[Stage],
    quality: ArrayLike,
    *,
    distribution: str = "binomial",
    lot_size: int | None = None,
) -> FloatArray:
    """Return the probability of acceptance at each quality.

    Args:
        stages: the samples of the plan, e.g. `sampling_plan(...).stages`.
        quality: fractions nonconforming (Poisson: nonconformities per unit).
        distribution: "binomial" (a steady process), "poisson" (nonconformities), or
            "hypergeometric" (one lot of `lot_size`).

    Raises:
        InvalidOption, StatisticsError: a plan or lot that cannot be.

    >>> acceptance_probability([Stage(89, 2, 3)], [0.01, 0.05]).round(4).tolist()
    [0.9397, 0.1721]
    """
    p = _checked(stages, quality, distribution, lot_size)
    accepted = _ends(stages, p, distribution, lot_size).accepted
    return np.asarray(accepted.sum(axis=0), dtype=np.float64)


def plan_curves(
    stages: Sequence[Stage],
    quality: ArrayLike | None = None,
    *,
    distribution: str = "binomial",
    lot_size: int | None = None,
    points: int = 101,
) -> PlanCurves:
    """Return all curves of a plan.

    AOQ = p sum_k P(accepted at k) (N - n_k) / N, ATI = sum_k P(accepted at k) n_k + (1 - Pa) N,
    ASN = sum_k size_k P(sample k drawn), with n_k units drawn up to sample k.

    Args:
        quality: where to compute; by default `points` steps up to where Pa falls to 0.1 %.
        stages, distribution, lot_size: as `acceptance_probability`.

    Source: Schilling and Neubauer, Acceptance Sampling in Quality Control, 2nd ed., ch. 5 and 6;
    Montgomery, Introduction to Statistical Quality Control, ch. 15.

    >>> curves = plan_curves([Stage(89, 2, 3)], lot_size=10_000)
    >>> round(curves.outgoing_limit, 4)
    0.0152
    """
    require_between("points", points, 2, MOST_POINTS, open_ends=False)
    marks = [quality_at_probability(stages, at, distribution=distribution, lot_size=lot_size)
             for at in (0.95, 0.50, 0.10, 0.001)]  # fmt: skip
    grid = np.linspace(0.0, marks[3], points) if quality is None else quality
    p = _checked(stages, grid, distribution, lot_size)
    ends = _ends(stages, p, distribution, lot_size)
    limit, limit_at = _outgoing_limit(stages, marks[3], distribution, lot_size)
    return PlanCurves(
        method="plan_curves",
        options={"distribution": distribution, "lot_size": lot_size, "points": points},
        convention="rejected lots screened, nonconforming units replaced; no curtailment",
        source="Schilling and Neubauer (2009) ch. 5-6; Montgomery, SQC, ch. 15",
        quality=p,
        acceptance=ends.accepted.sum(axis=0),
        outgoing=_outgoing(stages, p, ends, lot_size),
        inspected=None if lot_size is None else _inspected(stages, ends, lot_size),
        sample_number=np.array([stage.size for stage in stages]) @ ends.reached,
        outgoing_limit=limit,
        outgoing_limit_at=limit_at,
        quality_95=marks[0],
        quality_50=marks[1],
        quality_10=marks[2],
    )


def quality_at_probability(
    stages: Sequence[Stage],
    probability: float,
    *,
    distribution: str = "binomial",
    lot_size: int | None = None,
) -> float:
    """Return the quality that the plan accepts with this probability.

    For a lot: the largest fraction accepted with at least this probability.

    >>> round(quality_at_probability([Stage(13, 0, 1)], 0.10), 4)
    0.1623
    """
    if not 0 < probability < 1:
        raise InvalidOption("probability", probability, "strictly between 0 and 1")

    def excess(p: float) -> float:
        at = acceptance_probability(
            stages, np.array([p]), distribution=distribution, lot_size=lot_size
        )
        return float(at[0]) - probability

    if lot_size is not None and distribution == "hypergeometric":
        return _last_count(excess, lot_size) / lot_size
    most = 1.0
    while distribution == "poisson" and excess(most) > 0:
        most *= 2
    if excess(most) > 0:
        return most
    return float(optimize.brentq(excess, 0.0, most, xtol=1e-13))


def _last_count(excess: Callable[[float], float], lot_size: int) -> int:
    low, high = 0, lot_size + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if excess(middle / lot_size) >= 0 else (low, middle)
    return low


def _checked(
    stages: Sequence[Stage], quality: ArrayLike, distribution: str, lot_size: int | None
) -> FloatArray:
    require_choice("distribution", distribution, DISTRIBUTIONS)
    if distribution == "hypergeometric" and lot_size is None:
        raise InvalidOption("lot_size", lot_size, "given for the hypergeometric distribution")
    check_stages(stages, lot_size)
    p = as_values(quality, what="qualities")
    if p.min() < 0 or (distribution != "poisson" and p.max() > 1):
        raise InvalidOption("quality", float(p.min()), "fractions between 0 and 1")
    if distribution == "hypergeometric" and lot_size is not None:
        return nonconforming_in_lot(p, lot_size) / lot_size
    return p


def _ends(stages: Sequence[Stage], p: FloatArray, distribution: str, lot_size: int | None) -> Ends:
    drawn_from = lot_size if distribution == "hypergeometric" else None
    return ends_of(stages, p, distribution, drawn_from)


def _drawn(stages: Sequence[Stage]) -> FloatArray:
    return np.cumsum([stage.size for stage in stages]).astype(np.float64)


def _outgoing(
    stages: Sequence[Stage], p: FloatArray, ends: Ends, lot_size: int | None
) -> FloatArray:
    left = 1.0 if lot_size is None else 1 - _drawn(stages)[:, None] / lot_size
    return np.asarray(p * (ends.accepted * left).sum(axis=0))


def _inspected(stages: Sequence[Stage], ends: Ends, lot_size: int) -> FloatArray:
    rejected = 1 - ends.accepted.sum(axis=0)
    return np.asarray(_drawn(stages) @ ends.accepted + rejected * lot_size)


def _outgoing_limit(
    stages: Sequence[Stage], highest: float, distribution: str, lot_size: int | None
) -> tuple[float, float]:
    """Largest AOQ and where: a grid, then a search between its neighbours."""

    def outgoing(p: FloatArray) -> FloatArray:
        return _outgoing(stages, p, _ends(stages, p, distribution, lot_size), lot_size)

    if distribution == "hypergeometric" and lot_size is not None:
        grid = np.arange(math.ceil(highest * lot_size) + 1) / lot_size
        best = int(outgoing(grid).argmax())
        return float(outgoing(grid)[best]), float(grid[best])
    grid = np.linspace(0.0, highest, 101)
    best = min(max(1, int(outgoing(grid).argmax())), 99)
    found = optimize.minimize_scalar(
        lambda p: -float(outgoing(np.array([p]))[0]),
        bounds=(grid[best - 1], grid[best + 1]),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return -float(found.fun), float(found.x)
