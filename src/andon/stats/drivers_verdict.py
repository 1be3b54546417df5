"""Telling factors apart: which one acts, which only moves along, and which cannot be told apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scipy import special

from andon.stats.additive import PairFit

__all__ = [
    "DriverVerdict",
    "Judgement",
    "PairTest",
    "in_words",
    "pair_by_chi_square",
    "pair_by_f",
    "separate",
]

DriverVerdict = Literal["driver", "innocent", "not separable", "not testable"]
Because = Literal["explains", "no effect", "explained by", "moves with"]


@dataclass(frozen=True, slots=True)
class PairTest:
    """What each of two factors explains beyond the other.

    Attributes:
        free: extra parameters of the first beyond the second, and of the second beyond the first.
        p: p value of each extra.
        share: share of the total variation of each extra.
    """

    free: tuple[int, int]
    p: tuple[float, float]
    share: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A factor's verdict, why, and the factor it was compared with ("" when none)."""

    verdict: DriverVerdict
    because: Because
    related: str = ""


Relation = Literal["both", "first", "second", "neither"]
Compare = Callable[[str, str], PairTest | None]


def separate(
    names: Sequence[str], compare: Compare, *, alpha: float, minimum_share: float
) -> dict[str, Judgement]:
    """Return the verdict of every factor whose effect is visible alone, strongest first.

    A factor stands when it explains something beyond each stronger one. Of two that explain the
    same, the one with fewer parameters stands when it is a coarser grouping of the other; when
    neither is, they are not separable.

    Args:
        names: factors with a visible effect, strongest first.
        compare: extra explained by (first, second) beyond each other; None when not comparable.
        alpha: level of the tests.
        minimum_share: smallest extra share of the variation that matters.
    """
    found: dict[str, Judgement] = {}
    for name in names:
        found[name] = Judgement("driver", "explains")
        for other in [n for n in found if n != name and found[n].because != "explained by"]:
            test = compare(name, other)
            relation = _relation(test, alpha, minimum_share) if test else "both"
            _apply(found, name, other, relation)
            if found[name].because == "explained by":
                break
    return found


def _apply(found: dict[str, Judgement], name: str, other: str, relation: Relation) -> None:
    if relation == "second":
        found[name] = Judgement("innocent", "explained by", other)
    elif relation == "first":
        found[other] = Judgement("innocent", "explained by", name)
    elif relation == "neither":
        found[name] = Judgement("not separable", "moves with", other)
        if found[other].verdict == "driver":
            found[other] = replace(found[name], related=name)


def _relation(test: PairTest, alpha: float, minimum_share: float) -> Relation:
    first, second = (
        free > 0 and p < alpha and share >= minimum_share
        for free, p, share in zip(test.free, test.p, test.share, strict=True)
    )
    if first and second:
        return "both"
    if first or second:
        return "first" if first else "second"
    if (test.free[0] == 0) == (test.free[1] == 0):
        return "neither"
    return "first" if test.free[0] == 0 else "second"


def pair_by_f(fit: PairFit) -> PairTest:
    """Return the extra sums of squares of two factors tested against the additive residual."""
    free = (fit.rank - fit.levels[1], fit.rank - fit.levels[0])
    rest, df = max(fit.total - fit.additive, 0.0), fit.rows - fit.rank
    extra = (fit.additive - fit.second, fit.additive - fit.first)

    def p_value(gain: float, df1: int) -> float:
        if df1 <= 0 or df <= 0:
            return 1.0
        return float(special.fdtrc(df1, df, gain / df1 / (rest / df))) if rest > 0 else 0.0

    return PairTest(
        free=free,
        p=(p_value(extra[0], free[0]), p_value(extra[1], free[1])),
        share=(extra[0] / fit.total, extra[1] / fit.total),
    )


def pair_by_chi_square(fit: PairFit, dispersion: float = 1.0) -> PairTest:
    """Return the extra deviances of two factors, divided by the dispersion, by chi-square."""
    free = (fit.rank - fit.levels[1], fit.rank - fit.levels[0])
    extra = (max(fit.additive - fit.second, 0.0), max(fit.additive - fit.first, 0.0))
    total = fit.total or 1.0
    return PairTest(
        free=free,
        p=(_chi_p(free[0], extra[0] / dispersion), _chi_p(free[1], extra[1] / dispersion)),
        share=(extra[0] / total, extra[1] / total),
    )


def _chi_p(df: int, deviance: float) -> float:
    return float(special.chdtrc(df, deviance)) if df > 0 else 1.0


def in_words(judgement: Judgement) -> str:
    """Return the verdict as a sentence that lacks its subject, the factor.

    >>> in_words(Judgement("innocent", "explained by", "gauge"))
    'only follows gauge: it explains nothing that gauge does not.'
    """
    other = judgement.related
    return {
        "explains": "is a driver.",
        "no effect": "shows no effect that matters.",
        "explained by": f"only follows {other}: it explains nothing that {other} does not.",
        "moves with": f"cannot be told from {other}: their levels occur together, so that either "
        f"may act; run a trial in which they vary separately.",
    }[judgement.because]
