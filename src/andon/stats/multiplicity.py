"""Many tests at once: p values corrected for how many were looked at."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import BoolArray, FloatArray, as_values, require_between, require_choice
from andon.stats.errors import InvalidOption
from andon.stats.results import Result

__all__ = ["CorrectedTests", "Correction", "correct_p_values"]

Correction = Literal["holm", "benjamini-hochberg", "bonferroni", "none"]
SOURCES = {
    "holm": "Holm 1979, Scandinavian Journal of Statistics 6, 65-70",
    "benjamini-hochberg": "Benjamini and Hochberg 1995, JRSS B 57, 289-300",
    "bonferroni": "Bonferroni 1936",
    "none": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedTests(Result):
    """Corrected p values in the order given, and which tests are rejected at alpha."""

    p_values: FloatArray
    rejected: BoolArray


def correct_p_values(
    p_values: ArrayLike, *, correction: Correction = "holm", alpha: float = 0.05
) -> CorrectedTests:
    """Return p values corrected for their number.

    holm: running maximum of (m - i + 1) p(i), which bounds the chance of any false rejection;
    benjamini-hochberg: running minimum from above of m p(i) / i, which bounds the expected share of
    false ones among the rejected (independent or positively dependent tests).

    Args:
        p_values: shape (m,), each 0 to 1.
        correction: "holm", "benjamini-hochberg", "bonferroni" or "none".
        alpha: a test is rejected when its corrected p is at most alpha.

    Raises:
        InvalidOption: a p value outside 0 to 1, an unknown correction.

    Source: Holm 1979; Benjamini and Hochberg 1995.

    >>> correct_p_values([0.01, 0.04, 0.03]).p_values.round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    require_choice("correction", correction, get_args(Correction))
    require_between("alpha", alpha, 0, 1)
    p = as_values(p_values, what="p values")
    if p.min() < 0 or p.max() > 1:
        raise InvalidOption("p_values", float(p[(p < 0) | (p > 1)][0]), "between 0 and 1")
    corrected = corrected_p(p, correction)
    return CorrectedTests(
        p_values=corrected,
        rejected=corrected <= alpha,
        method="correct_p_values",
        options={"correction": correction, "alpha": alpha},
        convention=correction,
        source=SOURCES[correction],
    )


def corrected_p(p: FloatArray, correction: str) -> FloatArray:
    """Return the corrected p values; NaN (a test that could not be made) stays and counts not.

    >>> corrected_p(np.array([0.01, np.nan, 0.02]), "bonferroni").tolist()
    [0.02, nan, 0.04]
    """
    out, made = np.full(p.size, np.nan), ~np.isnan(p)
    order = np.argsort(p[made], kind="stable")
    ranked = np.empty(order.size)
    ranked[order] = _STEPS[correction](p[made][order])
    out[made] = np.minimum(ranked, 1.0)
    return out


def _holm(ordered: FloatArray) -> FloatArray:
    return np.maximum.accumulate(ordered * np.arange(ordered.size, 0, -1))


def _benjamini_hochberg(ordered: FloatArray) -> FloatArray:
    scaled = ordered * ordered.size / np.arange(1, ordered.size + 1)
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _bonferroni(ordered: FloatArray) -> FloatArray:
    return ordered * ordered.size


def _as_given(ordered: FloatArray) -> FloatArray:
    return ordered


_STEPS = {
    "holm": _holm,
    "benjamini-hochberg": _benjamini_hochberg,
    "bonferroni": _bonferroni,
    "none": _as_given,
}
