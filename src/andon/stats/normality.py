"""Is the normal distribution a fair picture of these values? Anderson-Darling and Shapiro-Wilk."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import log_ndtr

from andon.stats.arrays import FloatArray, as_values, require_between, require_choice
from andon.stats.results import Result

__all__ = ["NormalityVerdict", "judge_normality"]

TESTS = ("anderson-darling", "shapiro-wilk")
LARGEST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalityVerdict(Result):
    """Verdict on normality.

    Attributes:
        statistic: A^2 adjusted for n, or W.
        p_value: small when the values contradict normality.
        tested: how many values were used.
        is_rejected: True when p_value < alpha.
    """

    statistic: float
    p_value: float
    tested: int
    alpha: float
    is_rejected: bool


def judge_normality(
    values: ArrayLike, *, test: str = "anderson-darling", alpha: float = 0.05
) -> NormalityVerdict:
    """Return whether the values contradict a normal distribution of unknown mean and spread.

    A^2 = -n - mean((2i - 1)(ln F(z_i) + ln(1 - F(z_(n+1-i))))), adjusted by
    1 + 0.75 / n + 2.25 / n^2. Of more than 5,000 values every k-th is tested: with more, any
    departure, however small, would be called.

    Raises:
        TooFewValues: fewer than 8 (Shapiro-Wilk 3); NotFinite; NoVariation; InvalidOption.

    Source: D'Agostino and Stephens 1986, table 4.9; Royston 1995 (AS R94) as in scipy.

    >>> judge_normality([9.1, 9.9, 10.0, 10.1, 10.2, 9.8, 9.7, 10.4]).is_rejected
    False
    """
    require_choice("test", test, TESTS)
    require_between("alpha", alpha, 0.0, 1.0)
    x = as_values(values, minimum=8 if test == TESTS[0] else 3, must_vary=True)
    x = x[:: -(-x.size // LARGEST)]
    statistic, p_value = _anderson_darling(x) if test == TESTS[0] else _shapiro_wilk(x)
    return NormalityVerdict(
        method="judge_normality",
        options={"test": test, "alpha": alpha},
        convention=f"mean and spread estimated; at most {LARGEST} values, equally spaced",
        source="D'Agostino and Stephens 1986" if test == TESTS[0] else "Royston 1995, AS R94",
        statistic=statistic,
        p_value=p_value,
        tested=x.size,
        alpha=alpha,
        is_rejected=p_value < alpha,
    )


def anderson_darling(log_below: FloatArray, log_above: FloatArray) -> float:
    """Return A^2 from ln F and ln(1 - F) at the sorted values."""
    n = log_below.size
    weight = 2.0 * np.arange(1, n + 1) - 1.0
    return float(-n - np.dot(weight, log_below + log_above[::-1]) / n)


def _anderson_darling(x: FloatArray) -> tuple[float, float]:
    z = np.sort((x - x.mean()) / x.std(ddof=1))
    n = z.size
    statistic = anderson_darling(log_ndtr(z), log_ndtr(-z)) * (1.0 + 0.75 / n + 2.25 / n**2)
    return statistic, _p_value(statistic)


def _p_value(a: float) -> float:
    if a >= 0.6:
        return float(np.exp(1.2937 - 5.709 * a + 0.0186 * min(a, 13.0) ** 2))
    if a >= 0.34:
        return float(np.exp(0.9177 - 4.279 * a - 1.38 * a**2))
    if a >= 0.2:
        return float(1.0 - np.exp(-8.318 + 42.796 * a - 59.938 * a**2))
    return float(1.0 - np.exp(-13.436 + 101.14 * a - 223.73 * a**2))


def _shapiro_wilk(x: FloatArray) -> tuple[float, float]:
    found = stats.shapiro(x)
    return float(found.statistic), float(found.pvalue)
