"""Which findings are one problem: the same cause is investigated once, however often it shows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Occurrence", "are_one_problem", "join_problems", "merge_findings"]

DescentTest = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What merging needs to know of a finding.

    Attributes:
        stream: name of the stream, such as PD/L3 or CRIMP/A2/N.
        began: working-day number on which the departure began.
        found: working-day number on which it was confirmed.
        factor: best factor and its level, such as ("gauge", "MIC-07"), when it explains at least
            half of the variance (eta squared >= 0.5) or is the place of a confirmed rate; the
            lot itself says nothing beyond the finding and counts as none.
        lots: lots measured from `began` to `found`.
        is_rate: it is a rate beside that of the other places, to which parts of the same lots go.
    """

    stream: str
    began: int
    found: int
    factor: tuple[str, str] | None = None
    lots: frozenset[str] = frozenset()
    is_rate: bool = False

    @property
    def explanation(self) -> tuple[str, str] | None:
        """The factor, unless it is the lot."""
        return None if self.factor and self.factor[0] == "lot" else self.factor


def are_one_problem(
    one: Occurrence, other: Occurrence, *, descends: DescentTest, days: int = 5
) -> bool:
    """Say whether two findings are one problem.

    They are when at most `days` working days without either lie between their windows and they
    are of one stream or have one best factor at one level; or when every lot of the one descends
    from a lot of the other, and that other has no explanation but its lots. A departure explained
    by a gauge or a supplier is not handed on with the parts, though all later lots contain them;
    and a rate that is high beside the other places did not come with parts that went to all.

    Args:
        one: a finding.
        other: another, in any order.
        descends: whether the first lot was made from the second, by any number of steps that the
            caller deems near.
        days: longest gap between the windows.

    >>> crimp = Occurrence("CRIMP/A2/N", 125, 129, ("place", "A2/N"))
    >>> later = Occurrence("CRIMP/A2/N", 135, 139, ("place", "A2/N"))
    >>> are_one_problem(crimp, later, descends=lambda lot, of: False)
    True
    """
    gap = max(one.began, other.began) - min(one.found, other.found) - 1
    if gap <= days:
        if one.stream == other.stream:
            return True
        if one.explanation is not None and one.explanation == other.explanation:
            return True
    return _descends_from(one, other, descends) or _descends_from(other, one, descends)


def merge_findings(
    findings: Sequence[Occurrence], *, descends: DescentTest, days: int = 5
) -> tuple[tuple[int, ...], ...]:
    """Return the problems, each the numbers of its findings, in the order of their first one.

    The order in which findings are given does not matter for which of them belong together.

    >>> wear = [Occurrence("PD/L3", 44, 48), Occurrence("PD/L3", 44, 50)]
    >>> plating = Occurrence("AU/PL2", 91, 91)
    >>> merge_findings([wear[0], plating, wear[1]], descends=lambda lot, of: False)
    ((0, 2), (1,))
    """
    problems: tuple[tuple[int, ...], ...] = ()
    for number in range(len(findings)):
        problems = join_problems(problems, findings, number, descends=descends, days=days)
    return problems


def join_problems(
    problems: Iterable[tuple[int, ...]],
    findings: Sequence[Occurrence],
    number: int,
    *,
    descends: DescentTest,
    days: int = 5,
) -> tuple[tuple[int, ...], ...]:
    """Return the problems after the finding with this number has joined those it belongs to.

    A finding that belongs to several problems makes them one, led by the earliest; one that
    belongs to none starts its own.
    """
    joined: tuple[int, ...] = (number,)
    apart = []
    for problem in problems:
        if any(
            are_one_problem(findings[member], findings[number], descends=descends, days=days)
            for member in problem
        ):
            joined += problem
        else:
            apart.append(problem)
    return tuple(sorted([*apart, tuple(sorted(joined))]))


def _descends_from(young: Occurrence, old: Occurrence, descends: DescentTest) -> bool:
    """Say whether the old finding lies in its lots and all lots of the young one come from them."""
    is_of_its_lots = old.explanation is None and bool(old.lots)
    return (
        is_of_its_lots
        and not young.is_rate
        and bool(young.lots)
        and all(any(descends(lot, ancestor) for ancestor in old.lots) for lot in young.lots)
    )
