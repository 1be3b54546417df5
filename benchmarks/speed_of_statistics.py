"""Speed and growth of the statistics, as ratios to numpy on the same array in the same run.

Machines differ and are shared, so no seconds are promised: each figure is the median of the ratios
of interleaved runs. Two growths from the smallest size to the largest: of the cost per value, and
of the ratio. Numpy's own cumsum grows by half (memory that does not fit the cache, fresh pages), so
the growth of the ratio is what the method adds. A second table takes every other method of long
rows: a cost of n log n grows by 1.2 from 10^5 to 10^6, a cost of n^2 by 10. The figures are written
to benchmarks/results/ too.

    python benchmarks/speed_of_statistics.py
    python benchmarks/speed_of_statistics.py --sizes 100000 1000000 --runs 9
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from _figures import keep
from numpy.typing import NDArray

import andon.stats as quality
from andon.stats.factors import Factor

Values = NDArray[np.float64]
STANDARD = quality.Baseline(0.0, 1.0)
NELSON = quality.NELSON
GROWTH = 1.3
RESULTS = Path(__file__).parent / "results" / "speed_of_statistics.json"


@dataclass(frozen=True, slots=True)
class Contest:
    """A statistic beside the plain numpy operation it is measured by, and what is aimed at."""

    name: str
    ours: Callable[[Values], Callable[[], object]]
    plain: Callable[[Values], object] = np.cumsum
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Ratios at the sizes, growth of the cost per value and of the ratio."""

    name: str
    beside: str
    sizes: tuple[int, ...]
    ratios: tuple[float, ...]
    growth: float
    growth_of_ratio: float
    aim: float | None


