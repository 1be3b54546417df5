"""Evidence as people see it: its figures, pictures and tables, from the stored result alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from andon.analyze.studies.evidence import analysis_of
from andon.analyze.studies.figures import interval_words, of_index, result_of
from andon.analyze.studies.models import Evidence, Reading, Study
from andon.analyze.studies.planned_values import shown
from andon.analyze.studies.plans import FIELDS, plan_of
from andon.analyze.studies.sheet import Run, readings_of, sheet_of
from andon.analyze.studies.telling import Block, tell
from andon.pictures.registry import picture_of
from andon.pictures.wording import worded
from andon.records.errors import Refused
from andon.stats.capability import Capability
from andon.stats.capability_quantiles import QuantileCapability
from andon.stats.charts import ChartPair
from andon.stats.experiment_analysis import Experiment
from andon.stats.gauge_agreement import AttributeAgreement, Rate
from andon.stats.gauge_kappa import Kappa
from andon.stats.gauge_study import GaugeComponent, GaugeStudy
from andon.stats.results import Result
from andon.web.formats import fixed, significant

MOST_ROWS = 60
_COMPONENTS = {
    "repeatability": gettext_lazy("Repeatability"),
    "operator": gettext_lazy("Operator"),
    "interaction": gettext_lazy("Operator × part"),
    "reproducibility": gettext_lazy("Reproducibility"),
    "gauge": gettext_lazy("Measurement system"),
    "part": gettext_lazy("Parts"),
    "total": gettext_lazy("Total"),
}


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture: its heading and its specification, as wide as its place."""

    name: str
    title: str
    spec: dict[str, Any]


def plots_of(evidence: Evidence) -> list[Plot]:
    """Return the pictures of an evidence, one for each panel."""
    picture = _picture(evidence)
    if picture is None:
        return []
    made = []
    for place, panel in enumerate(picture.panels):
        spec = replace(picture, panels=(panel,), columns=1).spec
        view = {**spec["concat"][0], "width": "container"}
        view.pop("title", None)
        kept = {key: spec[key] for key in ("$schema", "config", "background", "padding")}
        kept["usermeta"] = {"table": panel.table}
        made.append(Plot(f"plot-{evidence.pk}-{place}", panel.title, {**kept, **view}))
    return made


def print_spec(evidence: Evidence) -> dict[str, Any] | None:
    """Return the whole picture of an evidence for a page of paper."""
    picture = _picture(evidence)
    return picture.spec if picture else None


def tables_of(evidence: Evidence) -> list[Block]:
    """Return the tables of an evidence: a gauge study's as quality engineers know it."""
    result = result_of(evidence)
    if isinstance(result, GaugeStudy):
        return [_components(result), *_anova(result)]
    if isinstance(result, Experiment):
        return [_effects(result), *_named(result, "rows")]
    if isinstance(result, Capability | QuantileCapability):
        heads = (_("Index"), _("Value"), _("95 % interval"))
        return [Block(_("Indices"), heads, [(f.label, f.value, f.note) for f in of_index(result)])]
    if isinstance(result, AttributeAgreement):
        return [_appraisers(result), _pairs(result)]
    if isinstance(result, ChartPair):
        return [block for block in tell(result).blocks if block.title.endswith("signals")
                and block.rows]  # fmt: skip
    return [
        replace(block, rows=block.rows[:MOST_ROWS])
        for block in tell(result).blocks
        if len(block.headers) > 1
    ]


def plan_rows(study: Study) -> list[tuple[str, str]]:
    """Return what the plan states, with the usual values, for people; not the seed of the order."""
    plan = plan_of(study)
    rows = []
    hidden = {"seed"} if plan.get("design") == "central composite" else {"seed", "axial"}
    for field in (each for each in FIELDS[study.method] if each.name not in hidden):
        words = dict(field.choices)
        value = plan[field.name]
        told = str(words.get(value, "")) if isinstance(value, str) else ""
        if text := told or shown(value):
            rows.append((str(field.label), text))
    return rows


