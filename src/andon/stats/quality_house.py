"""House of quality: from weighted needs to the characteristics that matter most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from andon.stats.arrays import FloatArray, as_table, as_values
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError
from andon.stats.results import Result

__all__ = ["QualityHouse", "score_quality_house"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityHouse(Result):
    """Scores of the characteristics.

    Attributes:
        need_weights: weight of each need, adding up to 1.
        importance: weighted sum of relations per characteristic.
        relative: the same as shares, adding up to 1.
        ranks: 1 for the most important; equals share the smallest rank.
        unanswered_needs: needs without a strong (9) relation to any characteristic.
        idle_characteristics: characteristics that serve no need.
        conflicts: pairs of characteristics that the roof says work against each other.
    """

    need_weights: FloatArray
    importance: FloatArray
    relative: FloatArray
    ranks: tuple[int, ...]
    unanswered_needs: tuple[str, ...]
    idle_characteristics: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]


def score_quality_house(
    relations: ArrayLike,
    *,
    needs: Sequence[str],
    characteristics: Sequence[str],
    weights: ArrayLike,
    improvement: ArrayLike | None = None,
    roof: ArrayLike | None = None,
) -> QualityHouse:
    """Return the importance of each characteristic: sum over needs of weight x relation.

    Args:
        relations: 0, 1, 3 or 9, shape (needs, characteristics).
        needs, characteristics: their names.
        weights: of the needs, above 0.
        improvement: wanted over present satisfaction (times sales point), above 0; 1 when None.
        roof: negative where two characteristics work against each other, shape (c, c); only the
            part above the diagonal is read.

    Raises:
        NotFinite, InvalidOption, StatisticsError; NoVariation: no relation at all.

    Source: Akao 1990, Quality Function Deployment; Hauser and Clausing 1988.

    >>> house = score_quality_house([[9, 1], [0, 3]], needs=["light", "strong"],
    ...     characteristics=["mass", "wall"], weights=[2, 1])
    >>> house.importance.round(4).tolist(), house.ranks
    ([6.0, 1.6667], (1, 2))
    """
    table = as_table(relations, what="relations")
    if table.shape != (len(needs), len(characteristics)):
        raise StatisticsError(f"relations must be {len(needs)} x {len(characteristics)}")
    if not np.isin(table, (0, 1, 3, 9)).all():
        raise InvalidOption("relations", "another number", "0, 1, 3 or 9")
    weight = _weights(weights, len(needs))
    if improvement is not None:
        weight = weight * _weights(improvement, len(needs))
    weight = weight / weight.sum()
    importance = weight @ table
    if not importance.any():
        raise NoVariation("relations (all are 0)")
    order = np.sort(importance)[::-1]
    return QualityHouse(
        need_weights=weight,
        importance=importance,
        relative=importance / importance.sum(),
        ranks=tuple(int((order > value).sum()) + 1 for value in importance),
        unanswered_needs=tuple(n for n, row in zip(needs, table, strict=True) if row.max() < 9),
        idle_characteristics=tuple(
            c for c, column in zip(characteristics, table.T, strict=True) if not column.any()
        ),
        conflicts=_conflicts(roof, characteristics),
        method="score_quality_house",
        convention="relations 9/3/1; weights scaled to 1; independent characteristics",
        source="Akao 1990",
    )


def _weights(values: ArrayLike, count: int) -> FloatArray:
    found = as_values(values, what="weights")
    if found.size != count or found.min() <= 0:
        raise StatisticsError(f"{count} weights above 0 are needed, one for each need")
    return found


def _conflicts(
    roof: ArrayLike | None, characteristics: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    if roof is None:
        return ()
    table = as_table(roof, what="rows of the roof")
    if table.shape != (len(characteristics), len(characteristics)):
        raise StatisticsError(f"the roof must be {len(characteristics)} x {len(characteristics)}")
    pairs = np.argwhere(np.triu(table, 1) < 0).tolist()
    return tuple((characteristics[i], characteristics[j]) for i, j in pairs)
