"""Pages of the floor: choose a sample, enter it, see what it says."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from andon.analyze.monitoring.models import Signal
from andon.analyze.monitoring.services import acknowledge
from andon.board.capture import Sample, Station, submission_key
from andon.board.capture_chart import last_results, last_samples, small_chart
from andon.board.capture_signals import reaction_to, recent_signals
from andon.board.due import Moment, due_samples, sample_words
from andon.control.instruments.fitness import InstrumentFitness, fitness_by_code
from andon.control.instruments.queries import standing
from andon.control.plans.queries import reaction_for
from andon.history import log
from andon.identify.measurements.services import record
from andon.identify.measurements.submission import Outcome
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic, Lot
from andon.records import clock
from andon.records.access import needs
from andon.records.errors import Conflict, Refused
from andon.records.permissions import may
from andon.records.views.common import actor_of

_SENT = "captured"
"""Where the session keeps what the last sample was answered."""


@needs("measurements.record")
def choose(request: HttpRequest) -> HttpResponse:
    """Offer the samples that are due, or those of a scanned lot, machine or characteristic."""
    asked = request.GET.get("q", "").strip()[:80]
    lot = (
        Lot.objects.filter(code__iexact=asked).select_related("machine").first() if asked else None
    )
    machines = _machines_asked(asked, lot)
    groups = due_samples(machines, lot=lot.code if lot else "")
    samples = [sample for group in groups for sample in group.samples]
    if lot and len(samples) == 1:
        return redirect(samples[0].url)
    context = {
        "asked": asked, "lot": lot, "groups": groups,
        "count": sum(sample.is_due for sample in samples),
        "is_unknown": bool(asked) and not samples, "moment": _moment_words(),
        "may_import": may(request.user, "measurements.import"),
    }  # fmt: skip
    return render(request, "board/capture_choose.html", context)


@needs("measurements.record")
def capture(request: HttpRequest, characteristic: str, machine: str) -> HttpResponse:
    """Take one sample: show its form, or send it through the door."""
    station = station_or_404(characteristic, machine)
    if request.method != "POST":
        sample = Sample.empty(station, lot=_lot(request, station), instrument=_instrument(station))
        return _form(request, station, sample)
    sample = Sample.of(request.POST, _count(station))
    actor = actor_of(request)
    try:
        outcome = record(
            sample.rows(station, actor=actor), actor=actor, key=submission_key(sample, actor=actor)
        )
    except Refused as error:
        told = [(refusal.field, str(refusal.message)) for refusal in error.refusals]
        return _form(request, station, sample, errors=_placed(told), status=422)
    except Conflict as error:
        return _form(request, station, sample, errors={"instrument": [str(error)]}, status=409)
    _remember(request, station, sample, outcome)
    return redirect("capture_sent", characteristic=characteristic, machine=machine)


@needs("measurements.record")
def sent(request: HttpRequest, characteristic: str, machine: str) -> HttpResponse:
    """Show what the sample just sent says, and lead to the next one."""
    station = station_or_404(characteristic, machine)
    told = request.session.get(_SENT)
    if not told or told["station"] != [characteristic, machine]:
        return redirect("capture", characteristic=characteristic, machine=machine)
    shared = _shared(request, station)
    is_waiting = told["kind"] == "ok" and shared["reaction"] is not None
    context = {
        **shared, "told": told, "kind": "attention" if is_waiting else told["kind"],
        "numbers": told["numbers"], "stored": _stored_words(told),
        "again": _address(station, told["lot"]),
        "others": [s for g in due_samples([station.machine]) for s in g.samples if s.is_due],
    }  # fmt: skip
    return render(request, "board/capture_sent.html", context)


@require_POST
@needs("monitoring.acknowledge")
def acknowledge_signals(request: HttpRequest, characteristic: str, machine: str) -> HttpResponse:
    """Acknowledge the signals of a station's newest subgroup with the words of the plan."""
    station = station_or_404(characteristic, machine)
    reaction = reaction_for(station.characteristic, station.machine) or _("Seen and checked.")
    signals: list[Signal] = recent_signals(station)
    for signal in signals:
        acknowledge(signal, actor=actor_of(request), reaction=reaction)
    if signals:
        messages.success(request, _("Acknowledged: the reaction is noted at the signal."))
    return redirect("capture", characteristic=characteristic, machine=machine)


