"""Regression: the line with its bands where there is one predictor, and the residuals."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from andon.pictures import palette
from andon.pictures.experiment import residual_panels
from andon.pictures.figures import convention_of, kept, rows_of, table_of, told
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import area, dots, line, quantity
from andon.pictures.picture import Panel, Picture
from andon.stats.regression import Bands, Regression, predict

__all__ = ["draw_regression"]


def draw_regression(result: Regression, inputs: Mapping[str, Any]) -> Picture:
    """Return line or coefficients, and the four residual plots."""
    x = inputs.get("x")
    first = (
        _coefficients(result)
        if x is None
        else _fitted_line(result, np.asarray(x, dtype=np.float64))
    )
    panels = [first, *residual_panels(result.residuals, result.fitted)]
    real = [each.term for each in result.coefficients[1:] if each.p_value < 0.05]
    word = f"■ It depends on {', '.join(real[:4])}" if real else "● No dependence shown"
    verdict = (
        f"{word}: R² {told(100 * result.r_squared, 3)} %, residual sigma {told(result.sigma)}, "
        f"p = {told(result.p_value, 2)}."
    )
    caption = convention_of(result)
    return Picture("Regression", verdict, caption, tuple(panels), 2)


def _coefficients(result: Regression) -> Panel:
    rows = [Estimated(each.term, each.estimate, each.interval)
            for each in result.coefficients if each.term != "intercept"]  # fmt: skip
    return interval_panel("Coefficients", "per unit of the predictor", rows, null=0.0)


def _fitted_line(result: Regression, x: Any) -> Panel:
    """Return the points, the line, and the bands of the mean and of a new value."""
    grid = np.linspace(float(x.min()), float(x.max()), 81)
    bands: Bands = predict(result, grid)
    names = ("fitted", "confidence_low", "confidence_high", "prediction_low", "prediction_high")
    data = rows_of({"x": grid} | {key: getattr(bands, key) for key in names})
    response = result.fitted + result.residuals
    at = kept(result.residuals)
    across, up = quantity("x", "x"), quantity("y", "response")
    layers = [
        area(data, across, {**up, "field": "confidence_low"}, "confidence_high"),
        line(data, across, {**up, "field": "prediction_low"}, palette.LIMIT, dash=(5, 4)),
        line(data, across, {**up, "field": "prediction_high"}, palette.LIMIT, dash=(5, 4)),
        dots(rows_of({"x": x[at], "y": response[at]}), across, up, size=26),
        line(data, across, {**up, "field": "fitted"}, palette.MARK, width=2.0),
    ]
    title = "Line, band of the mean, dashed: of a new value"
    cells = table_of(x[at], response[at], result.fitted[at])
    return Panel(title, layers, ("x", "response", "fitted"), cells)