def data_table(study: Study) -> Block | None:
    """Return the readings as a table: parts below each other, operators and trials beside."""
    runs, readings = sheet_of(study), readings_of(study)
    if not runs:
        return None
    if study.method == Study.Method.EXPERIMENT:
        return _runs_table(study, runs, readings)
    columns = sorted({(run.operator, run.trial) for run in runs})
    cells = {(run.part, run.operator, run.trial): readings[run.number].text
             for run in runs if run.number in readings}  # fmt: skip
    parts = sorted({run.part for run in runs})
    heads = tuple(f"{operator} {trial}".strip() for operator, trial in columns)
    rows = [(part, *(cells.get((part, *column), "") for column in columns)) for part in parts]
    used = [at for at in range(len(heads)) if any(row[at + 1] for row in rows)] or [0]
    rows = [(row[0], *(row[at + 1] for at in used)) for row in rows]
    return Block(_("Readings"), (_("Part"), *(heads[at] for at in used)), rows)


def _runs_table(study: Study, runs: tuple[Run, ...], readings: dict[int, Reading]) -> Block:
    names = [factor["name"] for factor in plan_of(study)["factors"]]
    rows = [
        (
            str(run.number),
            *map(significant, run.settings),
            readings[run.number].text if run.number in readings else "",
        )
        for run in runs
    ]
    return Block(_("Runs"), (_("Run"), *names, _("Response")), rows)


def _picture(evidence: Evidence) -> Any:
    try:
        inputs = analysis_of(evidence).inputs
    except Refused:
        inputs = {}
    drawn = picture_of(result_of(evidence), inputs)
    return worded(drawn, gettext) if drawn else None


def _components(result: GaugeStudy) -> Block:
    heads = (
        _("Source"), _("Standard deviation"), _("% of variance"), _("% of study variation"),
        _("% of tolerance"),
    )  # fmt: skip
    return Block(_("Where the variation comes from"), heads, list(map(_row, result.components)))


def _row(one: GaugeComponent) -> tuple[str, ...]:
    return (
        str(_COMPONENTS.get(one.name, one.name)), significant(one.standard_deviation),
        fixed(one.contribution, 1), fixed(one.percent_study, 1), fixed(one.percent_tolerance, 1),
    )  # fmt: skip


def _anova(result: GaugeStudy) -> Iterator[Block]:
    if not result.anova:
        return
    heads = (_("Source"), _("Degrees"), _("Mean square"), "F", "p")
    rows: list[tuple[str, ...]] = [
        (str(_COMPONENTS.get(row.source, row.source)), fixed(row.degrees),
         significant(row.mean_square), _figure(row.f), _p(row.p))
        for row in result.anova
    ]  # fmt: skip
    yield Block(_("Analysis of variance"), heads, rows)


def _effects(result: Experiment) -> Block:
    heads = (_("Effect"), _("From low to high"), _("95 % interval"), "p")
    rows: list[tuple[str, ...]] = [
        (one.term, significant(one.effect), interval_words(one.interval), _p(one.p_value))
        for one in result.effects
    ]
    return Block(_("Effects"), heads, rows)


def _appraisers(result: AttributeAgreement) -> Block:
    heads = (
        _("Appraiser"), _("Always alike"), _("Every trial right"), _("Bad parts accepted"),
        _("Good parts rejected"), _("Kappa against the truth"),
    )  # fmt: skip
    rows: list[tuple[str, ...]] = [
        (one.name, _rate(one.repeated), _rate(one.effectiveness), _rate(one.miss),
         _rate(one.false_alarm), _kappa(one.against_reference))
        for one in result.appraisers
    ]  # fmt: skip
    return Block(_("Appraisers"), heads, rows)


def _pairs(result: AttributeAgreement) -> Block:
    heads = (_("Appraisers"), _("and"), _("Kappa"))
    return Block(
        _("Appraisers among themselves"), heads,
        [(one.first, one.second, _kappa(one.kappa)) for one in result.between],
    )  # fmt: skip


def _rate(rate: Rate | None) -> str:
    return "" if rate is None else f"{fixed(100 * rate.share, 1)} %"


def _kappa(kappa: Kappa | None) -> str:
    if kappa is None:
        return ""
    return f"{fixed(kappa.kappa, 2)} ({interval_words(kappa.interval, digits=2)})"


def _named(result: Result, name: str) -> list[Block]:
    return [block for block in tell(result).blocks if block.title == name]


def _figure(value: float | None) -> str:
    return "" if value is None else significant(value, 3)


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return "< 0.001" if value < 0.001 else fixed(value, 3)
