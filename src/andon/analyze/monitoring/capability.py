"""Capability of each machine for a characteristic: told only where the process is stable."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from scipy.stats import binom

from andon.analyze.monitoring.chart_lines import phases_of, with_verdicts
from andon.analyze.monitoring.models import Stream
from andon.analyze.monitoring.spans import Span
from andon.analyze.monitoring.standing import Standing
from andon.analyze.monitoring.subgroups import pieces_of, rows_in, subgroups_of
from andon.organization.products.models import Characteristic
from andon.pictures.histogram import histogram
from andon.stats.capability import Capability, capability
from andon.stats.capability_indices import Estimate
from andon.stats.capability_quantiles import QuantileCapability, quantile_capability
from andon.stats.errors import StatisticsError
from andon.stats.rule_rates import false_alarms_per_thousand
from andon.stats.rules import LIMITS_ONLY
from andon.web.formats import digits_of, fixed

SUBGROUPS = 100
"""The newest subgroups that capability speaks of."""
_FEWEST = 25
_CHANCE = 0.99


@dataclass(frozen=True, slots=True)
class MachineCapability:
    """What can be said of one machine: indices, or why there are none."""

    stream: Stream
    values: np.ndarray[Any, Any]
    why_not: str
    """Empty when the indices are valid."""
    figures: tuple[tuple[str, str, str], ...] = ()
    """Name, value and 95 % interval."""
    shape: str = ""
    out: int = 0

    @property
    def name(self) -> str:
        """The name of its picture on the page."""
        return f"values-{self.stream.pk}"

    @property
    def count(self) -> int:
        """How many values it rests on."""
        return int(self.values.size)


def capabilities_of(
    characteristic: Characteristic, rows: Sequence[Standing]
) -> list[MachineCapability]:
    """Return what can be said of each machine that measures a characteristic."""
    return [_of_machine(characteristic, row) for row in rows]


def _of_machine(characteristic: Characteristic, row: Standing) -> MachineCapability:
    span, size = Span(last=SUBGROUPS), row.limits.size if row.limits else None
    rows = rows_in(row.stream, span, size)
    table = subgroups_of(rows, row.stream, span)
    pieces = pieces_of(rows, table)
    values = pieces["value"].to_numpy()
    out = int(pieces["is_out_of_specification"].fill_null(value=False).sum())
    why_not = _why_not(characteristic, row, table)
    if why_not:
        return MachineCapability(row.stream, values, why_not, out=out)
    try:
        figures, shape = _indices(characteristic, pieces)
    except StatisticsError as error:
        return MachineCapability(row.stream, values, str(error), out=out)
    return MachineCapability(row.stream, values, "", figures, shape, out)


def _why_not(characteristic: Characteristic, row: Standing, table: pl.DataFrame) -> str:
    """Return why an index would mean nothing."""
    if characteristic.lower_specification is None and characteristic.upper_specification is None:
        return _("There is no specification to hold it against.")
    if row.limits is None or table.height < _FEWEST:
        return _("Stability is not known yet: %(n)d subgroups, %(fewest)d are needed.") % {
            "n": table.height, "fewest": _FEWEST,
        }  # fmt: skip
    days = table["produced_on"]
    found = row.stream.findings.filter(
        withdrawn_at=None, found_on__gte=days.min(), found_on__lte=days.max()
    ).count()
    if found:
        words = ngettext(
            "Not stable: %(n)d finding in these subgroups, an index is not valid.",
            "Not stable: %(n)d findings in these subgroups, an index is not valid.",
            found,
        )
        return words % {"n": found}
    return _too_many_beyond(row, table)


def _too_many_beyond(row: Standing, table: pl.DataFrame) -> str:
    """Compare the points beyond a limit with what chance alone would give."""
    judged = with_verdicts(table, phases_of(table, list(row.stream.limits.all())))
    beyond = int((judged["is_beyond_mean"] | judged["is_beyond_range"]).sum())
    chance = 2 * false_alarms_per_thousand(LIMITS_ONLY[0]) / 1000
    if beyond <= int(binom.ppf(_CHANCE, table.height, chance)):
        return ""
    return _(
        "Not stable: %(beyond)d of %(n)d points beyond a control limit, an index is not valid."
    ) % {"beyond": beyond, "n": table.height}


def _indices(
    characteristic: Characteristic, pieces: pl.DataFrame
) -> tuple[tuple[tuple[str, str, str], ...], str]:
    """Return the indices of a normal process, or by percentiles where it is not normal."""
    values = pieces["value"].to_numpy()
    lower, upper = characteristic.lower_specification, characteristic.upper_specification
    if characteristic.model == Characteristic.Model.LOG:
        found = quantile_capability(values, lower=lower, upper=upper, distribution="lognormal")
        return _by_percentiles(found), _("Percentiles of the lognormal distribution (ISO 22514-2).")
    groups = pieces.group_by("subgroup", maintain_order=True).agg("value")["value"].to_list()
    rows = values if max(map(len, groups)) == 1 else groups
    normal = capability(rows, lower=lower, upper=upper, target=characteristic.target)
    if normal.normality is not None and normal.normality.is_rejected:
        fit = quantile_capability(values, lower=lower, upper=upper)
        return _by_percentiles(fit), _not_normal(normal, fit)
    return _of_normal(normal), _normal(normal)


def _of_normal(found: Capability) -> tuple[tuple[str, str, str], ...]:
    named = (("Cp", found.cp), ("Cpk", found.cpk), ("Pp", found.pp), ("Ppk", found.ppk))
    return tuple(_figure(name, told) for name, told in named if told is not None)


def _by_percentiles(found: QuantileCapability) -> tuple[tuple[str, str, str], ...]:
    named = (("Pp", found.pp), ("Ppk", found.ppk))
    return tuple(_figure(name, told) for name, told in named if told is not None)


def _figure(name: str, told: Estimate) -> tuple[str, str, str]:
    low, high = told.interval.low, told.interval.high
    return name, fixed(told.value, 2), f"{fixed(low, 2)}–{fixed(high, 2)}"


def _normal(found: Capability) -> str:
    if found.normality is None:
        return _("Too few values to test normality.")
    return _("Normality is not contradicted (p = %(p).2g).") % {"p": found.normality.p_value}


def _not_normal(found: Capability, fit: QuantileCapability) -> str:
    family = fit.distribution.family if fit.distribution else _("values themselves")
    p = found.normality.p_value if found.normality else 0.0
    return _("Not normal (p = %(p).1g): percentiles of the %(family)s distribution.") % {
        "p": p, "family": family,
    }  # fmt: skip


def headline(
    characteristic: Characteristic, rows: Sequence[Standing], found: Sequence[MachineCapability]
) -> str:
    """Return what the page says in one sentence."""
    if not rows:
        return _("%(name)s was not measured yet") % {"name": characteristic.name}
    troubled = [row.stream.machine.code for row in rows if row.kind == "problem"]
    told = {"name": characteristic.name, "machines": ", ".join(dict.fromkeys(troubled))}
    if troubled:
        return _("%(name)s has a finding on %(machines)s") % told
    unstable = [one.stream.machine.code for one in found if one.why_not]
    if unstable:
        return _("%(name)s is in control; not yet stable on %(machines)s") % {
            **told, "machines": ", ".join(unstable),
        }  # fmt: skip
    return _("%(name)s is in control on every machine") % told


def sketch(characteristic: Characteristic, found: MachineCapability) -> dict[str, Any]:
    """Return the histogram of a machine's newest values."""
    columns = {"told": _("from – to"), "count": _("n")}
    picture = histogram(
        found.values,
        lower=characteristic.lower_specification,
        upper=characteristic.upper_specification,
        target=characteristic.target,
        resolution=characteristic.resolution,
        digits=digits_of(characteristic.resolution or 0.001),
    )
    return {**picture, "usermeta": {"columns": columns}}
