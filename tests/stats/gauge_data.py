"""Published and generated gauge studies, as one row per reading."""

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Rows = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]

# AIAG, Measurement Systems Analysis, 4th ed. (2010), figure III-B 15: rows are appraiser x trial.
AIAG = """
0.29 -0.56 1.34 0.47 -0.80 0.02 0.59 -0.31 2.26 -1.36
0.41 -0.68 1.17 0.50 -0.92 -0.11 0.75 -0.20 1.99 -1.25
0.64 -0.58 1.27 0.64 -0.84 -0.21 0.66 -0.17 2.01 -1.31
0.08 -0.47 1.19 0.01 -0.56 -0.20 0.47 -0.63 1.80 -1.68
0.25 -1.22 0.94 1.03 -1.20 0.22 0.55 0.08 2.12 -1.62
0.07 -0.68 1.34 0.20 -1.28 0.06 0.83 -0.34 2.19 -1.50
0.04 -1.38 0.88 0.14 -1.46 -0.29 0.02 -0.46 1.77 -1.49
-0.11 -1.13 1.09 0.20 -1.07 -0.67 0.01 -0.56 1.45 -1.77
-0.15 -0.96 0.67 0.11 -1.45 -0.49 0.21 -0.49 1.87 -2.16
"""

# Montgomery, Introduction to Statistical Quality Control, table 8.7 (thermal impedance x 100,
# from Houf and Berman 1988): rows are parts, columns inspector x test.
THERMAL_IMPEDANCE = """
37 38 37 41 41 40 41 42 41
42 41 43 42 42 42 43 42 43
30 31 31 31 31 31 29 30 28
42 43 42 43 43 43 42 42 42
28 30 29 29 30 29 31 29 29
42 42 43 45 45 45 44 46 45
25 26 27 28 28 30 29 27 27
40 40 40 43 42 42 43 43 41
25 25 25 27 29 28 26 26 26
35 34 34 35 35 34 35 34 35
"""


def rows_of(table: NDArray[np.float64]) -> Rows:
    """Turn a table parts x operators x trials into one row per reading."""
    part, operator, _ = np.indices(table.shape)
    return table.ravel(), part.ravel(), operator.ravel()


def aiag() -> Rows:
    return rows_of(np.array(AIAG.split(), float).reshape(3, 3, 10).transpose(2, 0, 1))


def thermal_impedance() -> Rows:
    return rows_of(np.array(THERMAL_IMPEDANCE.split(), float).reshape(10, 3, 3))


def force_tester_study(
    gauge: str, repeatability: float, bias: float, interaction: float, seed: int = 20250101
) -> Rows:
    """The seeded study of a spring force tester: 10 parts, 3 operators, 3 trials, 0.001 N."""
    key = f"{seed}/GRR/{gauge}".encode()
    stream = np.random.PCG64(int.from_bytes(hashlib.sha256(key).digest()[:16], "big"))
    z = stats.norm.ppf(((stream.random_raw(130) >> np.uint64(11)) + 0.5) * 2.0**-53)
    part = stats.norm.ppf((np.arange(1, 11) - 0.5) / 10) * 0.030
    crossed = z[10:40].reshape(10, 3) * interaction
    noise = z[40:].reshape(10, 3, 3) * repeatability
    operator = np.array([-bias, 0.0, bias])
    table = 1.0 + part[:, None, None] + operator[None, :, None] + crossed[:, :, None] + noise
    return rows_of(np.round(table, 3))
