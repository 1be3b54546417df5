"""Designs of experiments in coded units: which settings to run, and what they can tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal, get_args

import numpy as np
from scipy import linalg

from andon.stats.arrays import FloatArray, IntArray, require_between, require_choice
from andon.stats.errors import InvalidOption, TooFewValues
from andon.stats.experiment_aliases import Aliases, find_aliases
from andon.stats.results import Result

__all__ = [
    "Design",
    "RunSheet",
    "plan_box_behnken",
    "plan_central_composite",
    "plan_factorial",
    "plan_plackett_burman",
    "write_run_sheet",
]

MOST_RUNS = 100_000

AxialDistance = Literal["rotatable", "spherical", "faced"]
# Box and Behnken 1960, Technometrics 2, table 4: factors varied together in each block of runs.
BOX_BEHNKEN_BLOCKS = {
    3: ((0, 1), (0, 2), (1, 2)),
    4: tuple(combinations(range(4), 2)),
    5: tuple(combinations(range(5), 2)),
    6: ((0, 1, 3), (1, 2, 4), (2, 3, 5), (0, 3, 4), (1, 4, 5), (0, 2, 5)),
    7: ((3, 4, 5), (0, 5, 6), (1, 4, 6), (0, 1, 3), (2, 3, 6), (0, 2, 4), (1, 2, 5)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Design(Result):
    """Settings in coded units.

    Attributes:
        factors: their names.
        runs: one row per run in standard order, one column per factor; -1 low, 0 middle, 1 high.
        aliases: what a fraction cannot tell apart; None where nothing is fully aliased.
    """

    factors: tuple[str, ...]
    runs: FloatArray
    aliases: Aliases | None = None


def plan_factorial(
    factors: Sequence[str],
    *,
    generators: Sequence[str] = (),
    replicates: int = 1,
    center_points: int = 0,
) -> Design:
    """Return a full or fractional factorial at two levels, in standard order.

    Args:
        factors: 2 to 16 names; the letters A, B, C ... stand for them in this order.
        generators: one per factor beyond the basic ones, as "E=ABCD" or "E=-ABCD".
        replicates: times the whole design is run.
        center_points: runs with every factor at its middle, added at the end.

    Raises:
        TooFewValues, InvalidOption.

    Source: Box, Hunter and Hunter 2005, Statistics for Experimenters, ch. 5-6.

    >>> design = plan_factorial(["time", "heat", "speed", "load"], generators=["D=ABC"])
    >>> design.runs.shape, design.aliases.resolution, design.aliases.groups[0]
    ((8, 4), 4, ('A', 'BCD'))
    """
    names = _names(factors, 2, 16)
    require_between("replicates", replicates, 1, MOST_RUNS, open_ends=False)
    require_between("center_points", center_points, 0, MOST_RUNS, open_ends=False)
    basic = len(names) - len(generators)
    if basic < 1:
        raise InvalidOption("generators", list(generators), f"fewer than {len(names)}")
    aliases = find_aliases(len(names), generators) if generators else None
    base = _two_levels(basic)
    if aliases is not None:
        extra = [s * base[:, list(c)].prod(1) for s, c in aliases.columns]
        base = np.column_stack([base, *extra])
    runs = np.vstack([*[base] * replicates, np.zeros((center_points, len(names)))])
    return Design(
        factors=names,
        runs=runs,
        aliases=aliases,
        method="plan_factorial",
        options={
            "generators": list(generators),
            "replicates": replicates,
            "center_points": center_points,
        },
        convention="standard (Yates) order, first factor alternates fastest",
        source="Box, Hunter and Hunter 2005, ch. 5-6",
    )


def plan_plackett_burman(factors: Sequence[str]) -> Design:
    """Return the smallest Plackett-Burman design: main effects of up to N - 1 factors in N runs.

    Args:
        factors: 2 to 31 names.

    Raises:
        TooFewValues, InvalidOption.

    Source: Plackett and Burman 1946, Biometrika 33, 305-325.

    >>> plan_plackett_burman([f"x{i}" for i in range(1, 12)]).runs[0].astype(int).tolist()
    [1, 1, -1, 1, 1, 1, -1, -1, -1, 1, -1]
    """
    names = _names(factors, 2, 31)
    size = next(n for n in (4, 8, 12, 16, 20, 24, 32) if n > len(names))
    table = _paley(size) if size in (12, 20, 24) else -linalg.hadamard(size)[::-1, 1:]
    return Design(
        factors=names,
        runs=np.asarray(table[:, : len(names)], dtype=np.float64),
        method="plan_plackett_burman",
        convention=f"{size} runs, last run all low; main effects partly aliased with interactions",
        source="Plackett and Burman 1946",
    )


def plan_central_composite(
    factors: Sequence[str],
    *,
    axial: AxialDistance = "rotatable",
    center_points: int = 5,
    generators: Sequence[str] = (),
) -> Design:
    """Return a central composite design: factorial, axial and centre runs.

    Axial distance: rotatable = (factorial runs)^(1/4), spherical = sqrt(k), faced = 1.

    Args:
        factors: 2 to 10 names.
        axial: "rotatable", "spherical" or "faced".
        center_points: runs at the middle, at least 1.
        generators: of the factorial part, of resolution V or more.

    Raises:
        TooFewValues, InvalidOption.

    Source: Box and Wilson 1951, JRSS B 13; Montgomery, ch. 11.

    >>> plan_central_composite(["heat", "time"]).runs[4].round(3).tolist()
    [-1.414, 0.0]
    """
    require_choice("axial", axial, get_args(AxialDistance))
    require_between("center_points", center_points, 1, MOST_RUNS, open_ends=False)
    names = _names(factors, 2, 10)
    cube = plan_factorial(names, generators=generators)
    if cube.aliases is not None and cube.aliases.resolution < 5:
        raise InvalidOption("generators", list(generators), "of resolution V or more")
    k = len(names)
    distance = {
        "rotatable": len(cube.runs) ** 0.25,
        "spherical": float(np.sqrt(k)),
        "faced": 1.0,
    }[axial]
    star = np.kron(np.eye(k), np.array([[-distance], [distance]])) + 0.0
    return Design(
        factors=names,
        runs=np.vstack([cube.runs, star, np.zeros((center_points, k))]),
        method="plan_central_composite",
        options={
            "axial": axial,
            "center_points": center_points,
            "generators": list(generators),
        },
        convention=f"axial distance {distance:.6g}",
        source="Box and Wilson 1951",
    )


def plan_box_behnken(factors: Sequence[str], *, center_points: int = 3) -> Design:
    """Return a Box-Behnken design: three levels, no corner of the region.

    Args:
        factors: 3 to 7 names.
        center_points: runs at the middle, at least 1.

    Raises:
        TooFewValues, InvalidOption.

    Source: Box and Behnken 1960, Technometrics 2, 455-475.

    >>> plan_box_behnken(["a", "b", "c"]).runs.shape
    (15, 3)
    """
    names = _names(factors, 3, 7)
    require_between("center_points", center_points, 1, MOST_RUNS, open_ends=False)
    rows = []
    for block in BOX_BEHNKEN_BLOCKS[len(names)]:
        part = np.zeros((2 ** len(block), len(names)))
        part[:, list(block)] = _two_levels(len(block))
        rows.append(part)
    return Design(
        factors=names,
        runs=np.vstack([*rows, np.zeros((center_points, len(names)))]),
        method="plan_box_behnken",
        options={"center_points": center_points},
        convention="blocks of factors varied together, others at the middle",
        source="Box and Behnken 1960",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheet(Result):
    """Runs in the order they are to be made.

    Attributes:
        factors: their names.
        standard_order: position of each run in the design, from 0.
        settings: real settings, one row per run.
    """

    factors: tuple[str, ...]
    standard_order: IntArray
    settings: FloatArray


def write_run_sheet(
    design: Design, *, lows: Sequence[float], highs: Sequence[float], seed: int
) -> RunSheet:
    """Return the runs in random order with real settings; the same seed gives the same sheet.

    Args:
        design: in coded units.
        lows, highs: setting of each factor at -1 and at 1, in its unit.
        seed: of the order, at least 0; write it on the sheet.

    Raises:
        InvalidOption: lengths that differ from the factors, equal settings, or a negative seed.

    Source: Fisher 1935, The Design of Experiments (randomisation); PCG64, O'Neill 2014.

    >>> sheet = write_run_sheet(plan_factorial(["a", "b"]), lows=[10, 1], highs=[20, 3], seed=7)
    >>> sorted(sheet.settings.tolist())
    [[10.0, 1.0], [10.0, 3.0], [20.0, 1.0], [20.0, 3.0]]
    """
    low, high = np.asarray(lows, dtype=np.float64), np.asarray(highs, dtype=np.float64)
    if low.shape != (len(design.factors),) or high.shape != low.shape or (low == high).any():
        raise InvalidOption("lows and highs", (list(lows), list(highs)), "one differing pair each")
    if seed < 0:
        raise InvalidOption("seed", seed, "at least 0")
    # raw words of the generator are stable over versions, shuffling methods are not
    order = np.argsort(np.random.PCG64(seed).random_raw(len(design.runs)), kind="stable")
    settings = (low + high) / 2 + design.runs[order] * (high - low) / 2
    return RunSheet(
        factors=design.factors,
        standard_order=order.astype(np.int64),
        settings=settings,
        method="write_run_sheet",
        options={"lows": low.tolist(), "highs": high.tolist(), "seed": seed},
        convention="complete randomisation, PCG64 words sorted",
        source="Fisher 1935",
    )


def _names(factors: Sequence[str], least: int, most: int) -> tuple[str, ...]:
    if len(factors) < least:
        raise TooFewValues(least, len(factors), "factors")
    if len(factors) > most or len(set(factors)) < len(factors):
        raise InvalidOption("factors", list(factors), f"at most {most} different names")
    return tuple(factors)


def _two_levels(count: int) -> FloatArray:
    rows = list(product((-1.0, 1.0), repeat=count))
    return np.array(rows)[:, ::-1]


def _paley(size: int) -> FloatArray:
    """Return the cyclic design of size - 1 prime: high at 0 and at the squares."""
    prime = size - 1
    high = {(k * k) % prime for k in range(prime)}
    first = [1.0 if k in high else -1.0 for k in range(prime)]
    rows = [np.roll(first, shift) for shift in range(prime)]
    return np.vstack([*rows, np.full(prime, -1.0)])
