"""Regression on one or several predictors, with confidence and prediction bands."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.arrays import FloatArray, as_values, require_between
from andon.stats.errors import InvalidOption, StatisticsError, TooFewValues
from andon.stats.least_squares import LeastSquares, fit_least_squares
from andon.stats.results import Interval, Result

__all__ = ["Bands", "Coefficient", "Regression", "fit_line", "fit_regression", "predict"]

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One term: its estimate, standard error, interval, p and variance inflation.

    `inflation` is 1 / (1 - R^2) of the term on the other terms; NaN for the intercept.
    """

    term: str
    estimate: float
    error: float
    interval: Interval
    p_value: float
    inflation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression(Result):
    """A fitted regression.

    Attributes:
        coefficients: intercept first, when there is one.
        sigma, df: residual standard deviation and its degrees of freedom.
        r_squared, adjusted_r_squared: about the mean (about 0 without an intercept).
        f, p_value: of all predictors together.
        fitted, residuals, leverages, distances: per row; distances are Cook's.
        unscaled: (X'X)^-1 of the terms, from which bands are computed.
        degree: of the polynomial for `fit_line`; 0 for several predictors.
    """

    coefficients: tuple[Coefficient, ...]
    sigma: float
    df: int
    r_squared: float
    adjusted_r_squared: float
    f: float
    p_value: float
    fitted: FloatArray
    residuals: FloatArray
    leverages: FloatArray
    distances: FloatArray
    unscaled: FloatArray
    degree: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Result):
    """At each point: the fitted mean, its confidence limits, and limits for a new value."""

    fitted: FloatArray
    confidence_low: FloatArray
    confidence_high: FloatArray
    prediction_low: FloatArray
    prediction_high: FloatArray


def fit_line(x: ArrayLike, y: ArrayLike, *, degree: int = 1, level: float = 0.95) -> Regression:
    """Return the straight line, or polynomial, of y on x.

    Args:
        x, y: shape (n,), n above degree + 1.
        degree: 1 to 6.
        level: confidence level of the coefficients.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError.

    Source: Draper and Smith 1998, Applied Regression Analysis, ch. 1.

    >>> fit = fit_line([0.0, 1.0, 2.0, 3.0], [1.0, 3.1, 4.9, 7.0])
    >>> [round(c.estimate, 3) for c in fit.coefficients]
    [1.03, 1.98]
    """
    if not 1 <= degree <= 6:
        raise InvalidOption("degree", degree, "from 1 to 6")
    points = as_values(x, minimum=degree + 2, must_vary=True)
    names = ["x" if k == 1 else f"x^{k}" for k in range(1, degree + 1)]
    columns = {name: points**k for k, name in enumerate(names, start=1)}
    return _fit(
        columns, as_values(y), intercept=True, level=level, method="fit_line", degree=degree
    )


def fit_regression(
    response: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    *,
    intercept: bool = True,
    level: float = 0.95,
) -> Regression:
    """Return the multiple regression of a response on named predictors.

    Args:
        response: shape (n,), n above the number of terms.
        predictors: name to values, shape (n,) each, at least one.
        intercept: whether the model has a constant.
        level: confidence level of the coefficients.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption; StatisticsError: lengths differ, or
        predictors that depend on each other.

    Source: Draper and Smith 1998, ch. 6; NIST StRD linear regression.

    >>> fit = fit_regression([1, 3, 2, 4.5], {"a": [0, 1, 0, 1], "b": [0, 0, 1, 1]})
    >>> round(fit.coefficients[1].estimate, 3)
    2.25
    """
    if not predictors:
        raise TooFewValues(1, 0, "predictors")
    columns = {name: as_values(values, what=name) for name, values in predictors.items()}
    y = as_values(response, what="responses")
    return _fit(columns, y, intercept=intercept, level=level, method="fit_regression", degree=0)


