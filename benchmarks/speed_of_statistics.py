"""Speed and growth of the statistics, as ratios to numpy on the same array in the same run.

Machines differ and are shared, so no seconds are promised: each figure is the median of the ratios
of interleaved runs, the growth is the cost per value at the largest size over that at the smallest.

    python benchmarks/speed_of_statistics.py
    python benchmarks/speed_of_statistics.py --sizes 100000 1000000 --runs 9
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from andon.stats.capability import capability
from andon.stats.charts import Baseline
from andon.stats.charts_cusum import cusum_chart
from andon.stats.charts_ewma import ewma_chart
from andon.stats.charts_individuals import individuals_chart
from andon.stats.charts_multivariate import t2_chart
from andon.stats.charts_subgroups import mean_range_chart
from andon.stats.drivers import rank_drivers_of_values
from andon.stats.factors import Factor
from andon.stats.gauge_crossed import gauge_crossed
from andon.stats.rules import NELSON

Values = NDArray[np.float64]
STANDARD = Baseline(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Contest:
    """A statistic beside the plain numpy operation it is measured by, and what is aimed at."""

    name: str
    ours: Callable[[Values], Callable[[], object]]
    beside: str
    plain: Callable[[Values], object]
    aim: float | None = None


def gauge_study(x: Values) -> Callable[[], object]:
    """Return a crossed study of n / 20 parts, 4 operators and 5 trials."""
    parts, operators = np.repeat(np.arange(x.size // 20), 20), np.arange(x.size) // 5 % 4
    values = x + parts % 7
    return lambda: gauge_crossed(values, parts, operators)


def drivers(x: Values) -> Callable[[], object]:
    """Return the ranking of 10 factors of 2 to 20 levels, of which two act."""
    random = np.random.default_rng(1)
    codes = {f"factor {k}": random.integers(0, 2 * k, x.size) for k in range(1, 11)}
    factors = {
        name: Factor(tuple(str(level) for level in range(int(code.max()) + 1)), code)
        for name, code in codes.items()
    }
    values = x + 0.3 * (codes["factor 2"] == 1) + 0.5 * (codes["factor 5"] == 3)
    return lambda: rank_drivers_of_values(values, factors)


CONTESTS = (
    Contest("numpy's own", lambda x: lambda: np.cumsum(x), "cumsum", np.cumsum),
    Contest(
        "I-MR limits and all 8 Nelson rules",
        lambda x: lambda: individuals_chart(x, rules=NELSON),
        "cumsum",
        np.cumsum,
        40.0,
    ),
    Contest(
        "the same against frozen limits",
        lambda x: lambda: individuals_chart(x, rules=NELSON, baseline=STANDARD),
        "cumsum",
        np.cumsum,
        40.0,
    ),
    Contest(
        "Xbar-R of 5, all 8 Nelson rules",
        lambda x: lambda: mean_range_chart(x.reshape(-1, 5), rules=NELSON),
        "cumsum",
        np.cumsum,
    ),
    Contest(
        "capability with intervals",
        lambda x: lambda: capability(x, lower=-4.0, upper=4.0),
        "std",
        np.std,
        20.0,
    ),
    Contest(
        "EWMA, time-varying limits",
        lambda x: lambda: ewma_chart(x, baseline=STANDARD),
        "cumsum",
        np.cumsum,
    ),
    Contest(
        "CUSUM, both sides",
        lambda x: lambda: cusum_chart(x, baseline=STANDARD),
        "cumsum",
        np.cumsum,
    ),
    Contest(
        "T2 of 4 characteristics",
        lambda x: lambda: t2_chart(x.reshape(-1, 4)),
        "cumsum",
        np.cumsum,
    ),
    Contest("gauge study, crossed", gauge_study, "std", np.std),
    Contest("drivers over 10 factors", drivers, "std", np.std),
)


def main() -> None:
    """Measure every contest at every size and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**5, 10**6, 10**7])
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    x = np.random.default_rng(20261122).normal(size=max(asked.sizes))
    print(f"{'':36}{'beside':>8}" + "".join(f"{n:>12,}" for n in asked.sizes) + "   growth   aim")
    for contest in CONTESTS:
        measured = [measure(contest, x[:n], asked.runs) for n in asked.sizes]
        print(line(contest, measured))


def line(contest: Contest, measured: list[tuple[float, float]]) -> str:
    """Return one line: ratio at each size, growth of the cost per value, aim."""
    ratios = "".join(f"{ratio:>11.1f}x" for ratio, _ in measured)
    growth = measured[-1][1] / measured[0][1]
    aim = f"{contest.aim:.0f}x" if contest.aim else "-"
    return f"{contest.name:36}{contest.beside:>8}{ratios}{growth:>8.2f}x{aim:>6}"


def measure(contest: Contest, x: Values, runs: int) -> tuple[float, float]:
    """Return the median ratio of interleaved runs, and the median seconds per value."""
    ours = contest.ours(x)
    ours()
    # Short runs are repeated, so that the clock and its neighbours weigh little.
    repeats = max(1, 10**6 // x.size)
    pairs = [
        (seconds(ours, repeats), seconds(lambda: contest.plain(x), repeats)) for _ in range(runs)
    ]
    ratios = [mine / plain for mine, plain in pairs]
    return float(np.median(ratios)), float(np.median([pair[0] for pair in pairs])) / x.size


def seconds(function: Callable[[], object], repeats: int) -> float:
    """Return the seconds one call takes, the mean of the repeats."""
    begin = time.perf_counter()
    for _ in range(repeats):
        function()
    return (time.perf_counter() - begin) / repeats


if __name__ == "__main__":
    main()
