"""Evidence: any statistic of the catalogue saved on a record, and computed again at any time."""

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from andon.analyze.studies.models import Evidence
from andon.identify.measurements.queries import Selection, rows_of
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.days import day_of
from andon.records.errors import Refused
from andon.records.models import Account, Record
from andon.records.permissions import require
from andon.records.trail.context import acting
from andon.stats import catalogue
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result, to_plain

MOST_VALUES = 1_000_000
MOST_TOLD = 200
_LIBRARIES = ("andon", "numpy", "scipy", "polars")
_PLACES = ("machines", "shifts")


@dataclass(frozen=True, slots=True)
class Analysis:
    """One statistic on its inputs, given by value in `columns` or by `reference` to the history.

    A reference that names a file says where columns given by value were copied from.
    """

    title: str
    method: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, Any]:
        """The columns, read from the history where they are only referred to."""
        return columns_of(self.reference) if self.is_referred else to_plain(dict(self.columns))

    @property
    def is_referred(self) -> bool:
        """Tell whether the inputs are read from the history, now and when computed again."""
        return bool(self.reference) and "file" not in self.reference


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a result that is not what it was."""

    place: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What computing an evidence again says."""

    differences: tuple[Difference, ...]
    are_inputs_equal: bool
    values: int
    versions: Mapping[str, str]
    error: str = ""

    @property
    def is_equal(self) -> bool:
        """Tell whether inputs and result are what they were, to the last digit."""
        return self.are_inputs_equal and not self.differences and not self.error


def save_evidence(
    record: Record, analysis: Analysis, *, actor: Account, note: str = ""
) -> Evidence:
    """Compute a statistic and keep it on a record; a closed record takes no more evidence.

    Raises:
        Refused: the method, its inputs or options do not work; the reason names which.
    """
    require(actor, "evidence.save")
    if record.closed_at is not None:
        raise Refused.because(_("A closed record is not edited; reopen it with a reason."))
    if len(note) > 500 or not analysis.title.strip() or len(analysis.title) > 200:
        raise Refused.because(_("Give it a title of at most 200 characters."), "title")
    with acting(actor):
        return keep(record, analysis, *computed(analysis), actor=actor, note=note)


def computed(analysis: Analysis) -> tuple[dict[str, Any], Result]:
    """Return the inputs of an analysis, and its result."""
    inputs = analysis.inputs
    if (count := size_of(inputs)) > MOST_VALUES:
        told = {"n": count, "most": MOST_VALUES}
        raise Refused.because(_("%(n)d values; evidence holds at most %(most)d.") % told, "since")
    try:
        return inputs, catalogue.run(analysis.method, inputs, analysis.options)
    except InvalidOption as error:
        raise Refused.because(str(error), error.option) from error
    except StatisticsError as error:
        raise Refused.because(str(error), "columns") from error


def keep(
    record: Record, analysis: Analysis, inputs: Mapping[str, Any], result: Result, *,
    actor: Account, note: str = "",
) -> Evidence:  # fmt: skip
    """Store what was computed; the caller has asked for the permission and begun the act."""
    told = result.to_dict()
    if "\\u0000" in json.dumps([inputs, to_plain(dict(analysis.options)), analysis.title, note]):
        raise Refused.because(_("A text holds a NUL character; take it out."), "columns")
    return Evidence.objects.create(
        record_id=record.pk, title=analysis.title.strip(), method=analysis.method,
        options=to_plain(dict(analysis.options)), reference=dict(analysis.reference),
        inputs={} if analysis.is_referred else inputs,
        inputs_digest=digest_of(inputs), values=size_of(inputs),
        result=told, result_digest=digest_of(told), versions=versions(), note=note,
        saved_by=actor, saved_at=clock.now(),
    )  # fmt: skip


def analysis_of(evidence: Evidence) -> Analysis:
    """Return the analysis that an evidence was computed by."""
    return Analysis(
        evidence.title, evidence.method, evidence.inputs, evidence.options, evidence.reference
    )