def predict(
    regression: Regression, at: Mapping[str, ArrayLike] | ArrayLike, *, level: float = 0.95
) -> Bands:
    """Return the fit with confidence and prediction limits at new points.

    mean -/+ t s sqrt(x' (X'X)^-1 x), new value -/+ t s sqrt(1 + x' (X'X)^-1 x).

    Args:
        regression: from `fit_line` (then `at` is an array) or `fit_regression` (then a mapping).
        at: the points, shape (m,) each.
        level: of each limit, pointwise.

    Raises:
        InvalidOption; StatisticsError: a predictor is missing.

    Source: Draper and Smith 1998, 3.1 and 8.1.

    >>> fit = fit_line([0.0, 1.0, 2.0, 3.0], [1.0, 3.1, 4.9, 7.0])
    >>> predict(fit, [1.5]).fitted.round(3).tolist()
    [4.0]
    """
    require_between("level", level, 0, 1)
    rows = _rows(regression, at)
    fitted = rows @ np.array([c.estimate for c in regression.coefficients])
    share = np.maximum(((rows @ regression.unscaled) * rows).sum(1), 0.0)
    t = float(special.stdtrit(regression.df, (1 + level) / 2)) * regression.sigma
    mean, new = t * np.sqrt(share), t * np.sqrt(1 + share)
    return Bands(
        fitted=fitted,
        confidence_low=fitted - mean,
        confidence_high=fitted + mean,
        prediction_low=fitted - new,
        prediction_high=fitted + new,
        method="predict",
        options={"level": level},
        convention="pointwise limits",
        source="Draper and Smith 1998",
    )


def _rows(regression: Regression, at: Mapping[str, ArrayLike] | ArrayLike) -> FloatArray:
    terms = [c.term for c in regression.coefficients]
    if regression.degree:
        points = as_values(at if not isinstance(at, Mapping) else at.get("x", []))
        return np.column_stack([points**k for k in range(regression.degree + 1)])
    if not isinstance(at, Mapping) or set(terms) - {"intercept"} - set(at):
        raise StatisticsError(f"values are needed for {', '.join(terms)}")
    columns = {t: as_values(at[t], what=t) for t in terms if t != "intercept"}
    size = next(iter(columns.values())).size
    return np.column_stack([columns.get(t, np.ones(size)) for t in terms])


def _fit(
    columns: Mapping[str, FloatArray],
    y: FloatArray,
    *,
    intercept: bool,
    level: float,
    method: str,
    degree: int,
) -> Regression:
    require_between("level", level, 0, 1)
    if any(column.size != y.size for column in columns.values()):
        raise StatisticsError(f"every predictor needs {y.size} values, as many as the response")
    terms = (["intercept"] if intercept else []) + list(columns)
    if y.size <= len(terms):
        raise TooFewValues(len(terms) + 1, y.size, "rows")
    table = np.column_stack([np.ones(y.size)] * intercept + list(columns.values()))
    fit = fit_least_squares(table, y)
    total = fit.total_squares if intercept else float(y @ y)
    free = len(columns)
    explained = max(total - fit.residual_squares, 0.0)
    f = explained / free / fit.sigma**2 if fit.sigma > 0 else float("inf")
    return Regression(
        coefficients=_coefficients(fit, table, terms, intercept, level=level),
        sigma=fit.sigma,
        df=fit.df,
        r_squared=explained / total,
        adjusted_r_squared=1 - fit.sigma**2 / (total / (y.size - intercept)),
        f=f,
        p_value=float(special.fdtrc(free, fit.df, f)) if np.isfinite(f) else 0.0,
        fitted=fit.fitted,
        residuals=fit.residuals,
        leverages=fit.leverages,
        distances=_cooks(fit),
        unscaled=fit.unscaled,
        degree=degree,
        method=method,
        options={"intercept": intercept, "level": level, "degree": degree},
        convention="least squares; t intervals" + ("" if intercept else "; R squared about 0"),
        source="Draper and Smith 1998",
    )


def _coefficients(
    fit: LeastSquares, table: FloatArray, terms: list[str], intercept: bool, *, level: float
) -> tuple[Coefficient, ...]:
    t = float(special.stdtrit(fit.df, (1 + level) / 2))
    about = table - table.mean(0) if intercept else table
    inflation = np.diag(fit.unscaled) * (about**2).sum(0)
    p_values = fit.p_values if fit.sigma > 0 else np.zeros(len(terms))
    return tuple(
        Coefficient(
            term,
            float(value),
            float(error),
            Interval(float(value - t * error), float(value + t * error), level),
            float(p),
            NAN if term == "intercept" else float(vif),
        )
        for term, value, error, p, vif in zip(
            terms, fit.coefficients, fit.errors, p_values, inflation, strict=True
        )
    )


def _cooks(fit: LeastSquares) -> FloatArray:
    p = fit.coefficients.size
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            fit.residuals**2 * fit.leverages / (p * fit.sigma**2 * (1 - fit.leverages) ** 2)
        )
