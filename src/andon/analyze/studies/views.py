"""Pages of the bench beside the generic ones: sheet, entry of readings, evidence."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from andon.analyze.studies.evidence import recompute
from andon.analyze.studies.figures import figures_of
from andon.analyze.studies.forms import FORMS, EvidenceForm
from andon.analyze.studies.models import Evidence, Study
from andon.analyze.studies.plans import plan_of
from andon.analyze.studies.services import enter_reading
from andon.analyze.studies.sheet import Run, missing_runs, sheet_of
from andon.analyze.studies.showing import plots_of, tables_of
from andon.records.access import needs
from andon.records.errors import Refused
from andon.records.models import Record
from andon.records.permissions import may, require
from andon.records.registry import own_type
from andon.records.views.common import actor_of
from andon.records.views.lines import line_page


@needs("study.view")
def write_line(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Show the form of the plan or of pasted readings; each asks for its own permission."""
    if name not in FORMS:
        raise Http404(name)
    return line_page(request, _study(number), FORMS[name])


@needs("study.view")
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Show the run sheet for printing: blind, or with the key for who leads the study."""
    study, operator = _study(number), request.GET.get("operator", "")
    is_key = bool(request.GET.get("key"))
    if is_key:
        require(actor_of(request), "study.work")
    runs = [run for run in sheet_of(study) if operator in ("", run.operator)]
    context = {
        "study": study, "runs": runs, "is_key": is_key, "operator": operator,
        "factors": _factors(study), "has_operators": _operators(study) != [],
    }  # fmt: skip
    return render(request, "studies/sheet.html", context)


@needs("study.enter")
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Enter one reading after the other; neither part nor earlier readings are shown."""
    study, operator = _study(number), request.GET.get("operator", "")
    run = _asked(request, study, operator)
    if request.method == "POST" and run is not None:
        return _entered(request, study, operator, run)
    return _entry(request, study, operator, run)


@needs("evidence.view")
def evidence_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show one evidence; `?again=1` computes it again and tells what differs."""
    evidence = get_object_or_404(Evidence.objects.select_related("record", "saved_by"), pk=key)
    require(actor_of(request), f"{evidence.record.kind}.view")
    context = {
        **shown_of(evidence), "evidence": evidence, "record": evidence.record,
        "again": recompute(evidence) if request.GET.get("again") else None,
    }  # fmt: skip
    return render(request, "studies/evidence.html", context)


@needs("evidence.save")
def add_evidence(request: HttpRequest, number: str) -> HttpResponse:
    """Save a statistic on any record as evidence."""
    record = own_type(get_object_or_404(Record, number=number.upper()))
    require(actor_of(request), f"{record.kind}.view")
    return line_page(request, record, EvidenceForm)


@needs("evidence.save")
def choose_record(request: HttpRequest) -> HttpResponse:
    """Ask on which record a selection is kept as evidence, and go there with it."""
    query = request.GET.copy()
    number = "".join(query.pop("record", [])).strip().upper()
    if number and Record.objects.filter(number=number).exists():
        address = reverse("add_evidence", args=[number])
        return redirect(f"{address}?{query.urlencode()}")
    context = {"number": number, "given": query.items()}
    return render(request, "studies/choose_record.html", context, status=404 if number else 200)


def shown_of(evidence: Evidence) -> dict[str, Any]:
    """Return figures, pictures and tables of an evidence."""
    plots = plots_of(evidence)
    return {
        "figures": figures_of(evidence), "wide": plots[: len(plots) % 2],
        "plots": plots[len(plots) % 2 :], "tables": tables_of(evidence),
    }  # fmt: skip


def _study(number: str) -> Study:
    rows = Study.objects.select_related("characteristic", "instrument", "machine")
    return get_object_or_404(rows, number=number.upper())


def _factors(study: Study) -> list[dict[str, Any]]:
    return plan_of(study).get("factors") or []


def _operators(study: Study) -> list[str]:
    return sorted({run.operator for run in sheet_of(study)} - {""})


def _asked(request: HttpRequest, study: Study, operator: str) -> Run | None:
    """Return the run of the address, else the operator's next one without a reading."""
    runs = {run.number: run for run in sheet_of(study) if operator in ("", run.operator)}
    given = request.GET.get("run", "") or request.POST.get("run", "")
    if given.isascii() and given.isdecimal():
        return runs.get(int(given[:9]))
    waiting = [number for number in missing_runs(study) if number in runs]
    return runs[waiting[0]] if waiting else None


def _entered(request: HttpRequest, study: Study, operator: str, run: Run) -> HttpResponse:
    text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
    try:
        enter_reading(study, run=run.number, text=text, actor=actor_of(request), reason=reason)
    except Refused as error:
        return _entry(request, study, operator, run, error)
    query = {"operator": operator} if operator else {}
    return redirect(f"{reverse('study_entry', args=[study.number])}?{urlencode(query)}")


def _entry(
    request: HttpRequest, study: Study, operator: str, run: Run | None, error: Any = None
) -> HttpResponse:
    runs = [each for each in sheet_of(study) if operator in ("", each.operator)]
    missing = set(missing_runs(study))
    settings = zip(_factors(study), run.settings if run else (), strict=False)
    context = {
        "study": study, "operator": operator, "run": run, "total": len(runs),
        "done": sum(each.number not in missing for each in runs),
        "operators": _operators(study), "settings": list(settings),
        "ratings": plan_of(study).get("ratings", []),
        "has_reading": run is not None and run.number not in missing,
        "typed": request.POST.get("text", ""), "error": error,
        "may_lead": may(request.user, "study.work"),
        "response": plan_of(study).get("response") or (study.characteristic or _("Reading")),
    }  # fmt: skip
    return render(request, "studies/entry.html", context, status=422 if error else 200)