def recompute(evidence: Evidence) -> Recomputed:
    """Compute an evidence again with what is installed now; nothing is stored."""
    try:
        inputs, result = computed(analysis_of(evidence))
    except Refused as error:
        return Recomputed((), are_inputs_equal=False, values=0, versions=versions(),
                          error=str(error))  # fmt: skip
    differences = tuple(differences_of(evidence.result, _stored(result.to_dict())))
    return Recomputed(
        differences=differences[:MOST_TOLD],
        are_inputs_equal=digest_of(inputs) == evidence.inputs_digest,
        values=size_of(inputs), versions=versions(),
    )  # fmt: skip


def differences_of(then: Any, now: Any, place: str = "") -> Iterator[Difference]:
    """Yield what differs, field by field.

    >>> [each.place for each in differences_of({"a": [1, 2], "b": 1}, {"a": [1, 3], "b": 1})]
    ['a.1']
    """
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from differences_of(then.get(key), now.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from differences_of(one, other, f"{place}.{index}".lstrip("."))
    elif then != now:
        yield Difference(place, then, now)


def digest_of(data: Any) -> str:
    """Return SHA-256 over the data as canonical JSON."""
    text = json.dumps(_canonical(to_plain(data)), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return what computes: Andon, its numerical libraries, Python."""
    told = {name: version(name) for name in _LIBRARIES}
    return {**told, "python": platform.python_version()}


def size_of(value: Any) -> int:
    """Return how many single values there are, however they are nested.

    >>> size_of({"values": [[1, 2], [3]], "parts": ["a"]})
    4
    """
    items = value.values() if isinstance(value, Mapping) else value
    return sum(map(size_of, items)) if isinstance(value, Mapping | list) else 1


def columns_of(reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a span of the history by the names of the method's inputs.

    `columns` maps an input to a column of the history, or to several of them by their names;
    with `is_grouped` the values are rows of subgroups, and a label is that of the group;
    with `is_log` the natural logarithm of the values is taken.
    """
    rows = rows_of(selection_of(reference))
    if rows.is_empty():
        raise Refused.because(_("Nothing was measured in this span."), "since")
    if reference.get("is_log"):
        rows = rows.filter(pl.col("value") > 0).with_columns(pl.col("value").log())
    if reference.get("is_grouped"):
        rows = rows.group_by("stream", "produced_on", "subgroup", maintain_order=True).agg(
            pl.col("value"), pl.exclude("value").first()
        )
    return {name: _column(rows, wanted) for name, wanted in reference["columns"].items()}


def selection_of(reference: Mapping[str, Any]) -> Selection:
    """Return which measurements a reference means."""
    code = str(reference.get("characteristic", ""))
    if not Characteristic.objects.filter(code=code).exists():
        message = _("There is no characteristic “%(code)s”.") % {"code": code[:40]}
        raise Refused.because(message, "characteristic")
    places = {name: [str(one) for one in reference.get(name) or []] for name in _PLACES}
    return Selection(
        characteristic=code, since=day_of(reference, "since"), until=day_of(reference, "until"),
        **places,
    )  # fmt: skip


def _column(rows: pl.DataFrame, wanted: Any) -> Any:
    if isinstance(wanted, list):
        return {name: _column(rows, name) for name in wanted}
    if wanted not in rows.columns:
        message = _("The history has no column “%(name)s”.") % {"name": str(wanted)[:40]}
        raise Refused.because(message, "columns")
    column = rows[wanted]
    return column.cast(pl.String).to_list() if column.dtype.is_temporal() else column.to_list()


def _stored(data: Any) -> Any:
    """Return data as it comes back from a JSON column."""
    return json.loads(json.dumps(to_plain(data)))


def _canonical(value: Any) -> Any:
    """Return data with every number as a float, so that 5, 5.0 and -0.0 have one digest each."""
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) + 0.0 if is_number else value
