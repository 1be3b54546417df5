"""The gauge study of the two force testers: ten parts, three operators, three trials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from andon.demo.generator import uniforms

__all__ = ["FORCE_TESTERS", "ForceTester", "draw_gauge_study"]

FloatArray = NDArray[np.float64]
_PARTS, _OPERATORS, _TRIALS = 10, 3, 3
_PART_MEAN, _PART_SIGMA, _DECIMALS = 1.0, 0.030, 3


@dataclass(frozen=True, slots=True)
class ForceTester:
    """How a force tester errs: repeatability, operator bias of plus or minus, interaction."""

    repeatability: float
    operator_bias: float
    interaction: float


FORCE_TESTERS = {
    "SF-01": ForceTester(0.0022, 0.0012, 0.0),
    "SF-02": ForceTester(0.0080, 0.0120, 0.004),
}


def draw_gauge_study(seed: int, gauge: str) -> FloatArray:
    """Return the readings of the study, shape parts x operators x trials, in newton.

    reading = 1.0 + part + operator bias + interaction + repeatability; the parts are the normal
    quantiles (i - 0.5) / 10 times 0.030, the first ten draws of the stream are set aside.

    >>> draw_gauge_study(20250101, "SF-02").shape
    (10, 3, 3)
    """
    tester = FORCE_TESTERS[gauge]
    cells = _PARTS * _OPERATORS
    normals = ndtri(uniforms(f"{seed}/GRR/{gauge}", _PARTS + cells * (1 + _TRIALS)))[_PARTS:]
    interaction = normals[:cells].reshape(_PARTS, _OPERATORS, 1) * tester.interaction
    repeated = normals[cells:].reshape(_PARTS, _OPERATORS, _TRIALS) * tester.repeatability
    parts = ndtri((np.arange(_PARTS) + 0.5) / _PARTS) * _PART_SIGMA
    bias = np.array([-1.0, 0.0, 1.0]) * tester.operator_bias
    readings = _PART_MEAN + parts[:, None, None] + bias[:, None] + interaction + repeated
    return np.round(readings, _DECIMALS)
