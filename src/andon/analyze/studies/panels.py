"""What the page of a study shows: verdict in words, then pictures, then tables."""

from string import ascii_uppercase
from typing import Any

from django.http import HttpRequest

from andon.analyze.studies.experiments import design_of
from andon.analyze.studies.figures import figures_of
from andon.analyze.studies.fitness import KINDS
from andon.analyze.studies.models import Study
from andon.analyze.studies.plans import check_plan, plan_of
from andon.analyze.studies.sheet import missing_runs, sheet_of
from andon.analyze.studies.showing import data_table, plan_rows, plots_of, tables_of
from andon.control.plans.models import PlanLine
from andon.records.permissions import may

_WITH_CHARTS = ("capability",)
"""Methods whose own picture already shows the charts of the process."""


def context(record: Study, request: HttpRequest) -> dict[str, Any]:
    """Return what the panels of a study show."""
    works = record.closed_at is None and may(request.user, "study.work")
    return {
        "plan": plan_rows(record),
        "aliases": _aliases(record),
        "may_plan": works and record.state == "planned",
        "may_lead": works,
        "may_enter": may(request.user, "study.enter"),
        **(_progress(record) if record.state == "running" else {}),
        **(_verdict(record) if record.verdict else {}),
    }


def _aliases(study: Study) -> tuple[int, list[str]] | None:
    """Return the resolution, and what a fraction cannot tell apart, once its plan is whole."""
    if study.method != Study.Method.EXPERIMENT or any(check_plan(study)):
        return None
    found = design_of(study).aliases
    if found is None:
        return None
    names = [factor["name"] for factor in plan_of(study)["factors"]]
    letters = ", ".join(
        f"{letter} {name}" for letter, name in zip(ascii_uppercase, names, strict=False)
    )
    shared = [" = ".join(group) for group in found.groups if len(group) > 1]
    return found.resolution, [letters, *shared]


def _progress(study: Study) -> dict[str, Any]:
    runs, missing = sheet_of(study), set(missing_runs(study))
    operators = sorted({run.operator for run in runs})
    return {
        "total": len(runs),
        "done": len(runs) - len(missing),
        "by_operator": [
            {
                "name": name,
                "total": sum(run.operator == name for run in runs),
                "left": sum(run.operator == name and run.number in missing for run in runs),
            }
            for name in operators
        ],
    }


def _verdict(study: Study) -> dict[str, Any]:
    """Return the claim as a headline, the rest of the words, and what they rest on."""
    claim, _stop, rest = study.words.partition(". ")
    kept = list(study.evidence.all())
    main = kept[0]
    pictured = kept[:1] if main.method in _WITH_CHARTS else kept
    plots = [plot for one in pictured for plot in plots_of(one)]
    return {
        "claim": claim.rstrip("."),
        "rest": rest,
        "kind": KINDS[study.verdict],
        "figures": figures_of(main),
        "wide": plots[:1] if len(plots) % 2 else [],
        "plots": plots[len(plots) % 2 :],
        "tables": [table for one in kept for table in tables_of(one)],
        "data": data_table(study),
        "lines": _naming_lines(study),
    }


def _naming_lines(study: Study) -> list[PlanLine]:
    """Return the plan lines that name an instrument which its study speaks against."""
    if study.verdict != Study.Verdict.NOT_USABLE or study.instrument is None:
        return []
    lines = PlanLine.objects.filter(
        characteristic=study.characteristic, instruments=study.instrument, plan__is_effective=True
    )
    return list(lines.select_related("plan", "machine", "characteristic"))
