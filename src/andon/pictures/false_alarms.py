"""What a chart's rules cost: false alarms expected of a process that is stable.

A rate of a rule holds for independent normal points and known limits; the rule of the limits takes
the width of the chart's own limits. Sums and averages have theirs from their run length.
"""

from dataclasses import replace
from typing import Any

from andon.stats.charts import ControlChart
from andon.stats.charts_cusum import CusumChart
from andon.stats.charts_multivariate import MultivariateChart
from andon.stats.rule_rates import false_alarms_per_thousand
from andon.stats.rules import Rule, RuleKind
from andon.stats.run_lengths import cusum_run_length, ewma_run_length

__all__ = ["rate_in_words", "rates_in_words", "rates_of"]

_OF = "expected false alarms per 1,000 independent normal points of a stable process"


def rates_of(chart: ControlChart) -> list[tuple[Rule, float]]:
    """Return each rule in force with its false alarms per 1,000 points.

    >>> from andon.stats.charts_individuals import individuals_chart
    >>> chart = individuals_chart([1.0, 2.0, 1.5], sigmas=2.0).location
    >>> [round(rate, 1) for _, rate in rates_of(chart)]
    [45.5]
    """
    if chart.method == "ewma_chart":
        weight, sigmas = float(chart.options["weight"]), float(chart.options["sigmas"])
        return [(rule, 1000.0 / ewma_run_length(weight=weight, sigmas=sigmas))
                for rule in chart.rules]  # fmt: skip
    sigmas = chart.options.get("sigmas", 3.0)
    return [(rule, false_alarms_per_thousand(_as_wide(rule, sigmas))) for rule in chart.rules]


def rates_in_words(chart: ControlChart) -> str:
    """Return the rates of the rules in force as a sentence."""
    rates = rates_of(chart)
    if not rates:
        return ""
    said = ", ".join(f"rule {rule.number}: {rate:.2g}" for rule, rate in rates)
    total = sum(rate for _, rate in rates)
    together = f"; together at most {total:.2g}" if len(rates) > 1 else ""
    return f"{_OF[:1].upper()}{_OF[1:]}: {said}{together}."


def rate_in_words(result: CusumChart | MultivariateChart) -> str:
    """Return the rate of a chart without rules as a sentence; empty where the limit was given."""
    options = result.options
    if isinstance(result, CusumChart):
        length = cusum_run_length(k=options["k"], h=options["h"])
    elif "alpha" in options:
        length = 1.0 / float(options["alpha"])
    elif options["limit"] is None:
        length = float(options["run_length"])
    else:
        return ""
    return f"{1000.0 / length:.2g} {_OF}."


def _as_wide(rule: Rule, sigmas: Any) -> Rule:
    """Return the rule of the limits with the width that these limits have."""
    if rule.kind is not RuleKind.LIMIT or not isinstance(sigmas, int | float):
        return rule
    return replace(rule, zone=float(sigmas))
