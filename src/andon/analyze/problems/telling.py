"""What was found, in sentences: how far, since when, what is outside, when the first will be."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.drivers.ranking import Drivers
from andon.analyze.drivers.words import subject
from andon.analyze.monitoring.models import Finding, FrozenLimits
from andon.analyze.monitoring.points import as_told
from andon.analyze.monitoring.queries import limits_on
from andon.analyze.problems.models import Problem
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import Characteristic
from andon.web.formats import at_resolution, fixed, significant

_LONG = "j F"


def said_of(problem: Problem, findings: Sequence[Finding], rows: pl.DataFrame) -> SafeString:
    """Return what was found as a paragraph with the numbers that matter in bold."""
    sentences = list(_sentences(problem, findings, rows))
    return format_html_join(" ", "{}", [[sentence] for sentence in sentences])


def first_outside(rows: pl.DataFrame) -> date | None:
    """Return the first day on which a piece outside specification was measured."""
    out = rows.filter(pl.col("is_out_of_specification")) if rows.height else rows
    day = out["produced_on"].min() if out.height else None
    return day if isinstance(day, date) else None


def _sentences(
    problem: Problem, findings: Sequence[Finding], rows: pl.DataFrame
) -> Iterator[SafeString]:
    lead = findings[0]
    if lead.rule == Finding.Rule.GAUGE:
        yield _unfit(findings[-1])
    elif lead.stream is None:
        yield _effect_missed(lead)
    elif lead.rule == Finding.Rule.RATE:
        yield _rate(findings)
    else:
        yield from _under_level(problem) or _departure(findings)
        yield _outside(problem, rows)


def _under_level(problem: Problem) -> list[SafeString]:
    """Return how a gauge, a supplier or a shift departs from the others, where one explains it."""
    drivers = Drivers.from_dict(problem.drivers) if problem.drivers else None
    line = drivers.explanation if drivers else None
    if line is None or line.departure is None or line.factor in ("machine", "lot"):
        return []
    characteristic = problem.characteristic
    assert characteristic is not None and drivers is not None
    if characteristic.model == Characteristic.Model.LOG:
        size = _("%(n)s %%") % {"n": fixed(abs(math.expm1(line.departure)) * 100)}
    else:
        size = f"{significant(abs(line.departure), 2)} {characteristic.unit}"
    up = _("With {what} the mean lies {size} above the others since {since}.")
    down = _("With {what} the mean lies {size} below the others since {since}.")
    values = {
        "what": subject(line.factor, line.level), "size": _bold(size),
        "since": date_format(problem.began_on, _LONG),
    }  # fmt: skip
    return [_filled(up if line.departure > 0 else down, values)]


def _departure(findings: Sequence[Finding]) -> Iterator[SafeString]:
    lead = findings[0]
    same = [finding for finding in findings if finding.place == lead.place]
    told = next((f for f in reversed(same) if f.rule == Finding.Rule.SHIFT), lead)
    limits = limits_on(told.stream, told.found_on) if told.stream else None
    if told.stream is None or limits is None:
        return
    values = _moved(told, limits, told.stream.characteristic)
    if told.rule == Finding.Rule.EXTREME:
        up = _("One subgroup lies {sigma} above the usual mean ({now} against {usual}).")
        down = _("One subgroup lies {sigma} below the usual mean ({now} against {usual}).")
    else:
        up = _("The mean rose by {sigma} ({now} against {usual}) since {since}.")
        down = _("The mean fell by {sigma} ({now} against {usual}) since {since}.")
    yield _filled(up if told.direction > 0 else down, values)


def _moved(
    finding: Finding, limits: FrozenLimits, characteristic: Characteristic
) -> dict[str, Any]:
    mean = float(finding.detail["mean"])
    sigma = abs(mean - limits.mean) / limits.sigma_within
    is_log, resolution = limits.is_logarithmic, characteristic.resolution
    now, usual = (as_told(x, is_logarithmic=is_log) for x in (mean, limits.mean))
    return {
        "sigma": _bold(_("%(n)s within-sigma") % {"n": fixed(sigma, 1)}),
        "now": f"{at_resolution(now, resolution)}",
        "usual": f"{at_resolution(usual, resolution)} {characteristic.unit}",
        "since": date_format(finding.began_on, _LONG),
    }


def _outside(problem: Problem, rows: pl.DataFrame) -> SafeString:
    day = first_outside(rows)
    if day is not None:
        return _was_outside(problem, rows, day)
    if not problem.forecast:
        return _filled(_("No measured piece is outside specification."), {})
    days = problem.forecast["days"]
    words = ngettext(
        "in about %(n)d working day", "in about %(n)d working days", max(1, round(days))
    ) % {"n": max(1, round(days))}
    low, high = problem.forecast["low"], problem.forecast["high"]
    return _filled(
        _("No measured piece is outside specification yet; at this pace the first is expected"
          " {when} ({low} to {high})."),
        {"when": _bold(words), "low": fixed(_number(low)), "high": fixed(_number(high))},
    )  # fmt: skip


def _was_outside(problem: Problem, rows: pl.DataFrame, day: date) -> SafeString:
    out = int(rows["is_out_of_specification"].fill_null(value=False).sum())
    pieces = ngettext("%(n)d measured piece", "%(n)d measured pieces", out) % {"n": out}
    values = {"pieces": _bold(pieces), "day": date_format(day, _LONG)}
    ahead = len(Calendar.load().working_days(problem.found_on, day)) - 1
    if ahead > 0:
        lead = ngettext("%(n)d working day", "%(n)d working days", ahead) % {"n": ahead}
        text = _("{pieces} outside specification, the first on {day}: {lead} after it was found.")
        return _filled(text, {**values, "lead": _bold(lead)})
    return _filled(_("{pieces} outside specification, the first on {day}."), values)


def _rate(findings: Sequence[Finding]) -> SafeString:
    last = findings[-1].detail
    weeks = len(findings)
    values = {
        "found": fixed(sum(f.detail["found"] for f in findings)),
        "inspected": fixed(sum(f.detail["inspected"] for f in findings)),
        "ratio": _bold(_("%(n)s times") % {"n": fixed(_number(last["ratio"]), 1)}),
        "since": date_format(findings[0].began_on, _LONG),
        "weeks": ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks},
        "p": _small(_number(last["p_value"])),
    }
    text = _(
        "{found} of {inspected} pieces were defective in {weeks} since {since}; in the last one"
        " {ratio} the rate of the other places (p {p})."
    )
    return _filled(text, values)


def _small(p: float | None) -> str:
    return "< 0.0001" if p is not None and p < 1e-4 else f"= {significant(p, 2)}"


def _effect_missed(finding: Finding) -> SafeString:
    verdict = finding.detail.get("verdict") or {}
    interval = verdict.get("interval") or {}
    comparison = finding.detail.get("comparison") or {}
    values = {
        "place": finding.place,
        "ratio": _bold(fixed(_number(comparison.get("estimate")), 2)),
        "low": fixed(_number(interval.get("low")), 2),
        "high": fixed(_number(interval.get("high")), 2),
    }
    text = _(
        "The effect on {place} was computed as registered and missed its target:"
        " {ratio} ({low} to {high})."
    )
    return _filled(text, values)


def _unfit(finding: Finding) -> SafeString:
    claim, stop, rest = str(finding.detail["words"]).partition(". ")
    values = {
        "claim": _bold(claim + stop.rstrip()), "rest": rest,
        "study": finding.detail["study"], "day": date_format(finding.found_on, _LONG),
    }  # fmt: skip
    return _filled(_("{claim} {rest} So judged on {day} by {study}."), values)


def _number(value: Any) -> float | None:
    """Return a stored number; what is infinite or missing has none."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _filled(text: str, values: dict[str, Any]) -> SafeString:
    # nosemgrep: text-declared-safe - a sentence of the code, translated
    return format_html(text, **values) if values else SafeString(text)


def _bold(text: str) -> SafeString:
    return format_html("<b>{}</b>", text)
