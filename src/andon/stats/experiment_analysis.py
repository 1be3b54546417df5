"""What an experiment says: effects, their tests, lack of fit and residuals."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from andon.stats.anova import AnovaRow
from andon.stats.arrays import FloatArray, as_table, as_values, require_between, require_choice
from andon.stats.errors import StatisticsError, TooFewValues
from andon.stats.least_squares import LeastSquares, fit_least_squares
from andon.stats.results import Interval, Result

__all__ = ["Effect", "Experiment", "analyze_experiment"]

Model = Literal["main", "interactions", "quadratic"]
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Effect:
    """One term of the model.

    Attributes:
        term: factor names joined by " x "; a square is the name twice.
        effect: change of the response from low (-1) to high (1); the coefficient for a square.
        coefficient: of the term in coded units.
        interval: of the effect.
        p_value: of no effect.
    """

    term: str
    effect: float
    coefficient: float
    interval: Interval
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment(Result):
    """A fitted experiment.

    Attributes:
        factors: their names.
        mean: the constant of the model.
        effects: terms fitted, largest absolute effect first.
        aliased: terms left out, each with the fitted terms it cannot be told from.
        rows: analysis of variance: model, error with lack of fit and pure error where runs repeat.
        sigma, df: of the error; sigma is Lenth's pseudo error of a coefficient when df is 0.
        r_squared, predicted_r_squared: explained, and explained of runs left out one by one.
        fitted, residuals, leverages: per run, in the order given.
        powers: exponents of the factors in each term, in the order of `effects`.
    """

    factors: tuple[str, ...]
    mean: float
    effects: tuple[Effect, ...]
    aliased: tuple[tuple[str, tuple[str, ...]], ...]
    rows: tuple[AnovaRow, ...]
    sigma: float
    df: int
    r_squared: float
    predicted_r_squared: float
    fitted: FloatArray
    residuals: FloatArray
    leverages: FloatArray
    powers: tuple[tuple[int, ...], ...]


def analyze_experiment(
    response: ArrayLike,
    runs: ArrayLike,
    *,
    factors: Sequence[str],
    model: Model = "interactions",
    level: float = 0.95,
) -> Experiment:
    """Return effects, tests and residuals of a designed experiment (least squares).

    Terms that earlier terms already explain (aliases) are left out and named. Without degrees of
    freedom for the error, Lenth's pseudo standard error tests the effects.

    Args:
        response: one value per run, shape (n,).
        runs: settings in coded units, shape (n, k).
        factors: k names.
        model: "main", "interactions" (pairs too) or "quadratic" (pairs and squares).
        level: confidence level of the effects.

    Raises:
        TooFewValues, NotFinite, NoVariation, InvalidOption, StatisticsError.

    Source: Montgomery, Design and Analysis of Experiments, ch. 6 and 11; Lenth 1989, Technometrics
    31, 469-473.

    >>> runs = [[-1, -1], [1, -1], [-1, 1], [1, 1]] * 2
    >>> found = analyze_experiment([1, 3, 2, 4, 1, 3, 2, 5], runs, factors=["heat", "time"])
    >>> found.effects[0].term, found.effects[0].effect
    ('heat', 2.25)
    """
    require_choice("model", model, get_args(Model))
    require_between("level", level, 0, 1)
    y, x = as_values(response, minimum=3, what="responses"), as_table(runs, what="runs")
    names = tuple(factors)
    if x.shape != (y.size, len(names)):
        raise StatisticsError(f"runs must be {y.size} rows of {len(names)} settings, not {x.shape}")
    powers, aliased = _free_terms(x, _terms(len(names), model))
    if not powers:
        raise TooFewValues(2, 1, "different runs")
    columns = np.column_stack([np.ones(y.size), *[_column(x, power) for power in powers]])
    fit = fit_least_squares(columns, y)
    effects = _effects(fit, powers, names, level)
    order = sorted(range(len(effects)), key=lambda k: -abs(effects[k].effect))
    return Experiment(
        factors=names,
        mean=float(fit.coefficients[0]),
        effects=tuple(effects[k] for k in order),
        aliased=tuple((_name(a, names), tuple(_name(b, names) for b in bs)) for a, bs in aliased),
        rows=_table(fit, x, y, len(powers)),
        sigma=fit.sigma if fit.df else _pseudo_error(fit.coefficients[1:]),
        df=fit.df,
        r_squared=1 - fit.residual_squares / fit.total_squares,
        predicted_r_squared=_predicted(fit),
        fitted=fit.fitted,
        residuals=fit.residuals,
        leverages=fit.leverages,
        powers=tuple(powers[k] for k in order),
        method="analyze_experiment",
        options={"factors": list(names), "model": model, "level": level},
        convention="effect = 2 x coefficient; "
        + ("t tests of the error" if fit.df else "Lenth's pseudo standard error, m/3 df"),
        source="Montgomery, Design and Analysis of Experiments, ch. 6 and 11; Lenth 1989",
    )


Power = tuple[int, ...]


def _terms(count: int, model: Model) -> list[Power]:
    unit = np.eye(count, dtype=int)
    terms = [tuple(row.tolist()) for row in unit]
    if model != "main":
        terms += [tuple((unit[a] + unit[b]).tolist()) for a, b in combinations(range(count), 2)]
    if model == "quadratic":
        terms += [tuple((2 * row).tolist()) for row in unit]
    return terms


def _column(x: FloatArray, power: Power) -> FloatArray:
    return np.asarray((x ** np.array(power)).prod(1))


def _name(power: Power, names: tuple[str, ...]) -> str:
    return " x ".join(name for name, times in zip(names, power, strict=True) for _ in range(times))


def _free_terms(
    x: FloatArray, terms: list[Power]
) -> tuple[list[Power], list[tuple[Power, list[Power]]]]:
    """Return the terms that add something, and the others with what already says the same."""
    columns = [np.ones(len(x))]
    kept: list[Power] = []
    aliased = []
    for power in terms:
        column = _column(x, power)
        table = np.column_stack(columns)
        weights, *_ = np.linalg.lstsq(table, column, rcond=None)
        rest = column - table @ weights
        if float(rest @ rest) > 1e-9 * max(float(column @ column), 1e-300):
            kept.append(power)
            columns.append(column)
        else:
            shared = [k for k, w in zip(kept, weights[1:], strict=True) if abs(w) > 1e-9]
            aliased.append((power, shared))
    return kept, aliased


def _effects(
    fit: LeastSquares, powers: list[Power], names: tuple[str, ...], level: float
) -> list[Effect]:
    errors, df = fit.errors[1:], float(fit.df)
    if not fit.df:
        df = len(powers) / 3
        errors = np.full(len(powers), _pseudo_error(fit.coefficients[1:]))
    half = float(special.stdtrit(df, (1 + level) / 2))
    out = []
    for coefficient, error, power in zip(fit.coefficients[1:], errors, powers, strict=True):
        scale = 1.0 if max(power) > 1 else 2.0
        value, width = scale * float(coefficient), scale * half * float(error)
        t = abs(float(coefficient) / float(error)) if error > 0 else np.inf
        out.append(
            Effect(
                term=_name(power, names),
                effect=value,
                coefficient=float(coefficient),
                interval=Interval(value - width, value + width, level),
                p_value=2 * float(special.stdtr(df, -t)),
            )
        )
    return out


def _pseudo_error(coefficients: FloatArray) -> float:
    """Return Lenth's pseudo standard error: 1.5 x median of the small absolute coefficients."""
    sizes = np.abs(coefficients)
    first = 1.5 * float(np.median(sizes))
    small = sizes[sizes < 2.5 * first]
    return 1.5 * float(np.median(small)) if small.size else 0.0


