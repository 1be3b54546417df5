"""Pages: what drives a characteristic, and the Pareto of defects."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.analyze.drivers.asking import look_of, question_of
from andon.analyze.drivers.pareto import COST, ParetoTold, pareto
from andon.analyze.drivers.ranking import rank
from andon.analyze.drivers.words import MEASURES, driver_rows, factor_word, in_words
from andon.organization.products.models import Characteristic
from andon.records.access import needs
from andon.web.formats import fixed, percent


@needs("drivers.view")
def drivers(request: HttpRequest) -> HttpResponse:
    """Rank the factors of a characteristic between two days."""
    known = Characteristic.objects.filter(is_active=True).select_related("process")
    asked = request.GET.dict()
    if not asked.get("characteristic"):
        first = known.first()
        asked["characteristic"] = first.code if first else ""
    context: dict[str, Any] = {"characteristics": known, "title": _("Pareto and drivers")}
    if asked["characteristic"]:
        context |= _ranked(asked)
    return render(request, "drivers/drivers.html", context)


@needs("drivers.view")
def show_pareto(request: HttpRequest) -> HttpResponse:
    """Show which defects make up most."""
    look = look_of(request.GET.dict())
    told = pareto(look)
    context = {
        "look": look, "told": told, "title": _pareto_title(told, is_cost=look.measure == COST),
        "drills": [(name, factor_word(name)) for name in told.factors],
        "defects": Characteristic.objects.filter(kind=Characteristic.Kind.ATTRIBUTE),
        "names": dict(Characteristic.objects.values_list("code", "name")),
        "bars": _bars(told),
        "has_before": look.before_since is not None,
    }  # fmt: skip
    return render(request, "drivers/pareto.html", context)


def _ranked(asked: dict[str, str]) -> dict[str, Any]:
    question = question_of(asked)
    found = rank(question)
    return {
        "question": question, "ranked": found, "rows": driver_rows(found),
        "words": in_words(found), "measure": MEASURES[found.measure],
        "untested": [factor_word(line.factor) for line in found.of("not testable")],
        "title": _("What drives %(name)s") % {"name": question.characteristic.name.lower()},
        "days": f"{date_format(found.since, 'j M Y')} – {date_format(found.until, 'j M Y')}",
    }  # fmt: skip


def _pareto_title(told: ParetoTold, *, is_cost: bool) -> str:
    if not told.bars:
        return _("No defect was counted in these days")
    first = told.bars[0]
    name = Characteristic.objects.filter(code=first.cause).values_list("name", flat=True).first()
    values = {"cause": name or first.cause, "share": percent(first.share)}
    if is_cost:
        return _("%(cause)s makes up %(share)s of the cost of defects") % values
    return _("%(cause)s makes up %(share)s of the defects") % values


def _bars(told: ParetoTold) -> list[dict[str, Any]]:
    names = dict(Characteristic.objects.values_list("code", "name"))
    most = max((bar.share for bar in told.bars), default=1.0) or 1.0
    return [
        {
            "bar": bar, "name": names.get(bar.cause, bar.cause), "length": bar.share / most,
            "interval": f"{percent(bar.low)}–{percent(bar.high)}",
            "change": _change(bar.ratio, bar.ratio_low, bar.ratio_high),
        }
        for bar in told.bars
    ]  # fmt: skip


def _change(ratio: float | None, low: float | None, high: float | None) -> str:
    if ratio is None or low is None or high is None:
        return ""
    return f"×{fixed(ratio, 2)} ({fixed(low, 2)}–{fixed(high, 2)})"
