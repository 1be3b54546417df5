"""Reads over control plans: the line of a stream, its chart, its rules and thresholds."""

from dataclasses import replace
from typing import Any

from andon.control.plans.models import PlanLine
from andon.control.plans.run_rules import rules_named
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.stats.findings import DEFAULT_OPTIONS, FindingOptions
from andon.stats.rules import LIMITS_ONLY, Rule

_Chart = PlanLine.Chart
_COUNTED_DEFECTS = "defects"
"""Unit of an attribute of which one piece can have several: charted by c or u."""


def line_for(characteristic: Characteristic, machine: Machine | None) -> PlanLine | None:
    """Return the effective line of a stream; one for its machine goes before one for all."""
    lines = PlanLine.objects.filter(characteristic=characteristic, plan__is_effective=True)
    found = {line.machine_id: line for line in lines.select_related("plan", "characteristic")}
    own = found.get(machine.pk) if machine else None
    return own or found.get(None)


def chart_for(line: PlanLine) -> str:
    """Return the chart of a line, chosen by kind and sample size unless the line names one.

    Values: single ones I-MR, 2 to 9 Xbar-R, from 10 Xbar-S. Nonconforming pieces: np at a constant
    sample size, else p; defects, of which a piece can have several: c or u likewise.
    """
    if line.chart != _Chart.AUTO:
        return line.chart
    if line.characteristic.is_counted:
        return _counting_chart(line)
    size = line.sample_size or 1
    if size == 1:
        return _Chart.INDIVIDUALS.value
    return (_Chart.MEAN_RANGE if size < 10 else _Chart.MEAN_DEVIATION).value


def reaction_for(characteristic: Characteristic, machine: Machine | None) -> str:
    """Return what the operator is told to do on a signal; "" when no line says it."""
    line = line_for(characteristic, machine)
    return line.reaction if line else ""


def rules_of(line: PlanLine) -> tuple[Rule, ...]:
    """Return the run rules switched on for a line; without any only the control limits."""
    return rules_named(line.rules) if line.rules else LIMITS_ONLY


def finding_options(line: PlanLine | None) -> FindingOptions:
    """Return the thresholds of findings for a line: its own where stated, else the defaults."""
    if line is None:
        return DEFAULT_OPTIONS
    stated: dict[str, Any] = {
        "extreme": line.finding_extreme,
        "effect": line.finding_effect,
        "decision": line.finding_decision,
        "allowance": line.finding_allowance,
    }
    own = {name: value for name, value in stated.items() if value is not None}
    return replace(DEFAULT_OPTIONS, **own)


def _counting_chart(line: PlanLine) -> str:
    has_defects = line.characteristic.unit == _COUNTED_DEFECTS
    if line.sample_size:
        return (_Chart.DEFECTS if has_defects else _Chart.NONCONFORMING).value
    return (_Chart.DEFECT_RATE if has_defects else _Chart.PROPORTION).value
