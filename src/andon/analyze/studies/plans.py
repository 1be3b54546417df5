"""What the plan of each kind of study states: fields, usual values, and what must not be missing.

A plan comes from a form as texts and from the interface as JSON; both are read by `read_plan`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.analyze.studies import planned_values as read
from andon.analyze.studies.models import Study
from andon.records.errors import Refused
from andon.records.workflow import Label, Refusal

_M = Study.Method
MOST_RUNS = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a plan."""

    name: str
    label: Label
    read: Callable[[Any], Any]
    usual: Any = None
    hint: Label = ""
    choices: tuple[tuple[str, Label], ...] = ()
    is_required: bool = False
    is_long: bool = False


_PARTS = Field("parts", gettext_lazy("Parts"), read.count(2, 100), 10)
_TRIALS = Field("trials", gettext_lazy("Trials"), read.count(2, 100), 3)
_OPERATORS = Field(
    "operators", gettext_lazy("Operators"), read.names(2, 20), ["A", "B", "C"],
    gettext_lazy("names or roles, separated by commas"),
)  # fmt: skip
_SEED = Field(
    "seed", gettext_lazy("Seed of the order"), read.count(0, 2**53),
    hint=gettext_lazy("drawn by lot when empty; written on the sheet afterwards"),
)  # fmt: skip
_REFERENCE = Field(
    "reference", gettext_lazy("Reference value"), read.number, is_required=True,
    hint=gettext_lazy("the true value of the part, from a better measurement"),
)  # fmt: skip
_SPREAD = Field(
    "process_sd", gettext_lazy("Known process standard deviation"), read.positive,
    hint=gettext_lazy("when the parts do not span the process; else it is estimated from them"),
)  # fmt: skip
_SINCE = Field("since", gettext_lazy("From"), read.day, is_required=True)
_UNTIL = Field("until", gettext_lazy("To"), read.day, is_required=True)
_COMPUTED = Field(
    "computed_by", gettext_lazy("Computed by"), read.choice("anova", "average and range"), "anova",
    choices=(
        ("anova", gettext_lazy("analysis of variance")),
        ("average and range", gettext_lazy("average and range")),
    ),
)  # fmt: skip
_DESIGNS: tuple[tuple[str, Label], ...] = (
    ("factorial", gettext_lazy("two-level factorial, full or fractional")),
    ("plackett-burman", "Plackett–Burman"),
    ("central composite", gettext_lazy("central composite")),
    ("box-behnken", "Box–Behnken"),
)
_EXPERIMENT = (
    Field("design", gettext_lazy("Design"), read.choice(*(name for name, _label in _DESIGNS)),
          "factorial", choices=_DESIGNS),
    Field("factors", gettext_lazy("Factors"), read.factors, is_required=True, is_long=True,
          hint=gettext_lazy("one per line: name; low; high; unit")),
    Field("generators", gettext_lazy("Generators"), read.names(0, 12), [],
          gettext_lazy("of a fraction, such as D=ABC; letters in the order of the factors")),
    Field("replicates", gettext_lazy("Replicates"), read.count(1, 20), 1),
    Field("center_points", gettext_lazy("Centre points"), read.count(0, 50), 3),
    Field("axial", gettext_lazy("Axial points"), read.choice("rotatable", "faced"), "rotatable",
          gettext_lazy("of a central composite design"),
          choices=(("rotatable", gettext_lazy("beyond low and high (rotatable)")),
                   ("faced", gettext_lazy("at low and high (faced)")))),
    Field("response", gettext_lazy("Response"), read.text(80), "",
          gettext_lazy("what is measured, with its unit; else the characteristic")),
    Field("goal", gettext_lazy("Goal"), read.choice("maximum", "minimum"), "maximum",
          choices=(("maximum", gettext_lazy("as large as possible")),
                   ("minimum", gettext_lazy("as small as possible")))),
    _SEED,
)  # fmt: skip

