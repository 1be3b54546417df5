"""The page of a problem: its story from the finding to the proof."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.analyze.drivers.ranking import Drivers
from andon.analyze.drivers.words import (
    MEASURES,
    driver_rows,
    factor_word,
    in_words,
    level_word,
    machine_words,
)
from andon.analyze.monitoring import counted
from andon.analyze.monitoring.chart import VIEWS, panels_of, shown, table_headings
from andon.analyze.monitoring.models import Finding, Stream
from andon.analyze.monitoring.spans import Span
from andon.analyze.problems.affected import affected_by
from andon.analyze.problems.computing import rows_of_problem
from andon.analyze.problems.costs import booked_cost
from andon.analyze.problems.earlier import earlier_cases
from andon.analyze.problems.explaining import day_before
from andon.analyze.problems.models import Problem
from andon.analyze.problems.steps import Chain, chain_of, next_step, steps_of
from andon.analyze.problems.telling import said_of
from andon.analyze.studies.models import Study
from andon.analyze.studies.showing import plots_of, tables_of
from andon.organization.processes.models import Shift
from andon.organization.processes.queries import Calendar
from andon.pictures.control_chart import Panel, control_chart_on_page
from andon.records import clock
from andon.web.formats import digits_of, fixed

_BEFORE, _AFTER = 12, 3
"""Working days that the chart shows before the departure began and after the last finding."""
_PLOTS = 4
"""Pictures of a study that its problem shows; the study shows all."""
_WORDS = {
    "means": gettext_lazy("Means"),
    "singles": gettext_lazy("Single values"),
    "ranges": gettext_lazy("Ranges"),
}


def context(record: Problem, request: HttpRequest) -> dict[str, Any]:
    """Return what the story shows."""
    findings = list(record.standing())
    chain = chain_of(record)
    told = {
        "primary": None,
        "chips": _chips(record),
        "action": next_step(record, chain, request.user),
        "findings": findings,
    }
    if not findings:
        return {**told, "marks": steps_of(record, chain, 0)}
    return told | _story(record, findings, chain, request)


def _story(
    record: Problem, findings: Sequence[Finding], chain: Chain, request: HttpRequest
) -> dict[str, Any]:
    drivers = Drivers.from_dict(record.drivers) if record.drivers else None
    explanation = drivers.explanation if drivers else None
    is_measured = findings[0].stream is not None
    rows = rows_of_problem(findings, explanation) if is_measured else None
    affected = affected_by(record.lots, rows, _origin(record)) if rows is not None else None
    return {
        "marks": steps_of(record, chain, affected.pieces if affected else 0),
        "say": said_of(record, findings, rows) if rows is not None else said_of_effect(findings),
        "affected": affected,
        "earlier": earlier_cases(record, chain.nonconformities),
        **_costs(record, chain),
        **(_where(drivers) if drivers else {}),
        **(_chart(record, findings, request) if is_measured else _study(findings)),
    }


def said_of_effect(findings: Sequence[Finding]) -> Any:
    """Return what is said of an action without effect, for which nothing is charted here."""
    import polars as pl  # noqa: PLC0415

    return said_of(Problem(), findings, pl.DataFrame())


def _chips(record: Problem) -> list[tuple[str, str]]:
    """Return when it was found, what is concerned, state, owner and due date."""
    state = record.current_state
    kinds = {"watched": "watched", "solved": "done", "dismissed": "idle"}
    found = [(_found_words(record), "problem"), (str(state.label), kinds.get(state.name, ""))]
    characteristic = record.characteristic
    if characteristic is not None:
        words = (
            characteristic.code,
            characteristic.name,
            characteristic.get_classification_display(),
        )
        found.append((" · ".join(str(word) for word in words), ""))
    found.append((_("Owner: %(name)s") % {"name": record.owner or _("nobody yet")}, ""))
    if record.due_at and record.closed_at is None and not state.is_paused:
        day = record.due_at.astimezone(clock.site_zone())
        late = "problem" if record.is_overdue() else ""
        found.append((_("Due %(on)s") % {"on": date_format(day, "j M H:i")}, late))
    return found


def _found_words(record: Problem) -> str:
    day = date_format(record.found_on, "j F")
    shift = Shift.objects.filter(code=record.shift).first() if record.shift else None
    if shift is None:
        return _("Found %(day)s") % {"day": day}
    return _("Found %(day)s, %(shift)s") % {"day": day, "shift": level_word("shift", shift.code)}


def _origin(record: Problem) -> str:
    """Return in a word where the affected lots come from."""
    if record.factor in ("", "machine", "lot"):
        return record.machine.code if record.machine else ""
    return level_word(record.factor, record.level)


def _where(drivers: Drivers) -> dict[str, Any]:
    innocent = [factor_word(line.factor) for line in drivers.of("innocent")]
    return {
        "drivers": driver_rows(drivers),
        "driver_words": in_words(drivers),
        "measure": MEASURES[drivers.measure],
        "innocent": innocent,
        "ranked": drivers,
        "untested": [factor_word(line.factor) for line in drivers.of("not testable")],
    }


def _costs(record: Problem, chain: Chain) -> dict[str, Any]:
    booked = booked_cost(chain.nonconformities)
    return {
        "cost_per_day": fixed(record.cost_per_day, 2) if record.cost_per_day is not None else "",
        "cost_booked": fixed(booked, 2),
        "cost_count": len(chain.nonconformities),
        "is_once": record.factor == "lot",
    }


def _chart(record: Problem, findings: Sequence[Finding], request: HttpRequest) -> dict[str, Any]:
    """Return the chart of one of its streams: of the first, unless another is asked for."""
    streams = record.streams()
    stream = next((s for s in streams if s.code == request.GET.get("stream")), streams[0])
    address = reverse("chart_columns", args=[stream.code])
    shared = {
        "streams": streams, "stream": stream,
        "chart_label": _("%(name)s on %(where)s") % {
            "name": stream.characteristic.name, "where": machine_words(stream.machine),
        },
        "limits": stream.limits.order_by("-version").first(),
    }  # fmt: skip
    if stream.characteristic.is_counted:
        return {**shared, "spec": counted.picture(), "data_url": address}
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else VIEWS[0]
    since, until = _shown_days(stream, findings)
    query = urlencode({"since": since.isoformat(), "until": until.isoformat(), "view": view})
    return {
        **shared,
        "view": view,
        "views": _WORDS.items(),
        "spec": _picture(stream, Span(since=since, until=until), view),
        "data_url": f"{address}?{query}",
    }


def _study(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the last study that speaks against an instrument, with its pictures and tables."""
    number = findings[-1].detail.get("study")
    study = Study.objects.filter(number=number).first() if number else None
    kept = study.evidence.first() if study else None
    if kept is None:
        return {}
    return {"study": study, "plots": plots_of(kept)[:_PLOTS], "tables": tables_of(kept)[:1]}


def _shown_days(stream: Stream, findings: Sequence[Finding]) -> tuple[date, date]:
    own = [finding for finding in findings if finding.stream == stream]
    calendar = Calendar.load()
    last = max(finding.found_on for finding in own)
    after = calendar.working_days(last, date.fromordinal(last.toordinal() + 14))
    until = after[min(_AFTER, len(after) - 1)] if after else last
    return day_before(calendar, min(finding.began_on for finding in own), _BEFORE), until


def _picture(stream: Stream, span: Span, view: str) -> dict[str, Any]:
    """Return the picture of one panel: the story shows means, or what else was asked for."""
    chart = shown(stream, span)
    name = panels_of(view)[0]
    digits = digits_of(stream.characteristic.resolution or 0.001)
    is_log = chart.is_log and name != "range"
    panel = Panel(name, 260, "", 2 if chart.is_log and name == "range" else digits, is_log)
    return control_chart_on_page([panel], columns=table_headings(chart, view))
