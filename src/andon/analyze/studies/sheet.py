"""The run sheet: which part whom when, drawn by lot from plan and seed, and what was read.

The sheet is computed, never stored: before the study is judged it is nowhere to be looked up.
Raw words of the generator are stable over versions, so the same seed gives the same sheet.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from andon.analyze.studies.experiments import sheet_by
from andon.analyze.studies.models import Reading, Study
from andon.analyze.studies.plans import plan_of

T = TypeVar("T")
_M = Study.Method


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the sheet: what whoever measures sees, and what only the leader knows."""

    number: int
    operator: str
    part: str = ""
    trial: int = 1
    settings: tuple[float, ...] = ()
    coded: tuple[float, ...] = ()


def is_drawn(study: Study) -> bool:
    """Tell whether a study is run by a sheet; capability is read from the history."""
    return study.method != _M.CAPABILITY


def draw_seed(study: Study) -> int:
    """Return the planned seed, or one drawn by lot."""
    planned = plan_of(study).get("seed")
    return int(planned) if planned is not None else secrets.randbits(31)


def sheet_of(study: Study) -> tuple[Run, ...]:
    """Return the runs of a study in their order; none before it was started."""
    if study.seed is None or not is_drawn(study):
        return ()
    return _drawn(study.method, json.dumps(plan_of(study)), study.seed)


def readings_of(study: Study) -> dict[int, Reading]:
    """Return the reading that counts for each run."""
    rows = Reading.objects.filter(study=study).select_related("entered_by")
    return {row.run: row for row in rows.order_by("run", "revision")}


def missing_runs(study: Study) -> list[int]:
    """Return the numbers of the runs without a reading."""
    there = set(Reading.objects.filter(study=study).values_list("run", flat=True))
    return [run.number for run in sheet_of(study) if run.number not in there]


def part_names(count: int) -> list[str]:
    """Return the names of parts, of equal length so that they sort.

    >>> part_names(10)[0], part_names(3)[0]
    ('01', '1')
    """
    width = len(str(count))
    return [f"{place:0{width}d}" for place in range(1, count + 1)]


@lru_cache(maxsize=64)
def _drawn(method: str, planned: str, seed: int) -> tuple[Run, ...]:
    plan, lot = json.loads(planned), np.random.PCG64(seed)
    if method == _M.EXPERIMENT:
        return tuple(_experiment(plan, seed))
    if method in (_M.TYPE_ONE, _M.BIAS):
        lines: Iterator[tuple[str, str, int]] = (("", "1", k + 1) for k in range(plan["trials"]))
    elif method == _M.LINEARITY:
        lines = _by_trial([""], part_names(len(plan["references"])), plan["trials"], lot)
    elif method == _M.STABILITY:
        names = part_names(plan["sessions"])
        lines = (("", name, k + 1) for name in names for k in range(plan["trials"]))
    else:
        lines = _by_trial(plan["operators"], part_names(plan["parts"]), plan["trials"], lot)
    is_nested = method == _M.NESTED
    return tuple(
        Run(number, who, f"{who} {part}" if is_nested else part, trial)
        for number, (who, part, trial) in enumerate(lines, 1)
    )


def _by_trial(
    operators: Sequence[str], parts: Sequence[str], trials: int, lot: np.random.PCG64
) -> Iterator[tuple[str, str, int]]:
    """Yield trial after trial: operators in random order, each with the parts in random order."""
    for trial in range(1, trials + 1):
        for operator in _shuffled(operators, lot):
            for part in _shuffled(parts, lot):
                yield operator, part, trial


def _shuffled(items: Sequence[T], lot: np.random.PCG64) -> list[T]:
    words = np.atleast_1d(lot.random_raw(len(items)))
    return [items[int(place)] for place in np.argsort(words, kind="stable")]


def _experiment(plan: Mapping[str, Any], seed: int) -> Iterator[Run]:
    design, sheet = sheet_by(plan, seed)
    coded = design.runs[sheet.standard_order]
    for number, (settings, codes) in enumerate(zip(sheet.settings, coded, strict=True), 1):
        yield Run(
            number, "", str(sheet.standard_order[number - 1] + 1),
            settings=tuple(settings.tolist()), coded=tuple(codes.tolist()),
        )  # fmt: skip
