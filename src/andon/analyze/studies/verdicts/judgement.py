"""What a judge returns, and what judges read: the columns of a study."""

from dataclasses import dataclass
from typing import Any

from andon.analyze.studies.evidence import Analysis, computed
from andon.analyze.studies.models import Study
from andon.analyze.studies.sheet import readings_of, sheet_of
from andon.organization.products.models import Characteristic
from andon.web.formats import fixed


@dataclass(frozen=True, slots=True)
class Computed:
    """An analysis with its inputs and its result."""

    analysis: Analysis
    inputs: dict[str, Any]
    result: Any


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its sentences and all that it rests on, the main statistic first."""

    verdict: str
    words: str
    statistics: tuple[Computed, ...]


def run(analysis: Analysis) -> Computed:
    """Compute an analysis; `Refused` names what does not work."""
    inputs, result = computed(analysis)
    return Computed(analysis, inputs, result)


def columns_of(study: Study) -> dict[str, list[Any]]:
    """Return values, ratings, parts, operators and trials of all runs, in their order."""
    readings = readings_of(study)
    pairs = [(run, readings[run.number]) for run in sheet_of(study) if run.number in readings]
    return {
        "values": [reading.value for _run, reading in pairs],
        "ratings": [reading.text for _run, reading in pairs],
        "parts": [run.part for run, _reading in pairs],
        "operators": [run.operator for run, _reading in pairs],
        "trials": [run.trial for run, _reading in pairs],
    }


def subject(study: Study) -> dict[str, str]:
    """Return how sentences name instrument, characteristic and machine."""
    return {
        "instrument": study.instrument.code if study.instrument else study.title,
        "characteristic": study.characteristic.name if study.characteristic else study.title,
        "unit": study.characteristic.unit if study.characteristic else "",
        "machine": study.machine.code if study.machine else "",
    }


def tolerance_of(study: Study) -> float | None:
    """Return the width of the specification, as its limits are written: 0.3, not 0.29999…."""
    width = study.characteristic.tolerance if study.characteristic else None
    return None if width is None else float(f"{width:.12g}")


def is_log(characteristic: Characteristic | None) -> bool:
    """Tell whether the logarithm is what varies normally."""
    return characteristic is not None and characteristic.model == Characteristic.Model.LOG


def share(value: float | None) -> str:
    """Return a percentage with one decimal."""
    return f"{fixed(value, 1)} %" if value is not None else "–"