def _predicted(fit: LeastSquares) -> float:
    if fit.leverages.max() > 1 - 1e-9:
        return NAN
    left_out = fit.residuals / (1 - fit.leverages)
    return 1 - float(left_out @ left_out) / fit.total_squares


def _table(fit: LeastSquares, x: FloatArray, y: FloatArray, terms: int) -> tuple[AnovaRow, ...]:
    model = fit.total_squares - fit.residual_squares
    rows = [_line("model", model, terms, fit.residual_squares, fit.df)]
    rows.append(_line("error", fit.residual_squares, fit.df, 0.0, 0))
    places = np.unique(x, axis=0, return_inverse=True)[1].ravel()
    counts = np.bincount(places)
    pure_df = int((counts - 1).sum())
    if 0 < pure_df < fit.df:
        means = np.bincount(places, y) / counts
        pure = float(((y - means[places]) ** 2).sum())
        lack = max(fit.residual_squares - pure, 0.0)
        rows.append(_line("lack of fit", lack, fit.df - pure_df, pure, pure_df))
        rows.append(_line("pure error", pure, pure_df, 0.0, 0))
    rows.append(AnovaRow("total", fit.total_squares, float(y.size - 1), NAN, NAN, NAN))
    return tuple(rows)


def _line(source: str, squares: float, df: int, against: float, against_df: int) -> AnovaRow:
    mean = squares / df if df else NAN
    if not against_df or against <= 0 or not df:
        return AnovaRow(source, squares, float(df), mean, NAN, NAN)
    f = mean / (against / against_df)
    return AnovaRow(source, squares, float(df), mean, f, float(special.fdtrc(df, against_df, f)))
