"""Pages: every stream with its state, and the control chart of one."""

from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.analyze.monitoring import counted
from andon.analyze.monitoring.chart import VIEWS, Shown, chart_data, shown
from andon.analyze.monitoring.chart_page import (
    flagged,
    last_day,
    limits_told,
    picture,
    rules_told,
)
from andon.analyze.monitoring.models import Stream
from andon.analyze.monitoring.spans import ZOOMS, Span, moves, span_of
from andon.analyze.monitoring.standing import Standing, all_streams, places, standing_of, standings
from andon.analyze.monitoring.telling import (
    headline,
    lead,
    overview,
    past_headline,
    span_sentence,
)
from andon.control.plans.queries import line_for
from andon.records import clock
from andon.records.access import needs
from andon.records.permissions import may
from andon.records.views.common import actor_of

_VIEW_WORDS = {
    "means": gettext_lazy("Means"),
    "singles": gettext_lazy("Single values"),
    "ranges": gettext_lazy("Ranges"),
}
_ACTS = ("acknowledge", "annotate", "exclude", "begin_phase")
_WIDEST = 4000


@needs("monitoring.view")
def stream_list(request: HttpRequest) -> HttpResponse:
    """List the streams in process order with their state."""
    rows = places(standings())
    processes = [
        (process, [(machine, list(of)) for machine, of in groupby(group, _machine)])
        for process, group in groupby(rows, lambda row: row.stream.machine.process)
    ]
    troubled = [row for row in rows if row.kind == "problem"]
    context = {
        "processes": processes, "title": overview(rows), "rows": rows, "troubled": troubled,
    }  # fmt: skip
    return render(request, "monitoring/stream_list.html", context)


def _machine(row: Standing) -> Any:
    return row.stream.machine


@needs("monitoring.view")
def chart_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the control chart of a stream."""
    stream = all_streams().filter(code=code).first()
    if stream is None:
        return _other_address(code)
    standing = standing_of(stream)
    own = (
        _counted(request, standing)
        if stream.characteristic.is_counted
        else _chart(request, standing)
    )
    account = actor_of(request)
    context = {
        "stream": stream, "characteristic": stream.characteristic, "standing": standing,
        "title": headline(standing), "lead": lead(standing),
        "crumbs": _crumbs(stream), "chips": _chips(standing),
        "line": line_for(stream.characteristic, stream.machine),
        **{f"may_{act}": may(account, f"monitoring.{act}") for act in _ACTS},
        "may_keep": may(account, "evidence.save"),
        "action": _action(request, standing),
        **own,
    }  # fmt: skip
    return render(request, "monitoring/chart.html", context)


@needs("monitoring.view")
def chart_columns(request: HttpRequest, code: str) -> JsonResponse:
    """Give the data of a chart as columns by data set; a narrower span gives more of it."""
    stream = stream_or_404(code)
    standing = standing_of(stream)
    if stream.characteristic.is_counted:
        return JsonResponse(counted.columns(stream))
    span = _span(request, stream, standing)
    chart = shown(stream, span, width=_width(request))
    return JsonResponse(chart_data(chart, view_of(request)))


def stream_or_404(code: str) -> Stream:
    """Return the stream of an address."""
    stream = all_streams().filter(code=code).first()
    if stream is None:
        raise Http404(_("There is no chart of %(code)s.") % {"code": code[:100]})
    return stream


def view_of(request: HttpRequest) -> str:
    """Return which panels are asked for; means unless another view is named."""
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else VIEWS[0]


def _span(request: HttpRequest, stream: Stream, standing: Standing) -> Span:
    return span_of(request.GET.dict(), last_day(stream, standing) or clock.today())


def _width(request: HttpRequest) -> int:
    text = request.GET.get("width", "")
    return max(100, min(int(text), _WIDEST)) if text.isdecimal() and len(text) < 6 else 1100


def _other_address(code: str) -> HttpResponse:
    """Lead from characteristic and machine of counted defects to the shift that stands out."""
    found = standings(all_streams().filter(code__startswith=f"{code}/"))
    found.sort(key=lambda row: row.kind != "problem")
    if not found:
        raise Http404(_("There is no chart of %(code)s.") % {"code": code[:100]})
    return redirect("chart", found[0].stream.code)


def _chart(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    stream, view = standing.stream, view_of(request)
    span = _span(request, stream, standing)
    chart = shown(stream, span)
    address = reverse("chart_columns", args=[stream.code])
    query = request.GET.urlencode()
    newest = last_day(stream, standing)
    is_past = span.until is not None and newest is not None and span.until < newest
    past = {"title": past_headline(chart), "chips": _chips(standing, now=True)} if is_past else {}
    return {
        **past,
        "chart": chart, "span": span, "view": view, "say": span_sentence(chart),
        "spec": picture(chart, view), "data_url": f"{address}?{query}" if query else address,
        "views": [(name, _view_word(name, is_single=chart.is_single)) for name in VIEWS
                  if not (chart.is_single and name == "singles")],
        "zooms": ZOOMS.items(), "moves": _moves(chart), "days": _days(chart),
        "flagged": flagged(chart),
        "told": limits_told(stream, standing.limits), "versions": list(stream.limits.all()),
        "rules": rules_told(stream, standing),
        "point_url": reverse("point", args=[stream.code]),
    }  # fmt: skip


def _moves(chart: Shown) -> list[tuple[str, date, date]]:
    """Return where one may go from the days that are shown."""
    days = _days(chart)
    return moves(*days) if days else []


def _days(chart: Shown) -> tuple[date, date] | None:
    """Return the first and the last day that is shown."""
    days = chart.table["produced_on"]
    first, last = days.min(), days.max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def _view_word(name: str, *, is_single: bool) -> Any:
    if not is_single:
        return _VIEW_WORDS[name]
    return {"means": _VIEW_WORDS["singles"], "ranges": gettext_lazy("Moving ranges")}[name]


def _counted(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    stream = standing.stream
    others = all_streams().filter(characteristic=stream.characteristic, machine=stream.machine)
    return {
        "spec": counted.picture(), "data_url": reverse("chart_columns", args=[stream.code]),
        "say": counted.sentence(stream), "shifts": others, "findings": counted.findings(stream),
    }  # fmt: skip


def _action(request: HttpRequest, standing: Standing) -> dict[str, str] | None:
    """Offer the next step where there is a finding: the form, filled in."""
    if standing.finding is None or not may(actor_of(request), "nonconformity.create"):
        return None
    stream = standing.stream
    known = {"characteristic": stream.characteristic.code, "machine": stream.machine.code}
    return {
        "label": _("Raise nonconformity"),
        "url": f"/nc/new/?{urlencode(known)}",
        "consequence": _("opens the form, filled in"),
    }


def _crumbs(stream: Stream) -> tuple[tuple[str, str], ...]:
    characteristic = stream.characteristic
    return (
        (_("Charts"), reverse("charts")),
        (characteristic.code, reverse("characteristic", args=[characteristic.code])),
        (stream.code, ""),
    )


def _chips(standing: Standing, *, now: bool = False) -> tuple[tuple[str, str], ...]:
    characteristic = standing.stream.characteristic
    word = _("Now: %(word)s") % {"word": standing.word} if now else standing.word
    return (
        (word, standing.kind),
        (f"{characteristic.code} · {characteristic.get_classification_display()}", ""),
        (str(standing.stream.machine.process), ""),
    )
