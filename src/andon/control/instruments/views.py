"""Pages: the instruments with their standing, and one instrument."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import refusal_to_use, standing
from andon.records import clock
from andon.records.access import needs

_WORST_FIRST = ("problem", "attention", "watched", "ok", "idle")


@needs("instruments.view")
def instrument_list(request: HttpRequest) -> HttpResponse:
    """List every instrument, those that need somebody first."""
    on = clock.today()
    rows = [(row, standing(row, on)) for row in Instrument.objects.all()]
    rows.sort(key=lambda pair: _WORST_FIRST.index(pair[1].kind))
    problems = sum(state.kind == "problem" for _row, state in rows)
    context = {"rows": rows, "problem_count": problems}
    return render(request, "instruments/instrument_list.html", context)


@needs("instruments.view")
def instrument_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one instrument and whether it may be used today."""
    instrument = get_object_or_404(Instrument, code=code)
    on = clock.today()
    context = {
        "instrument": instrument,
        "standing": standing(instrument, on),
        "refusal": refusal_to_use(instrument, on),
    }
    return render(request, "instruments/instrument.html", context)
