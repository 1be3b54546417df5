"""Stages, exclusions and baselines of a chart, and its assembly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from andon.stats.arrays import BoolArray, FloatArray, as_labels, as_values
from andon.stats.charts import Baseline, ChartPair, ControlChart, Lines
from andon.stats.errors import InvalidOption, StatisticsError, TooFewValues
from andon.stats.rules import Line, Rule, evaluate_rules

__all__ = [
    "Heading",
    "Plan",
    "Series",
    "build_chart",
    "build_pair",
    "chosen",
    "draw_lines",
    "plan_stages",
]

Estimate = Callable[[slice, BoolArray | None], Baseline]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the charts of one call have in common."""

    method: str
    options: Mapping[str, Any]
    convention: str
    source: str
    estimator: str
    mark: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Which points form a stage, which count for its estimate, and its baseline."""

    n: int
    stage_starts: tuple[int, ...]
    counted: BoolArray | None
    baselines: tuple[Baseline, ...]

    @property
    def stages(self) -> tuple[slice, ...]:
        """One slice of points for each stage."""
        ends = (*self.stage_starts[1:], self.n)
        return tuple(slice(a, b) for a, b in zip(self.stage_starts, ends, strict=True))

    @property
    def excluded(self) -> tuple[int, ...]:
        """Positions left out of the estimates."""
        return () if self.counted is None else tuple(np.flatnonzero(~self.counted).tolist())

    def with_baselines(self, given: Baseline | None, estimate: Estimate) -> "Plan":
        """Return the plan with the given baseline for every stage, else each stage's estimate."""
        if given is not None:
            return replace(self, baselines=(given,) * len(self.stage_starts))
        counted = self.counted
        found = (estimate(at, None if counted is None else counted[at]) for at in self.stages)
        return replace(self, baselines=tuple(found))


def plan_stages(n: int, *, stages: ArrayLike | None, exclude: ArrayLike | None) -> Plan:
    """Return the plan of a chart of n points, its baselines still open.

    A new stage starts where the label in `stages` changes. `exclude` holds one flag a point or the
    positions to leave out of the estimates.
    """
    return Plan(n, _stage_starts(stages, n), _counted(exclude, n), ())


@dataclass(frozen=True, slots=True)
class Series:
    """One plotted statistic, its lines and the rules it is judged by."""

    statistic: str
    points: FloatArray
    lines: Lines
    rules: tuple[Rule, ...]


def build_chart(heading: Heading, plan: Plan, series: Series) -> ControlChart:
    """Return the chart with its points judged."""
    lines = series.lines
    return ControlChart(
        method=heading.method,
        options=heading.options,
        convention=heading.convention,
        source=heading.source,
        statistic=series.statistic,
        points=series.points,
        centre=lines.centre,
        spread=lines.spread,
        lower=lines.lower,
        upper=lines.upper,
        estimator=heading.estimator,
        baselines=plan.baselines,
        stage_starts=plan.stage_starts,
        excluded=plan.excluded,
        rules=series.rules,
        violations=judge_stages(series.points, lines, plan, series.rules, heading.mark),
    )


def build_pair(heading: Heading, plan: Plan, location: Series, dispersion: Series) -> ChartPair:
    """Return the chart of location and the chart of dispersion, both judged."""
    return ChartPair(
        method=heading.method,
        options=heading.options,
        convention=heading.convention,
        source=heading.source,
        location=build_chart(heading, plan, location),
        dispersion=build_chart(heading, plan, dispersion),
    )


def draw_lines(plan: Plan, lines: Callable[[Baseline, slice], Lines]) -> Lines:
    """Return the lines of all stages, single values where there is one stage of constant size."""
    drawn = [lines(base, stage) for base, stage in zip(plan.baselines, plan.stages, strict=True)]
    if len(drawn) == 1:
        return drawn[0]
    lengths = [stage.stop - stage.start for stage in plan.stages]
    return Lines(
        _joined([part.centre for part in drawn], lengths),
        _joined([part.spread for part in drawn], lengths),
        _joined([part.lower for part in drawn], lengths),
        _joined([part.upper for part in drawn], lengths),
    )


def judge_stages(
    points: FloatArray, lines: Lines, plan: Plan, rules: tuple[Rule, ...], mark: str
) -> NDArray[np.uint8]:
    """Return the rule masks; runs start anew at each stage."""
    masks = [
        evaluate_rules(
            points[stage],
            centre=_part(lines.centre, stage),
            spread=_part(lines.spread, stage),
            lower=_part(lines.lower, stage),
            upper=_part(lines.upper, stage),
            rules=rules,
            mark=mark,
        )
        for stage in plan.stages
    ]
    return masks[0] if len(masks) == 1 else np.concatenate(masks)


def chosen(values: FloatArray, counted: BoolArray | None, *, minimum: int, what: str) -> FloatArray:
    """Return the values that count for an estimate."""
    kept = values if counted is None else values[counted]
    if kept.shape[0] < minimum:
        raise TooFewValues(minimum, kept.shape[0], what)
    return kept


def _part(line: Line, stage: slice) -> Line:
    return line[stage] if isinstance(line, np.ndarray) and line.ndim else line


def _joined(parts: list[Line], lengths: list[int]) -> FloatArray:
    return np.concatenate(
        [np.broadcast_to(part, (n,)) for part, n in zip(parts, lengths, strict=True)]
    )


def _stage_starts(stages: ArrayLike | None, n: int) -> tuple[int, ...]:
    if stages is None:
        return (0,)
    labels = as_labels(stages, what="stages")
    if labels.shape != (n,):
        raise StatisticsError(f"stages need one label for each of the {n} points")
    return (0, *(np.flatnonzero(labels[1:] != labels[:-1]) + 1).tolist())


def _counted(exclude: ArrayLike | None, n: int) -> BoolArray | None:
    if exclude is None:
        return None
    row = [exclude] if np.isscalar(exclude) else exclude
    left_out = as_values(row, minimum=0, what="positions to exclude")  # type: ignore[arg-type]
    if np.asarray(row).dtype == np.bool_:
        if left_out.shape != (n,):
            raise StatisticsError(f"exclude needs one flag for each of the {n} points")
        return np.asarray(left_out == 0)
    counted = np.ones(n, dtype=np.bool_)
    if left_out.size and (left_out.min() < 0 or left_out.max() >= n or (left_out % 1).any()):
        raise InvalidOption("exclude", left_out.tolist(), f"positions between 0 and {n - 1}")
    counted[left_out.astype(np.int64)] = False
    return counted
