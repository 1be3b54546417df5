"""Pages: a characteristic with its charts and capability, and its measured values."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from andon.analyze.monitoring.capability import capabilities_of, headline, sketch
from andon.analyze.monitoring.standing import all_streams, standings
from andon.analyze.studies.fitness import fitness_for
from andon.control.plans.models import PlanLine
from andon.control.plans.queries import chart_for
from andon.identify.measurements.queries import Place, Selection, last_rows_of
from andon.organization.products.models import Characteristic
from andon.records.access import needs

_PAGE = 50


@needs("monitoring.view")
def characteristic_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is required, how each machine does, and whether it is capable."""
    characteristic = get_object_or_404(
        Characteristic.objects.select_related("process", "product"), code=code
    )
    rows = standings(all_streams().filter(characteristic=characteristic))
    found = [] if characteristic.is_counted else capabilities_of(characteristic, rows)
    lines = PlanLine.objects.filter(characteristic=characteristic, plan__is_effective=True)
    context = {
        "characteristic": characteristic,
        "title": headline(characteristic, rows, found),
        "rows": rows,
        "capabilities": [(one, sketch(characteristic, one)) for one in found],
        "fitness": fitness_for(characteristic),
        "lines": [(line, chart_for(line)) for line in lines.select_related("plan", "machine")],
    }
    return render(request, "monitoring/characteristic.html", context)


@needs("monitoring.view")
def measurement_list(request: HttpRequest) -> HttpResponse:
    """List measured values of a characteristic as they were typed, newest first."""
    code, machine = request.GET.get("characteristic", ""), request.GET.get("machine", "")
    known = Characteristic.objects.all()
    chosen = known.filter(code=code).first() if code else known.first()
    context: dict[str, Any] = {
        "characteristics": known,
        "chosen": chosen,
        "machine": machine,
        "title": _("Measured values") if chosen is None else str(chosen),
    }
    if chosen is not None:
        before = _place(request.GET.get("before", ""))
        selection = Selection(characteristic=chosen.code, machines=[machine] if machine else [])
        found = list(last_rows_of(selection, _PAGE + 1, before=before).iter_rows(named=True))
        rows = found[-_PAGE:][::-1]
        older = Place(*(rows[-1][name] for name in Place._fields)) if len(found) > _PAGE else None
        context |= {"rows": rows, "before": before, "older": older}
    return render(request, "monitoring/measurement_list.html", context)


def _place(text: str) -> Place | None:
    """Return the place that an address names; the newest rows where it names none."""
    try:
        return Place.of(text) if text else None
    except (ValueError, OverflowError):
        raise Http404(_("There is no such page.")) from None
