"""Published figures, computed on this machine: no processor or library may change them."""

from collections.abc import Callable, Mapping

import numpy as np

import andon.stats as quality
from andon.board.qualifying.checks import Check, hold

_LARGE = np.array([10000001.0, 10000003.0, 10000002.0])


def figure_checks() -> list[Check]:
    """Return one check for each published figure."""
    return [
        _check(
            "PQ-01", "Chart factors of subgroups of five",
            "ASTM STP 15D, table of factors: A2 0.577, D4 2.114, d2 2.326, c4 0.9400",
            lambda: tuple(quality.chart_factors(5)[name] for name in ("A2", "D4", "d2", "c4")),
            {0.577: 5e-4, 2.114: 6e-4, 2.326: 5e-4, 0.9400: 5e-5},
        ),
        _check(
            "PQ-02", "A mean of large numbers keeps its last digits",
            "NIST StRD, NumAcc1 (10000001, 10000003, 10000002): mean 10000002",
            lambda: (float(quality.compare_mean_to(_LARGE, target=0.0).estimate),),
            {10000002.0: 1e-9},
        ),
        _check(
            "PQ-03", "An acceptance plan is the table's",
            "ISO 2859-1, lot of 2,000, level II, AQL 1.0: code K, n 125, Ac 3",
            _plan, {125.0: 0.0, 3.0: 0.0},
        ),
        _check(
            "PQ-04", "The chance of a false alarm of one rule",
            "normal distribution beyond three sigma: 2.6998 of 1,000 points",
            lambda: (1000.0 / quality.shewhart_run_length(0.0),), {2.6998: 5e-5},
        ),
    ]  # fmt: skip


def _plan() -> tuple[float, ...]:
    plan = quality.sampling_plan(2000, 1.0)
    stage = plan.stages[0]
    return float(stage.size), float(stage.accept or 0)


def _check(
    number: str,
    use: str,
    source: str,
    compute: Callable[[], tuple[float, ...]],
    wanted: Mapping[float, float],
) -> Check:
    """Return a check of figures; `wanted` gives each with what it may be off by."""

    def observe() -> str:
        found = compute()
        text = ", ".join(f"{value:.10g}" for value in found)
        fits = [abs(value - one) <= gap for value, (one, gap) in pairs(found)]
        hold(all(fits), f"{text}, not as published")
        return text

    def pairs(found: tuple[float, ...]) -> list[tuple[float, tuple[float, float]]]:
        return list(zip(found, wanted.items(), strict=True))

    told = ", ".join(f"{value:.10g}" for value in wanted)
    return Check(number, use, "high", "Wrong limits and verdicts.", source, told, observe)