FIELDS: Mapping[str, tuple[Field, ...]] = {
    _M.TYPE_ONE: (_REFERENCE, Field("trials", gettext_lazy("Trials"), read.count(10, 200), 50)),
    _M.BIAS: (_REFERENCE, Field("trials", gettext_lazy("Trials"), read.count(5, 200), 15)),
    _M.LINEARITY: (
        Field("references", gettext_lazy("Reference values"), read.numbers(2, 20),
              is_required=True, hint=gettext_lazy("one for each part, separated by semicolons")),
        Field("trials", gettext_lazy("Trials"), read.count(2, 100), 12), _SPREAD, _SEED,
    ),
    _M.STABILITY: (
        Field("sessions", gettext_lazy("Sessions"), read.count(3, 200), 20),
        Field("trials", gettext_lazy("Readings in each session"), read.count(2, 9), 3),
        Field("reference", gettext_lazy("Reference value"), read.number),
    ),
    _M.CROSSED: (_PARTS, _OPERATORS, _TRIALS, _COMPUTED, _SPREAD, _SEED),
    _M.NESTED: (
        Field("parts", gettext_lazy("Parts of each operator"), read.count(2, 100), 5),
        _OPERATORS, _TRIALS, _SPREAD, _SEED,
    ),
    _M.AGREEMENT: (
        Field("parts", gettext_lazy("Parts"), read.count(2, 200), 50), _OPERATORS, _TRIALS,
        Field("ratings", gettext_lazy("Ratings"), read.names(2, 10), ["good", "bad"],
              gettext_lazy("the words that may be chosen, separated by commas")),
        Field("references", gettext_lazy("Right ratings"), read.names(0, 200), [],
              gettext_lazy("one for each part in its order, separated by commas"), is_long=True),
        Field("rejected", gettext_lazy("The rating that rejects"), read.text(60), "bad"),
        _SEED,
    ),
    _M.CAPABILITY: (_SINCE, _UNTIL),
    _M.EXPERIMENT: _EXPERIMENT,
}  # fmt: skip


def read_plan(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan of what was given, text or JSON; all that cannot be read is told."""
    fields = {field.name: field for field in FIELDS[method]}
    refusals = [
        Refusal(_("A plan of this method has no “%(name)s”.") % {"name": name[:40]}, name)
        for name in given.keys() - fields.keys()
    ]
    plan: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            plan[name] = _read(field, given.get(name))
        except ValueError as error:
            refusals.append(Refusal(f"{field.label}: {error}", name))
    if refusals:
        raise Refused(refusals)
    return {name: value for name, value in plan.items() if value is not None}


def plan_of(study: Study) -> dict[str, Any]:
    """Return every value of a study's plan, the usual one where none is stated."""
    stated = study.plan
    return {f.name: stated.get(f.name, f.usual) for f in FIELDS[study.method]}


def check_plan(study: Study) -> Iterator[Refusal]:
    """Yield what the plan lacks before the sheet can be drawn."""
    plan = plan_of(study)
    for field in FIELDS[study.method]:
        if field.is_required and plan[field.name] in (None, "", []):
            yield Refusal(_("The plan lacks “%(name)s”.") % {"name": field.label}, field.name)
    yield from _check_subject(study)
    yield from _check_numbers(study, plan)


def _check_subject(study: Study) -> Iterator[Refusal]:
    if study.is_of_gauge and study.instrument is None and study.method != _M.AGREEMENT:
        yield Refusal(_("Name the instrument that is studied."), "instrument")
    characteristic = study.characteristic
    if characteristic is None:
        if study.method != _M.EXPERIMENT:
            yield Refusal(_("Name the characteristic."), "characteristic")
        return
    if study.method == _M.TYPE_ONE and characteristic.tolerance is None:
        yield Refusal(_("A type 1 study needs both specification limits."), "characteristic")
    has_limit = (characteristic.lower_specification, characteristic.upper_specification)
    if study.method == _M.CAPABILITY and has_limit == (None, None):
        yield Refusal(_("Capability needs a specification limit."), "characteristic")


def _check_numbers(study: Study, plan: Mapping[str, Any]) -> Iterator[Refusal]:
    if study.method == _M.AGREEMENT and plan["references"]:
        yield from _check_ratings(plan)
    if study.method == _M.CAPABILITY and (plan["since"] or "") > (plan["until"] or "9"):
        yield Refusal(_("The first day lies after the last."), "since")
    if study.method == _M.EXPERIMENT and plan["factors"]:
        yield from _check_design(study)
    runs = plan.get("parts", 1) * len(plan.get("operators", "1")) * plan.get("trials", 1)
    if runs > MOST_RUNS:
        message = _("That would be %(n)d runs; at most %(most)d are drawn.")
        yield Refusal(message % {"n": runs, "most": MOST_RUNS}, "parts")


def _check_ratings(plan: Mapping[str, Any]) -> Iterator[Refusal]:
    if len(plan["references"]) != plan["parts"]:
        message = _("There are %(given)d right ratings for %(parts)d parts.")
        told = {"given": len(plan["references"]), "parts": plan["parts"]}
        yield Refusal(message % told, "references")
    unknown = sorted(set(plan["references"]) - set(plan["ratings"]))
    if unknown:
        message = _("“%(word)s” is none of the ratings.")
        yield Refusal(message % {"word": unknown[0]}, "references")


def _check_design(study: Study) -> Iterator[Refusal]:
    from andon.analyze.studies.experiments import design_of  # noqa: PLC0415
    from andon.stats.errors import StatisticsError  # noqa: PLC0415

    try:
        design_of(study)
    except StatisticsError as error:
        yield Refusal(str(error), "factors")


def _read(field: Field, given: Any) -> Any:
    is_absent = given is None or (isinstance(given, str) and not given.strip())
    return None if is_absent else field.read(given)
