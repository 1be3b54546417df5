"""Evidence as people see it: its figures, pictures and tables, from the stored result alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.analyze.studies.evidence import analysis_of
from andon.analyze.studies.models import Evidence, Reading, Study
from andon.analyze.studies.planned_values import shown
from andon.analyze.studies.plans import FIELDS, plan_of
from andon.analyze.studies.sheet import Run, readings_of, sheet_of
from andon.analyze.studies.telling import Block, tell
from andon.pictures.registry import picture_of
from andon.records.errors import Refused
from andon.stats import catalogue
from andon.stats.capability import Capability
from andon.stats.capability_quantiles import QuantileCapability
from andon.stats.charts import ChartPair
from andon.stats.experiment_analysis import Experiment
from andon.stats.gauge_study import GaugeComponent, GaugeStudy
from andon.stats.results import Interval, Result
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
class Figure:
    """A number that matters, with what it is and how sure."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture: its heading and its specification, as wide as its place."""

    name: str
    title: str
    spec: dict[str, Any]


def result_of(evidence: Evidence) -> Result:
    """Return the result of an evidence as the statistic gave it."""
    function = catalogue.describe(evidence.method).function
    returned = get_type_hints(function).get("return")
    is_result = isinstance(returned, type) and issubclass(returned, Result)
    kind: type[Result] = returned if is_result else catalogue.Answer  # type: ignore[assignment]
    return kind.from_dict(evidence.result)


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
        return [Block(_("Indices"), heads, [(f.label, f.value, f.note) for f in _of_index(result)])]
    if isinstance(result, ChartPair):
        return [block for block in tell(result).blocks if block.title.endswith("signals")
                and block.rows]  # fmt: skip
    return [
        replace(block, rows=block.rows[:MOST_ROWS])
        for block in tell(result).blocks
        if len(block.headers) > 1
    ]


def figures_of(evidence: Evidence) -> list[Figure]:
    """Return the few numbers that matter."""
    result: Any = result_of(evidence)
    maker = _FIGURES.get(evidence.method)
    if maker is None:
        return [Figure(row[0], row[1]) for row in tell(result).figures[:6]]
    figures: list[Figure] = maker(result)
    return figures


def plan_rows(study: Study) -> list[tuple[str, str]]:
    """Return what the plan states, with the usual values, for people; not the seed of the order."""
    plan = plan_of(study)
    rows = []
    for field in (each for each in FIELDS[study.method] if each.name != "seed"):
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
    return picture_of(result_of(evidence), inputs)


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
        (one.term, significant(one.effect), _interval(one.interval), _p(one.p_value))
        for one in result.effects
    ]
    return Block(_("Effects"), heads, rows)


def _named(result: Result, name: str) -> list[Block]:
    return [block for block in tell(result).blocks if block.title == name]


def _figure(value: float | None) -> str:
    return "" if value is None else significant(value, 3)


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return "< 0.001" if value < 0.001 else fixed(value, 3)


def _interval(interval: Interval | None, digits: int | None = None) -> str:
    if interval is None:
        return ""
    ends = (interval.low, interval.high)
    return " – ".join(significant(end) if digits is None else fixed(end, digits) for end in ends)


def _of_gauge(result: GaugeStudy) -> list[Figure]:
    interval = _interval(result.percent_study_interval, 1)
    return [
        Figure(_("of the study variation"), f"{fixed(result.percent_study, 1)} %",
               interval or _("below 10 good, above 30 not usable")),
        *([Figure(_("of the tolerance"), f"{fixed(result.percent_tolerance, 1)} %",
                  _("below 10 good, above 30 not usable"))]
          if result.percent_tolerance is not None else []),
        Figure(_("classes told apart"), str(result.categories or "–"), _("at least 5")),
    ]  # fmt: skip


def _of_type_one(result: Any) -> list[Figure]:
    least = _("at least %(n)s") % {"n": fixed(result.options["least_index"], 2)}
    return [
        Figure("Cg", fixed(result.cg, 2), _interval(result.cg_interval, 2)),
        Figure("Cgk", fixed(result.cgk, 2), least),
        Figure(_("Bias"), significant(result.bias), _interval(result.bias_interval)),
    ]


def _of_bias(result: Any) -> list[Figure]:
    return [
        Figure(_("Bias"), significant(result.bias), _interval(result.interval)),
        Figure(_("of the tolerance"), f"{fixed(result.percent_tolerance, 1)} %"),
        Figure(_("Repeatability"), significant(result.repeatability_sd), f"n = {result.count}"),
    ]


def _of_index(result: Any) -> list[Figure]:
    names = ("Cp", "Cpk", "Pp", "Ppk") if hasattr(result, "cpk") else ("Pp", "Ppk")
    named = [(name, getattr(result, name.lower())) for name in names]
    return [
        Figure(name, fixed(one.value, 2), _interval(one.interval, 2)) for name, one in named if one
    ]


def _of_agreement(result: Any) -> list[Figure]:
    right = result.all_right
    return [
        Figure("Kappa", fixed(result.fleiss.kappa, 2), _("at least 0.75")),
        Figure(_("all agree"), f"{fixed(100 * result.all_agree.share, 1)} %"),
        *([Figure(_("all right"), f"{fixed(100 * right.share, 1)} %")] if right else []),
    ]


def _of_experiment(result: Experiment) -> list[Figure]:
    return [
        Figure(one.term, significant(one.effect), _interval(one.interval))
        for one in result.effects[:3]
    ] + [Figure("R²", f"{fixed(100 * result.r_squared, 1)} %", _("explained"))]


_FIGURES: dict[str, Any] = {
    "gauge_crossed": _of_gauge, "gauge_average_range": _of_gauge, "gauge_nested": _of_gauge,
    "gauge_type1": _of_type_one, "gauge_bias": _of_bias, "capability": _of_index,
    "quantile_capability": _of_index, "attribute_agreement": _of_agreement,
    "analyze_experiment": _of_experiment,
}  # fmt: skip
