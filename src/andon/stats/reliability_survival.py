"""The share of parts still alive over time, without a model (Kaplan and Meier)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.errors import StatisticsError, TooFewValues
from andon.stats.results import Result

__all__ = ["Survival", "estimate_survival"]

Convention = Literal["log-log", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival(Result):
    """One entry for each time at which a part failed.

    Attributes:
        times: in rising order.
        survival: share still alive just after.
        errors: Greenwood's standard errors; NaN when none is left.
        low, high: pointwise limits; NaN when none is left.
        at_risk, failures: parts alive just before, and parts that failed then.
        median: first time at which at most half is alive; NaN when not reached.
    """

    times: FloatArray
    survival: FloatArray
    errors: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: FloatArray
    failures: FloatArray
    median: float


def estimate_survival(
    times: ArrayLike,
    failed: Sequence[bool] | None = None,
    *,
    convention: Convention = "log-log",
    level: float = 0.95,
) -> Survival:
    """Return the product-limit estimate of survival with pointwise limits.

    S(t) = product of (1 - d / n); Var = S^2 sum d / (n (n - d)). plain: S -/+ z s, cut to 0..1;
    log-log: S^exp(-/+ z s / (S ln S)).

    Args:
        times: of failure or of the last look, above 0, shape (n,).
        failed: whether each part failed at its time; all did when None.
        convention: "log-log" or "plain".
        level: confidence level of each limit.

    Raises:
        TooFewValues: no failure; NotFinite, InvalidOption, StatisticsError.

    Source: Kaplan and Meier 1958, JASA 53, 457-481; Greenwood 1926.

    >>> estimate_survival([1, 2, 2, 4], [True, True, False, True]).survival.tolist()
    [0.75, 0.5, 0.0]
    """
    require_choice("convention", convention, get_args(Convention))
    require_between("level", level, 0, 1)
    t = as_values(times, what="times")
    flags = np.ones(t.size, bool) if failed is None else np.asarray(failed, dtype=bool)
    if flags.size != t.size or t.min() <= 0:
        raise StatisticsError("every part needs a time above 0 and an entry of failed")
    if not flags.any():
        raise TooFewValues(1, 0, "failures")
    moments, deaths = np.unique(t[flags], return_counts=True)
    at_risk = t.size - np.searchsorted(np.sort(t), moments, side="left")
    survival = np.asarray(np.cumprod(1 - deaths / at_risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.sqrt(np.cumsum(deaths / (at_risk * (at_risk - deaths))))
        errors = np.where(survival > 0, survival * share, np.nan)
        low, high = _limits(survival, share, convention, level)
    half = np.flatnonzero(survival <= 0.5 + 1e-12)
    return Survival(
        times=moments,
        survival=survival,
        errors=errors,
        low=low,
        high=high,
        at_risk=at_risk.astype(np.float64),
        failures=deaths.astype(np.float64),
        median=float(moments[half[0]]) if half.size else float("nan"),
        method="estimate_survival",
        options={"convention": convention, "level": level},
        convention=f"Greenwood's variance, {convention} limits",
        source="Kaplan and Meier 1958; Greenwood 1926",
    )


def _limits(
    survival: FloatArray, share: FloatArray, convention: str, level: float
) -> tuple[FloatArray, FloatArray]:
    z = float(special.ndtri((1 + level) / 2))
    if convention == "plain":
        half = np.where(survival > 0, z * survival * share, np.nan)
        return np.maximum(survival - half, 0), np.minimum(survival + half, 1)
    turn = np.exp(z * share / np.log(survival))
    gone = survival <= 0
    low, high = survival ** (1 / turn), survival**turn
    return np.where(gone, np.nan, low), np.where(gone, np.nan, high)
