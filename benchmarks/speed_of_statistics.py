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
from andon.stats.rules import NELSON

Values = NDArray[np.float64]
STANDARD = Baseline(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Contest:
    """A statistic beside the plain numpy operation it is measured by, and what is aimed at."""

    name: str
    ours: Callable[[Values], object]
    beside: str
    plain: Callable[[Values], object]
    aim: float | None = None


CONTESTS = (
    Contest(
        "I-MR limits and all 8 Nelson rules",
        lambda x: individuals_chart(x, rules=NELSON),
        "cumsum",
        np.cumsum,
        40.0,
    ),
    Contest(
        "the same against frozen limits",
        lambda x: individuals_chart(x, rules=NELSON, baseline=STANDARD),
        "cumsum",
        np.cumsum,
        40.0,
    ),
    Contest(
        "Xbar-R of 5, all 8 Nelson rules",
        lambda x: mean_range_chart(x.reshape(-1, 5), rules=NELSON),
        "cumsum",
        np.cumsum,
    ),
    Contest(
        "capability with intervals",
        lambda x: capability(x, lower=-4.0, upper=4.0),
        "std",
        np.std,
        20.0,
    ),
    Contest("EWMA", lambda x: ewma_chart(x, baseline=STANDARD), "cumsum", np.cumsum),
    Contest("CUSUM, both sides", lambda x: cusum_chart(x, baseline=STANDARD), "cumsum", np.cumsum),
    Contest(
        "T2 of 4 characteristics",
        lambda x: t2_chart(x.reshape(-1, 4)),
        "cumsum",
        np.cumsum,
    ),
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
    contest.ours(x)
    # Short runs are repeated, so that the clock and its neighbours weigh little.
    repeats = max(1, 10**6 // x.size)
    pairs = [
        (seconds(contest.ours, x, repeats), seconds(contest.plain, x, repeats)) for _ in range(runs)
    ]
    ratios = [ours / plain for ours, plain in pairs]
    return float(np.median(ratios)), float(np.median([p[0] for p in pairs])) / x.size


def seconds(function: Callable[[Values], object], x: Values, repeats: int) -> float:
    """Return the seconds one call takes, the mean of the repeats."""
    begin = time.perf_counter()
    for _ in range(repeats):
        function(x)
    return (time.perf_counter() - begin) / repeats


if __name__ == "__main__":
    main()
