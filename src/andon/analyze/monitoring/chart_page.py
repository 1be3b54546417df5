"""What the page of a control chart shows beside the picture: limits, rules, flagged points."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.analyze.monitoring.chart import Shown, panels_of, table_headings, told_range, when
from andon.analyze.monitoring.chart_lines import bounds_of
from andon.analyze.monitoring.models import FrozenLimits, Stream, WeekTally
from andon.analyze.monitoring.points import as_told
from andon.analyze.monitoring.standing import Standing
from andon.control.plans.models import PlanLine
from andon.control.plans.queries import line_for, rules_of
from andon.pictures.control_chart import Panel, control_chart_on_page
from andon.stats.rule_rates import false_alarms_per_thousand
from andon.stats.rules import FAMILIES, Rule
from andon.web.formats import digits_of, fixed, limit_at

_MOST_FLAGGED = 200
_MONTH = timedelta(days=30)


def picture(chart: Shown, view: str) -> dict[str, Any]:
    """Return the compiled picture of a view, without data."""
    panels = [_panel(chart, name, view) for name in panels_of(view)]
    return control_chart_on_page(panels, columns=table_headings(chart, view))


def _panel(chart: Shown, name: str, view: str) -> Panel:
    digits = digits_of(chart.stream.characteristic.resolution or 0.001)
    if name == "range":
        height = 260 if view == "ranges" else 92
        title = _("Ratio") if chart.is_log else _("Moving range") if chart.is_single else _("Range")
        return Panel("range", height, title, 2 if chart.is_log else digits)
    return Panel(name, 290, "", digits, is_logarithmic=chart.is_log)


def flagged(chart: Shown) -> list[dict[str, Any]]:
    """Return the newest points that stand out, as rows of the table below the chart."""
    table = chart.table.filter(pl.col("is_flagged")) if chart.table.height else chart.table
    waiting = {signal.subgroup for signal in chart.signals if signal.acknowledged_at is None}
    return [
        {
            "key": row["subgroup"],
            "when": when(row["measured_at"]),
            "mean": limit_at(row["mean"], chart.stream.characteristic.resolution),
            "range": told_range(chart, row["range"]),
            "lot": row["lot"],
            "why": _why(row),
            "is_waiting": row["subgroup"] in waiting,
            "note": row["note"],
        }
        for row in table.tail(_MOST_FLAGGED).reverse().iter_rows(named=True)
    ]


def _why(row: Mapping[str, Any]) -> str:
    """Return in words why a point stands out."""
    reasons = [
        (row["is_beyond_mean"], _("beyond a limit of the mean")),
        (row["is_beyond_range"], _("beyond a limit of the range")),
        (row["codes_mean"], _("rule %(codes)s") % {"codes": row["codes_mean"]}),
        (row["out"], _("%(n)s outside specification") % {"n": row["out"]}),
        (row["is_excluded"], _("excluded")),
        (row["has_note"], _("note")),
    ]
    return ", ".join(words for is_so, words in reasons if is_so)


@dataclass(frozen=True, slots=True)
class LimitsTold:
    """A version of limits in words and numbers as they are drawn."""

    limits: FrozenLimits
    rows: tuple[tuple[str, str], ...]
    convention: str
    remarks: tuple[str, ...]


def limits_told(stream: Stream, limits: FrozenLimits | None) -> LimitsTold | None:
    """Return the limits that judge now."""
    if limits is None:
        return None
    mean, spread = bounds_of(limits, "mean"), bounds_of(limits, "range")
    resolution, is_log = stream.characteristic.resolution, limits.is_logarithmic

    def told(value: float | None) -> str:
        number = None if value is None else as_told(value, is_logarithmic=is_log)
        return limit_at(number, resolution)

    def ratio(value: float | None) -> str:
        return f"×{fixed(as_told(value or 0, is_logarithmic=True), 3)}" if is_log else told(value)

    rows = (
        (_("Upper control limit"), told(mean.upper)),
        (_("Mean"), told(mean.centre)),
        (_("Lower control limit"), told(mean.lower)),
        (_("Upper limit of the range"), ratio(spread.upper)),
    )
    remarks = tuple(limits.remarks) or (_healthy(limits),)
    return LimitsTold(limits, rows, _convention(limits), remarks)


def _convention(limits: FrozenLimits) -> str:
    if limits.size == 1:
        words = _("Mean of the single values ± 3 of their standard deviation.")
    else:
        words = _(
            "Mean of the subgroup means ± 3 of their standard deviation, so that the usual "
            "variation between subgroups is inside; ranges from the spread within subgroups."
        )
    scale = _(" Computed on logarithms, told in the unit.") if limits.is_logarithmic else ""
    return f"{words}{scale}"


def _healthy(limits: FrozenLimits) -> str:
    told = {"r": limits.autocorrelation or 0.0, "p": limits.normality_p or 0.0}
    if limits.normality_p is None or limits.autocorrelation is None:
        return _("Phase I could not be tested for autocorrelation and normality.")
    return (
        _(
            "Phase I shows no autocorrelation (lag 1: %(r).2f) and does not contradict normality "
            "(p = %(p).2g)."
        )
        % told
    )


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A run rule: whether it is on, and what it costs in false alarms a month."""

    name: str
    words: str
    is_on: bool
    per_month: str


def rules_told(stream: Stream, standing: Standing) -> list[RuleTold]:
    """Return the rules of the line's family with the false alarms each gives in a month."""
    line = line_for(stream.characteristic, stream.machine) or PlanLine()
    chosen = rules_of(line)
    family = line.rules[0].rpartition(" ")[0] if line.rules else "nelson"
    rate = subgroups_per_month(standing)
    return [
        RuleTold(f"{family.title()} {rule.number}", _rule(rule), rule in chosen, _cost(rule, rate))
        for rule in FAMILIES[family]
    ]


def subgroups_per_month(standing: Standing) -> float:
    """Return how many subgroups thirty days bring, from those judged since the limits."""
    if standing.limits is None or standing.last_at is None:
        return 0.0
    days = (standing.last_at.date() - standing.limits.until).days
    return standing.judged / days * _MONTH.days if days > 0 else float(standing.judged)


def _cost(rule: Rule, rate: float) -> str:
    return fixed(false_alarms_per_thousand(rule) * rate / 1000, 2)


def _rule(rule: Rule) -> str:
    told = {"k": rule.k, "m": rule.m, "zone": f"{rule.zone:g}"}
    words = {
        "LIMIT": _("one point beyond %(zone)s σ"),
        "BEYOND": _("%(k)s of %(m)s on one side beyond %(zone)s σ")
        if rule.zone
        else _("%(m)s in a row on one side of the mean"),
        "TREND": _("%(m)s in a row rising or falling"),
        "ALTERNATING": _("%(m)s in a row up and down in turn"),
        "WITHIN": _("%(m)s in a row within %(zone)s σ"),
        "OUTSIDE": _("%(m)s in a row outside %(zone)s σ"),
    }
    return words[rule.kind.name] % told


def last_day(stream: Stream, standing: Standing) -> date | None:
    """Return the day of the newest subgroup or week of a stream."""
    if standing.last_at is not None:
        return standing.last_at.date()
    newest = WeekTally.objects.filter(stream=stream).order_by("-week").first()
    return newest.week if newest else None
