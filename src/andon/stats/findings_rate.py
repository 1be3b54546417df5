"""The RATE rule: one place makes more of one defect than all others in the same time."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import hypergeom

from andon.stats.arrays import FloatArray, as_table, as_values, require_between
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import Result

__all__ = ["RateFinding", "rate_findings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFinding(Result):
    """A defect code whose rate at one place is confirmed above that of all others together.

    Attributes:
        place: row of the place (for example cell x shift) in the table given.
        code: column of the defect code.
        found: defects of the code at the place, among `inspected` pieces.
        found_elsewhere: the same at all other places, among `inspected_elsewhere` pieces.
        ratio: rate here over rate elsewhere; infinite when none was found elsewhere.
        p_value: exact one-sided tail.
    """

    place: int
    code: int
    found: int
    inspected: int
    found_elsewhere: int
    inspected_elsewhere: int
    ratio: float
    p_value: float


def rate_findings(
    inspected: ArrayLike,
    defects: ArrayLike,
    *,
    planned_tests: int,
    level: float = 0.01,
    smallest_ratio: float = 2.0,
) -> tuple[RateFinding, ...]:
    """Return the places and codes of one window of time whose rate stands out.

    Given K defects of a code among M pieces of the window, those at a place with n pieces are
    hypergeometric when all places are alike: p = P(X >= k). A finding needs
    p < level / planned_tests and (k / n) / ((K - k) / (M - n)) >= smallest_ratio.

    Args:
        inspected: pieces per place, length places.
        defects: defects, places x codes.
        planned_tests: places x codes x windows of the period the level is promised for; a factory
            year of 49 weeks, 9 places and 6 codes plans 2,646.
        level: chance of any false finding in that period.
        smallest_ratio: ratio of rates below which a difference does not matter.

    Raises:
        StatisticsError: counts that are negative, not whole or above the pieces inspected.

    >>> inspected = [2000, 2000, 2000]
    >>> found = rate_findings(inspected, [[6, 4], [31, 5], [5, 6]], planned_tests=2646)
    >>> [(f.place, f.code, round(f.ratio, 1)) for f in found]
    [(1, 0, 5.6)]
    """
    pieces, counts = _counted(inspected, defects)
    if planned_tests < 1:
        raise InvalidOption("planned_tests", planned_tests, "at least 1")
    require_between("level", level, 0, 1)
    tails = _tails(pieces, counts)
    ratios = _ratios(pieces, counts)
    hits = np.argwhere((tails < level / planned_tests) & (ratios >= smallest_ratio))
    return tuple(
        RateFinding(
            place=int(place),
            code=int(code),
            found=int(counts[place, code]),
            inspected=int(pieces[place]),
            found_elsewhere=int(counts[:, code].sum() - counts[place, code]),
            inspected_elsewhere=int(pieces.sum() - pieces[place]),
            ratio=float(ratios[place, code]),
            p_value=float(tails[place, code]),
            method="rate_findings",
            options={
                "planned_tests": planned_tests,
                "level": level,
                "smallest_ratio": smallest_ratio,
            },
            convention="one-sided exact tail, Bonferroni over all planned tests",
            source="Fisher 1935 (exact test)",
        )
        for place, code in hits
    )


def _counted(inspected: ArrayLike, defects: ArrayLike) -> tuple[FloatArray, FloatArray]:
    pieces = as_values(inspected, minimum=2, what="places")
    counts = as_table(defects, rows=2, what="places")
    if len(counts) != len(pieces):
        raise StatisticsError("give defects for as many places as there are numbers inspected")
    if (counts < 0).any() or (counts % 1).any() or (pieces % 1).any():
        raise StatisticsError("pieces and defects are counts: whole numbers from zero up")
    if (counts > pieces[:, None]).any():
        raise StatisticsError("a place has more defects of a code than pieces inspected")
    return pieces, counts


def _tails(pieces: FloatArray, counts: FloatArray) -> FloatArray:
    tails = hypergeom.sf(counts - 1, pieces.sum(), counts.sum(axis=0), pieces[:, None])
    return np.asarray(tails, dtype=np.float64)


def _ratios(pieces: FloatArray, counts: FloatArray) -> FloatArray:
    """Return rate here over rate elsewhere; infinite without defects elsewhere, 0 without here."""
    elsewhere = counts.sum(axis=0) - counts
    pieces_elsewhere = (pieces.sum() - pieces)[:, None]
    expected = elsewhere * pieces[:, None]
    ratios = np.full(counts.shape, math.inf)
    np.divide(counts * pieces_elsewhere, expected, out=ratios, where=expected > 0)
    ratios[counts == 0] = 0.0
    return ratios
