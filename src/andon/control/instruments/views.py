"""Pages: the instruments with their standing, and one instrument."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from andon.control.instruments.fitness import fitness_by_code
from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import refusal_to_use, standing
from andon.records import clock
from andon.records.access import needs

_WORST_FIRST = ("problem", "attention", "watched", "ok", "idle")


@needs("instruments.view")
def instrument_list(request: HttpRequest) -> HttpResponse:
    """List every instrument, those that need somebody first."""
    on = clock.today()
    instruments = list(Instrument.objects.all())
    known = fitness_by_code(instruments)
    rows = [(row, standing(row, on), known[row.code]) for row in instruments]
    rows.sort(key=lambda row: _WORST_FIRST.index(row[1].kind))
    problems = sum(state.kind == "problem" for _row, state, _known in rows)
    context = {"rows": rows, "problem_count": problems}
    return render(request, "instruments/instrument_list.html", context)


@needs("instruments.view")
def instrument_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one instrument and whether it may be used today."""
    instrument = get_object_or_404(Instrument, code=code)
    on, fitness = clock.today(), fitness_by_code([instrument])[instrument.code]
    context = {
        "instrument": instrument,
        "standing": standing(instrument, on),
        "refusal": refusal_to_use(instrument, on),
        "fitness": fitness,
        "unfit": [one for one in fitness if one.is_unfit],
    }
    return render(request, "instruments/instrument.html", context)
