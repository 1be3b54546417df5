"""One point of a chart: its values, and what people do there."""

from typing import Any

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.analyze.monitoring import services
from andon.analyze.monitoring.models import Stream
from andon.analyze.monitoring.views import stream_or_404
from andon.control.plans.queries import line_for
from andon.history import log
from andon.identify.measurements.corrections import correct
from andon.records import clock
from andon.records.access import needs
from andon.records.errors import Refused
from andon.records.permissions import may
from andon.records.views.common import actor_of

_ACTS = ("acknowledge", "annotate", "exclude")


@needs("monitoring.view")
def point(request: HttpRequest, code: str) -> HttpResponse:
    """Show a subgroup with what can be done about it, or do it."""
    stream = stream_or_404(code)
    key = request.GET.get("subgroup", "")
    rows = _rows(stream, key)
    if not rows.height:
        raise Http404(_("This chart has no such point."))
    if request.method == "POST":
        return _done(request, stream, key)
    template = "monitoring/point_dialog.html" if _is_part(request) else "monitoring/point.html"
    return render(request, template, _context(request, stream, rows))


@needs("monitoring.begin_phase")
@require_POST
def new_phase(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze new limits from the days that were named."""
    stream = stream_or_404(code)
    since, until = (_day(request, name) for name in ("since", "until"))
    limits = services.begin_phase(
        stream,
        since=since,
        until=until,
        reason=request.POST.get("reason", ""),
        actor=actor_of(request),
    )
    messages.success(request, _("Limits version %(n)d judge from now on.") % {"n": limits.version})
    return redirect("chart", stream.code)


def _day(request: HttpRequest, name: str) -> Any:
    try:
        day = parse_date(request.POST.get(name, ""))
    except ValueError:
        day = None
    if day is None:
        raise Refused.because(_("Name the first and the last day of phase I."), name)
    return day


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _rows(stream: Stream, key: str) -> pl.DataFrame:
    """Return the values of one subgroup, as they were typed."""
    where = {"stream": stream.code, "subgroup": key}
    return log.scan(where).collect() if key else pl.DataFrame()


def _context(request: HttpRequest, stream: Stream, rows: pl.DataFrame) -> dict[str, Any]:
    first, key = rows.row(0, named=True), str(rows["subgroup"][0])
    line, account = line_for(stream.characteristic, stream.machine), actor_of(request)
    report = {
        "characteristic": stream.characteristic.code,
        "machine": stream.machine.code,
        "lot": first["lot"],
    }
    return {
        "stream": stream, "characteristic": stream.characteristic, "key": key, "first": first,
        "at": first["measured_at"].astimezone(clock.site_zone()),
        "values": _values(rows), "may_correct": may(account, "measurements.correct"),
        "signals": stream.signals.filter(subgroup=key).select_related("acknowledged_by"),
        "notes": stream.annotations.filter(subgroup=key).select_related("written_by"),
        "exclusion": stream.exclusions.filter(subgroup=key).first(),
        "reaction": line.reaction if line else "",
        "post": f"{reverse('point', args=[stream.code])}?{urlencode({'subgroup': key})}",
        "report_url": f"/nc/new/?{urlencode(report)}",
        "may_report": may(account, "nonconformity.create"),
        **{f"may_{act}": may(account, f"monitoring.{act}") for act in _ACTS},
    }  # fmt: skip


def _values(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the values of a subgroup, each with its place, by which a correction names it."""
    return [
        {**row, "place": f"{row['batch']}:{row['position']}"} for row in rows.iter_rows(named=True)
    ]


def _done(request: HttpRequest, stream: Stream, key: str) -> HttpResponse:
    """Do what the form asks and return to the chart."""
    actor, text = actor_of(request), request.POST.get("text", "")
    act = request.POST.get("act", "")
    if act == "annotate":
        services.annotate(stream, subgroup=key, text=text, actor=actor)
        messages.success(request, _("Your note is on the chart."))
    elif act == "exclude":
        services.exclude(stream, subgroup=key, reason=text, actor=actor)
        messages.success(request, _("The point is left out of the next phase I."))
    elif act == "correct":
        place, value = (request.POST.get(name, "") for name in ("place", "value"))
        correct(place, value, reason=text, actor=actor)
        messages.success(request, _("The value is corrected; what was there before stays kept."))
    elif act == "acknowledge":
        waiting = list(stream.signals.filter(subgroup=key, acknowledged_at=None))
        for signal in waiting:
            services.acknowledge(signal, actor=actor, reaction=text)
        messages.success(request, _("The signal is acknowledged."))
    else:
        raise Refused.because(
            _("Choose what to do: acknowledge, annotate, exclude or correct."), "act"
        )
    return redirect(_back(request, stream))


def _back(request: HttpRequest, stream: Stream) -> str:
    """Return to the part of the chart from which the point was opened."""
    query = request.POST.get("back", "")
    address = reverse("chart", args=[stream.code])
    return f"{address}?{query}" if query else address
