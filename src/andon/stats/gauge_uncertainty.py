"""Expanded measurement uncertainty from a budget of contributions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from andon.stats.arrays import FloatArray, as_table, as_values, require_between, require_choice
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.results import Result

__all__ = ["Contribution", "UncertaintyBudget", "expanded_uncertainty"]

DIVISORS = {
    "standard": 1.0,
    "expanded": 2.0,
    "rectangular": math.sqrt(3.0),
    "triangular": math.sqrt(6.0),
    "u-shaped": math.sqrt(2.0),
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of the budget; `share` is its percent of the squared combined uncertainty."""

    name: str
    value: float
    distribution: str
    standard_uncertainty: float
    sensitivity: float
    degrees: float
    contribution: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyBudget(Result):
    """A budget: combined uncertainty, effective degrees of freedom, k and U = k u."""

    contributions: tuple[Contribution, ...]
    combined: float
    effective_degrees: float
    coverage_factor: float
    expanded: float


def expanded_uncertainty(
    uncertainties: ArrayLike,
    *,
    distributions: Sequence[str] | None = None,
    sensitivities: ArrayLike | None = None,
    degrees: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    correlation: ArrayLike | None = None,
    level: float = 0.95,
    coverage_factor: float | None = None,
    truncate_degrees: bool = True,
) -> UncertaintyBudget:
    """Return U = k u_c with u_c^2 = sum_ij c_i u_i r_ij c_j u_j.

    k is Student's t at the effective degrees of freedom u_c^4 / sum((c_i u_i)^4 / v_i)
    (Welch-Satterthwaite), truncated to a whole number as GUM G.4.1, unless k is given.

    Args:
        uncertainties: standard uncertainties, or half widths as `distributions` say.
        distributions: for each "standard", "expanded" (k = 2), "rectangular", "triangular" or
            "u-shaped" (divisors 1, 2, sqrt 3, sqrt 6, sqrt 2).
        sensitivities: c_i, 1 when absent; degrees: v_i, infinite when absent.
        names: of the contributions; correlation: matrix r, identity when absent.
        level: coverage probability; coverage_factor: fixed k, e.g. 2.

    Raises:
        StatisticsError: columns of unequal length; InvalidOption: negative uncertainty, degrees
        below 1, unknown distribution; NoVariation: every contribution is zero.

    Source: JCGM 100:2008 (GUM), 5.1, 5.2, annex G.

    >>> budget = expanded_uncertainty([3.0, 4.0], coverage_factor=2)
    >>> budget.combined, budget.expanded
    (5.0, 10.0)
    """
    require_between("level", level, 0, 1)
    if coverage_factor is not None:
        require_between("coverage_factor", coverage_factor, 0, math.inf)
    given = as_values(uncertainties, what="uncertainties")
    shapes = _column(distributions, given.size, "standard", "distributions")
    labels = _column(names, given.size, None, "names")
    freedom = _numbers(degrees, given.size, math.inf, "degrees")
    slope = _numbers(sensitivities, given.size, 1.0, "sensitivities")
    _check(given, freedom)
    standard = given / np.array([DIVISORS[_known(shape)] for shape in shapes])
    parts = slope * standard
    combined = _combined(parts, correlation)
    effective = _effective_degrees(parts, freedom, combined)
    whole = math.floor(effective) if truncate_degrees and math.isfinite(effective) else effective
    k = coverage_factor or float(stats.t.ppf(0.5 + level / 2, max(1.0, whole)))
    shares = 100 * parts**2 / combined**2
    columns = [column.tolist() for column in (standard, slope, freedom, parts, shares)]
    rows = zip(labels, given.tolist(), shapes, *columns, strict=True)
    return UncertaintyBudget(
        method="expanded_uncertainty",
        options={
            "level": level,
            "coverage_factor": coverage_factor,
            "truncate_degrees": truncate_degrees,
            "is_correlated": correlation is not None,
        },
        convention="k given" if coverage_factor else "k from t at effective degrees of freedom",
        source="JCGM 100:2008 (GUM) 5.1, 5.2, annex G",
        contributions=tuple(Contribution(*row) for row in rows),
        combined=combined,
        effective_degrees=effective,
        coverage_factor=k,
        expanded=k * combined,
    )


def _effective_degrees(parts: FloatArray, degrees: FloatArray, combined: float) -> float:
    weight = float((parts**4 / degrees).sum())
    return combined**4 / weight if weight > 0 else math.inf


def _column(
    given: Sequence[str] | None, count: int, default: str | None, what: str
) -> tuple[str, ...]:
    if given is None:
        return tuple(default or f"contribution {i + 1}" for i in range(count))
    if len(given) != count:
        raise StatisticsError(f"the {what} must hold one entry for each of the {count} lines")
    return tuple(str(item) for item in given)


def _numbers(given: ArrayLike | None, count: int, default: float, what: str) -> FloatArray:
    values = np.full(count, default) if given is None else np.asarray(given, dtype=np.float64)
    if values.shape != (count,) or np.isnan(values).any():
        raise StatisticsError(f"the {what} must hold one number for each of the {count} lines")
    return values


def _check(uncertainties: FloatArray, degrees: FloatArray) -> None:
    if uncertainties.min() < 0:
        raise InvalidOption("uncertainties", float(uncertainties.min()), "zero or above")
    if degrees.min() < 1:
        raise InvalidOption("degrees", float(degrees.min()), "at least 1")


def _known(shape: str) -> str:
    return require_choice("distributions", shape, tuple(DIVISORS))


def _combined(parts: FloatArray, correlation: ArrayLike | None) -> float:
    matrix = np.eye(parts.size) if correlation is None else as_table(correlation, what="rows")
    if matrix.shape != (parts.size, parts.size) or not np.allclose(matrix, matrix.T):
        raise StatisticsError("the correlation must be a symmetric matrix, one row per line")
    variance = float(parts @ matrix @ parts)
    if variance <= 0:
        raise NoVariation("contributions")
    return math.sqrt(variance)