def gauge_study(x: Values) -> Callable[[], object]:
    """Return a crossed study of n / 20 parts, 4 operators and 5 trials."""
    parts, operators = np.repeat(np.arange(x.size // 20), 20), np.arange(x.size) // 5 % 4
    values = x + parts % 7
    return lambda: quality.gauge_crossed(values, parts, operators)


def drivers(x: Values) -> Callable[[], object]:
    """Return the ranking of 10 factors of 2 to 20 levels, of which two act."""
    random = np.random.default_rng(1)
    codes = {f"factor {k}": random.integers(0, 2 * k, x.size) for k in range(1, 11)}
    factors = {
        name: Factor(tuple(str(level) for level in range(int(code.max()) + 1)), code)
        for name, code in codes.items()
    }
    values = x + 0.3 * (codes["factor 2"] == 1) + 0.5 * (codes["factor 5"] == 3)
    return lambda: quality.rank_drivers_of_values(values, factors)


CONTESTS = (
    Contest("numpy's own cumsum", lambda x: lambda: np.cumsum(x)),
    Contest(
        "I-MR limits and all 8 Nelson rules",
        lambda x: lambda: quality.individuals_chart(x, rules=NELSON),
        aim=40.0,
    ),
    Contest(
        "the same against frozen limits",
        lambda x: lambda: quality.individuals_chart(x, rules=NELSON, baseline=STANDARD),
        aim=40.0,
    ),
    Contest(
        "Xbar-R of 5, all 8 Nelson rules",
        lambda x: lambda: quality.mean_range_chart(x.reshape(-1, 5), rules=NELSON),
        aim=40.0,
    ),
    Contest(
        "capability with intervals",
        lambda x: lambda: quality.capability(x, lower=-4.0, upper=4.0),
        plain=np.std,
        aim=20.0,
    ),
    Contest(
        "EWMA, time-varying limits", lambda x: lambda: quality.ewma_chart(x, baseline=STANDARD)
    ),
    Contest("CUSUM, both sides", lambda x: lambda: quality.cusum_chart(x, baseline=STANDARD)),
    Contest("T2 of 4 characteristics", lambda x: lambda: quality.t2_chart(x.reshape(-1, 4))),
    Contest("gauge study, crossed", gauge_study),
    Contest("drivers over 10 factors", drivers),
)


def counted(x: Values) -> Values:
    """Return counts of 0 to about 9 out of 50."""
    return np.floor(np.abs(x) * 2.0)


def halves(x: Values) -> tuple[Values, Values]:
    """Return the first and the second half."""
    return x[: x.size // 2], x[x.size // 2 :]


OTHERS = (
    Contest("p chart", lambda x: lambda: quality.p_chart(counted(x), np.full(x.size, 50.0))),
    Contest("Laney's u chart", lambda x: lambda: quality.laney_u_chart(counted(x), 50.0)),
    Contest("g chart", lambda x: lambda: quality.g_chart(counted(x))),
    Contest(
        "multivariate EWMA",
        lambda x: (
            lambda: quality.mewma_chart(
                x.reshape(-1, 2),
                baseline=quality.MultivariateBaseline(np.zeros(2), np.eye(2), 100),
                limit=8.6,
            )
        ),
    ),
    Contest(
        "Xbar-S, unequal subgroups",
        lambda x: lambda: quality.mean_deviation_chart(x, sizes=np.tile([3, 7], x.size // 10)),
    ),
    Contest("normality", lambda x: lambda: quality.judge_normality(x)),
    Contest("distribution-free limits", lambda x: lambda: quality.distribution_free_tolerance(x)),
    Contest("two means", lambda x: lambda: quality.compare_means(*halves(x))),
    Contest("two rows by ranks", lambda x: lambda: quality.compare_ranks(*halves(x))),
    Contest("trend, n / 10", lambda x: lambda: quality.find_trend(x[::10])),
    Contest("autocorrelation", lambda x: lambda: quality.find_autocorrelation(x)),
    Contest("runs", lambda x: lambda: quality.count_runs(x)),
    Contest("changes", lambda x: lambda: quality.find_changes(x)),
    Contest("line", lambda x: lambda: quality.fit_line(np.arange(float(x.size)), x)),
    Contest("groups", lambda x: lambda: quality.analyze_groups(x, np.arange(x.size) % 7)),
    Contest(
        "nested components",
        lambda x: lambda: quality.split_variation(x, {"lot": np.arange(x.size) // 100}),
    ),
    Contest(
        "Weibull lifetimes, n / 100", lambda x: lambda: quality.fit_lifetimes(np.exp(x[::100]))
    ),
    Contest("survival", lambda x: lambda: quality.estimate_survival(np.exp(x))),
)


def main() -> None:
    """Measure every contest at every size, print one line each and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**5, 10**6, 10**7])
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    x = np.random.default_rng(20261122).normal(size=max(asked.sizes))
    figures = table(CONTESTS, x, asked.sizes, asked.runs)
    print()
    figures += table(OTHERS, x, [size for size in asked.sizes if size <= 10**6], 3)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(figure) for figure in figures], indent=1))
    keep("speed_of_statistics", [line for figure in figures for line in kept(figure)])


def kept(figure: Measured) -> list[tuple[str, str, str, bool | None]]:
    """Return the figures as the table of all benchmarks has them."""
    beside, most = f"{max(figure.ratios):.1f}x {figure.beside}", max(figure.ratios)
    aim = f"<= {figure.aim:.0f}x" if figure.aim else ""
    lines: list[tuple[str, str, str, bool | None]] = [
        (figure.name, beside, aim, most <= figure.aim if figure.aim else None)
    ]
    if figure.sizes[-1] == 10**7:
        grown = f"{figure.growth:.2f}x, {figure.growth_of_ratio:.2f}x beside {figure.beside}"
        holds = min(figure.growth, figure.growth_of_ratio) <= GROWTH
        lines.append((f"{figure.name}, cost per value 10^5 to 10^7", grown, "<= 1.3x", holds))
    return lines


def table(contests: Sequence[Contest], x: Values, sizes: list[int], runs: int) -> list[Measured]:
    """Print the table of these contests and return its figures."""
    heading = "".join(f"{n:>12,}" for n in sizes)
    print(f"{'':36}{'beside':>8}{heading}{'growth':>9}{'of ratio':>9}{'aim':>6}")
    figures = []
    for contest in contests:
        figures.append(measured(contest, x, sizes, runs))
        print(line(figures[-1]))
    return figures


def line(figure: Measured) -> str:
    """Return one line: ratio at each size, both growths, aim."""
    ratios = "".join(f"{ratio:>11.1f}x" for ratio in figure.ratios)
    aim = f"{figure.aim:.0f}x" if figure.aim else "-"
    grown = f"{figure.growth:>8.2f}x{figure.growth_of_ratio:>8.2f}x"
    return f"{figure.name:36}{figure.beside:>8}{ratios}{grown}{aim:>6}"


def measured(contest: Contest, x: Values, sizes: list[int], runs: int) -> Measured:
    """Return the figures of one contest."""
    found = [measure(contest, x[:n], runs) for n in sizes]
    return Measured(
        name=contest.name,
        beside=contest.plain.__name__,
        sizes=tuple(sizes),
        ratios=tuple(ratio for ratio, _ in found),
        growth=found[-1][1] / found[0][1],
        growth_of_ratio=found[-1][0] / found[0][0],
        aim=contest.aim,
    )


def measure(contest: Contest, x: Values, runs: int) -> tuple[float, float]:
    """Return the median ratio of interleaved runs, and the median seconds per value."""
    ours = contest.ours(x)
    once = seconds(ours, 1)
    # Short runs are repeated, so that the clock and its neighbours weigh little.
    repeats = max(1, min(10**6 // x.size, int(0.5 / once)))
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