def station_or_404(characteristic: str, machine: str) -> Station:
    """Return the station of an address."""
    return Station(
        get_object_or_404(Characteristic.objects.select_related("process"), code=characteristic),
        get_object_or_404(Machine.objects.select_related("process"), code=machine),
    )


def _machines_asked(asked: str, lot: Lot | None) -> list[Machine]:
    """Return the machines that a scan means: the lot's, the one named, those of a check."""
    active = Machine.objects.filter(is_active=True).prefetch_related("shifts")
    if not asked:
        return list(active)
    if lot is not None:
        return list(active.filter(pk=lot.machine_id)) if lot.machine_id else list(active)
    found = active.filter(code__iexact=asked) or active.filter(name__icontains=asked)
    if found:
        return list(found)
    named = Characteristic.objects.filter(is_active=True)
    meant = named.filter(code__iexact=asked) or named.filter(name__icontains=asked)
    return list(active.filter(process__in=meant.values("process")))


def _form(
    request: HttpRequest,
    station: Station,
    sample: Sample,
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    counted = station.counted() if station.characteristic.is_counted else []
    boxes = [
        {
            "number": place, "name": f"value-{place}", "text": text,
            "errors": errors.get(f"rows.{place}", ()),
            "label": counted[place - 1] if counted else "",
        }
        for place, text in enumerate(sample.texts, start=1)
    ]  # fmt: skip
    fitness = _fitness(station)
    context = {
        **_shared(request, station), "sample": sample, "boxes": boxes, "errors": errors,
        "instruments": _instruments(station, sample.instrument, fitness), "fitness": fitness,
        "unfit": [one for one in fitness if one.is_unfit],
        "now": clock.now().isoformat(),
    }  # fmt: skip
    name = "board/capture_count.html" if counted else "board/capture.html"
    return render(request, name, context, status=status)


def _shared(request: HttpRequest, station: Station) -> dict[str, Any]:
    """Return what the form and its answer both show."""
    groups = last_samples(station)
    chart = small_chart(station, groups)
    told = request.session.get(_SENT) or {}
    return {
        "station": station, "characteristic": station.characteristic, "machine": station.machine,
        "plan": sample_words(station.line), "moment": _moment_words(),
        "reaction": reaction_to(station) if may(request.user, "monitoring.acknowledge") else None,
        "chart": chart, "results": last_results(station),
        "last_sent": told.get("at", ""),
        "report_url": _report_url(station),
    }  # fmt: skip


def _remember(request: HttpRequest, station: Station, sample: Sample, outcome: Outcome) -> None:
    """Keep the answer for the page that shows it; one that was sent again keeps its first."""
    kept = request.session.get(_SENT) or {}
    if outcome.repeated and kept.get("key") == sample.key:
        return
    is_count = station.characteristic.is_counted
    numbers = [] if is_count else sample.numbers()
    mean = station.judged_mean(numbers)
    values = _judged_values(station, sample)
    kinds = [value["kind"] for value in values] + ([mean[1]] if mean else [])
    notes = [asdict(note) for note in outcome.notes]
    kinds += ["attention" for _note in notes]
    request.session[_SENT] = {
        "key": sample.key, "station": [station.characteristic.code, station.machine.code],
        "lot": sample.lot, "inspected": sample.inspected, "stored": outcome.stored,
        "numbers": numbers, "mean": mean, "values": values, "notes": notes,
        "is_repeated": bool(outcome.repeated), "at": _time(),
        "kind": next((kind for kind in ("problem", "attention") if kind in kinds), "ok"),
    }  # fmt: skip


def _stored_words(told: dict[str, Any]) -> str:
    words = ngettext("%(n)d result is stored", "%(n)d results are stored", told["stored"])
    said = f"{words % {'n': told['stored']}} · {told['at']}"
    again = _("They were stored before; nothing was doubled.")
    return f"{said}. {again}" if told["is_repeated"] else said


def _judged_values(station: Station, sample: Sample) -> list[dict[str, str]]:
    if station.characteristic.is_counted:
        return [
            {"label": one.name, "text": text.strip() or "0", "kind": "ok", "word": ""}
            for one, text in zip(station.counted(), sample.texts, strict=True)
        ]
    judged = [(text.strip(), *station.judged(text)) for text in sample.texts]
    return [{"label": "", "text": text, "kind": kind, "word": word} for text, kind, word in judged]


def _placed(told: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Put each refusal beside its field: a value's box, or the field all records share."""
    places: dict[str, list[str]] = {}
    for field, message in told:
        parts = field.split(".")
        is_value = len(parts) == 3 and parts[2] == "value"
        place = f"rows.{parts[1]}" if is_value else parts[-1]
        if message not in places.setdefault(place, []):
            places[place].append(message)
    return places


def _fitness(station: Station) -> list[InstrumentFitness]:
    """Return how fit the instruments of a station are for what is measured there."""
    known = fitness_by_code(station.instruments())
    own = station.characteristic.code
    return [one for found in known.values() for one in found if one.characteristic == own]


def _instruments(
    station: Station, chosen: str, fitness: list[InstrumentFitness]
) -> list[dict[str, Any]]:
    told, fit = [], {one.instrument: one for one in fitness}
    for one in station.instruments():
        how = standing(one, clock.today())
        is_chosen = one.code == chosen
        told.append({"code": one.code, "kind": how.kind, "words": how.words, "chosen": is_chosen,
                     "fitness": fit.get(one.code)})  # fmt: skip
    return told


def _instrument(station: Station) -> str:
    """Return the instrument used last where the plan names it, else the best of those named."""
    offered = _instruments(station, "", _fitness(station))
    codes = [one["code"] for one in sorted(offered, key=_is_worse)]
    last = log.tail(station.stream.code, 1)["instrument"].to_list() if station.stream else []
    used = last[0] if last else ""
    return used if used in codes else (codes[0] if codes and station.line else "")


def _is_worse(told: dict[str, Any]) -> tuple[bool, bool]:
    is_unfit = told["fitness"] is not None and told["fitness"].is_unfit
    return told["kind"] not in ("ok", "attention"), is_unfit


def _lot(request: HttpRequest, station: Station) -> str:
    """Return the scanned lot, or the one that this shift is measuring here already."""
    asked = request.GET.get("lot", "").strip()[:80]
    if asked or station.stream is None:
        return asked
    last = log.tail(station.stream.code, 1).select("lot", "measured_at").rows()
    return str(last[0][0]) if last and last[0][1] >= Moment.now().shift_since else ""


def _count(station: Station) -> int:
    return len(station.counted()) if station.characteristic.is_counted else station.size


def _address(station: Station, lot: str) -> str:
    address = reverse("capture", args=[station.characteristic.code, station.machine.code])
    return f"{address}?{urlencode({'lot': lot})}" if lot else address


def _report_url(station: Station) -> str:
    """Return the address of the report, with what is known here filled in."""
    told = {
        "characteristic": station.characteristic.code, "machine": station.machine.code,
        "defect": station.characteristic.name, "location": station.machine.code,
    }  # fmt: skip
    return f"/nc/new/?{urlencode(told)}"


def _moment_words() -> str:
    """Return shift and day, such as Early shift · 13 March."""
    moment = Moment.now()
    day = date_format(moment.at.astimezone(clock.site_zone()), "j F")
    return " · ".join([moment.shift.name if moment.shift else _("no shift runs"), day])


def _time() -> str:
    return date_format(clock.now().astimezone(clock.site_zone()), "H:i")
