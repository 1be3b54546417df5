"""Pages: control plans, one plan with its lines, and loading or exporting master data."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from andon.control.plans.master_data import LoadReport, export_master, load_master
from andon.control.plans.models import ControlPlan, PlanLine
from andon.control.plans.queries import chart_for
from andon.records.access import needs
from andon.records.models import Account

_LARGEST_FILE = 5 * 1024 * 1024
_TYPES = {
    "toml": "application/toml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@needs("plans.view")
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the control plans with their revision."""
    plans = ControlPlan.objects.select_related("product").annotate(line_count=Count("lines"))
    return render(request, "plans/plan_list.html", {"plans": plans})


@needs("plans.view")
def plan_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a plan: what is checked where and how often, by which chart, and how to react."""
    plan = get_object_or_404(ControlPlan.objects.select_related("product"), code=code)
    lines = (
        PlanLine.objects.filter(plan=plan)
        .select_related("characteristic__process", "machine")
        .prefetch_related("instruments")
    )
    context = {"plan": plan, "rows": [(line, chart_for(line)) for line in lines]}
    return render(request, "plans/plan.html", context)


@needs("master_data.load")
def master_data(request: HttpRequest) -> HttpResponse:
    """Take in a master data file and tell what it did; and offer the present state as a file."""
    given = request.FILES.get("file")
    report = _loaded(given, cast("Account", request.user)) if given else None
    status = 422 if report and report.refused else 200
    context = {"report": report, "name": given.name if given else ""}
    return render(request, "plans/master_data.html", context, status=status)


@needs("master_data.export")
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Give all master data as one TOML or XLSX file."""
    if suffix not in _TYPES:
        raise Http404
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"master-data.{suffix}"
        export_master(path)
        response = HttpResponse(path.read_bytes(), content_type=_TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return response


def _loaded(given: "UploadedFile[bytes]", actor: Account) -> LoadReport:
    """Load an uploaded file under its own name, so that refusals name it."""
    name = Path(given.name or "file").name
    if (given.size or 0) > _LARGEST_FILE:
        return LoadReport(refused=[(name, _("A master data file has at most 5 MB."))])
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(given.read())
        return load_master(path, actor=actor)
