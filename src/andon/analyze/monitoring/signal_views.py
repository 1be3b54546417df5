"""The list of signals that nobody has reacted to: one tap acknowledges each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from andon.analyze.monitoring import services
from andon.analyze.monitoring.missed import RULE
from andon.analyze.monitoring.models import Signal
from andon.analyze.monitoring.points import as_told
from andon.analyze.monitoring.queries import open_signals
from andon.control.plans.models import PlanLine
from andon.organization.products.models import Characteristic
from andon.records.access import needs
from andon.records.permissions import may
from andon.records.views.common import actor_of
from andon.web.formats import fixed, limit_at

_PAGE = 25


@needs("monitoring.view")
def signal_list(request: HttpRequest) -> HttpResponse:
    """List the open signals, newest first."""
    page = Paginator(open_signals(), _PAGE).get_page(request.GET.get("page", "1"))
    reactions = _reactions(list(page.object_list))
    count = page.paginator.count
    title = (
        ngettext("One signal waits for you", "%(n)d signals wait for somebody", count)
        % {"n": count}
        if count
        else _("No signal waits")
    )
    context = {
        "page": page,
        "title": title,
        "rows": [(signal, told(signal), reactions[signal.pk]) for signal in page.object_list],
        "may_acknowledge": may(actor_of(request), "monitoring.acknowledge"),
    }
    return render(request, "monitoring/signal_list.html", context)


@needs("monitoring.acknowledge")
@require_POST
def acknowledge(request: HttpRequest, key: int) -> HttpResponse:
    """Acknowledge a signal with what was done."""
    signal = get_object_or_404(Signal, pk=key)
    services.acknowledge(signal, actor=actor_of(request), reaction=request.POST.get("reaction", ""))
    messages.success(request, _("The signal is acknowledged."))
    return redirect("signals")


def told(signal: Signal) -> str:
    """Return a signal's value as people read it, with its unit."""
    characteristic = signal.stream.characteristic
    is_log = characteristic.model == Characteristic.Model.LOG
    if signal.rule == RULE:
        return _("no value")
    if signal.rule == "range" and is_log:
        return f"×{fixed(as_told(signal.value, is_logarithmic=True), 3)}"
    return f"{limit_at(signal.value, characteristic.resolution)} {characteristic.unit}"


def _reactions(signals: list[Signal]) -> dict[int, str]:
    """Return what the plan says to do on each signal, with one query for all."""
    wanted = {signal.stream.characteristic_id for signal in signals}
    lines = PlanLine.objects.filter(characteristic__in=wanted, plan__is_effective=True)
    known = {(line.characteristic_id, line.machine_id): line.reaction for line in lines}
    found = {}
    for signal in signals:
        of = signal.stream.characteristic_id
        own = known.get((of, signal.stream.machine_id))
        found[signal.pk] = own or known.get((of, None), "")
    return found
