"""Least squares by orthogonal triangles: the core of regression and of designed experiments."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, special

from andon.stats.arrays import FloatArray
from andon.stats.errors import NoVariation, StatisticsError, TooFewValues

__all__ = ["LeastSquares", "fit_least_squares"]


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A fitted linear model.

    Attributes:
        coefficients, errors: one per column, and their standard errors (NaN without df).
        unscaled: (X'X)^-1, shape (p, p).
        fitted, residuals, leverages: one per row.
        df: rows less columns.
        residual_squares, total_squares: about the fit, and about the mean.
        sigma: sqrt(residual_squares / df); NaN without df.
    """

    coefficients: FloatArray
    errors: FloatArray
    unscaled: FloatArray
    fitted: FloatArray
    residuals: FloatArray
    leverages: FloatArray
    df: int
    residual_squares: float
    total_squares: float
    sigma: float

    @property
    def p_values(self) -> FloatArray:
        """Return the two-sided p value of each coefficient being 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(self.coefficients / self.errors)
        return (
            np.asarray(2 * special.stdtr(self.df, -t)) if self.df > 0 else np.full(t.size, np.nan)
        )


def fit_least_squares(columns: FloatArray, response: FloatArray) -> LeastSquares:
    """Return the least-squares fit of the response on the columns (QR of scaled columns).

    Raises:
        TooFewValues: fewer rows than columns; NoVariation: a constant response;
        StatisticsError: columns that depend on each other.

    Source: Golub and Van Loan, Matrix Computations, 5.3.

    >>> x = np.column_stack([np.ones(3), [0.0, 1.0, 2.0]])
    >>> fit_least_squares(x, np.array([1.0, 3.0, 5.0])).coefficients.round(9).tolist()
    [1.0, 2.0]
    """
    n, p = columns.shape
    if n < p:
        raise TooFewValues(p, n, "rows")
    total = float(((response - response.mean()) ** 2).sum())
    if total == 0:
        raise NoVariation("responses")
    scale = np.sqrt((columns**2).sum(0))
    if not scale.all():
        raise StatisticsError("a column of the model is 0 in every row; leave it out")
    q, r = linalg.qr(columns / scale, mode="economic")
    if np.abs(np.diag(r)).min() < 1e-13:
        raise StatisticsError("columns of the model depend on each other; leave one out")
    coefficients = linalg.solve_triangular(r, q.T @ response)
    # one step of refinement keeps the digits that nearly dependent columns cost
    rest = response - (columns / scale) @ coefficients
    coefficients = coefficients + linalg.solve_triangular(r, q.T @ rest)
    inverse = linalg.solve_triangular(r, np.eye(p)) / scale[:, None]
    fitted = (columns / scale) @ coefficients
    residuals = response - fitted
    squares, df = float(residuals @ residuals), n - p
    sigma = float(np.sqrt(squares / df)) if df else float("nan")
    return LeastSquares(
        coefficients=coefficients / scale,
        errors=sigma * np.sqrt((inverse**2).sum(1)),
        unscaled=inverse @ inverse.T,
        fitted=fitted,
        residuals=residuals,
        leverages=(q**2).sum(1),
        df=df,
        residual_squares=squares,
        total_squares=total,
        sigma=sigma,
    )
