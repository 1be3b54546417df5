"""Average run length of zone rules together, by an exact Markov chain.

Each rule is a small automaton over the zone a point falls in; the chain runs over the states all
of them can be in together. Trends and alternation depend on order, not on zones, and have none.

Source: Champ and Woodall 1987, Technometrics 29(4), 393-399.
"""

from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array, eye_array
from scipy.sparse.linalg import spsolve
from scipy.special import ndtr

from andon.stats.arrays import FloatArray, require_finite
from andon.stats.errors import InvalidOption
from andon.stats.rules import Rule, RuleKind

__all__ = ["rules_run_length"]

State = tuple[int, ...]
_MOST_STATES = 60_000


def rules_run_length(rules: tuple[Rule, ...], shift: float = 0.0) -> float:
    """Return the mean points until any of the rules fires, the mean shifted by `shift` sigma.

    Raises InvalidOption for rules on order (trend, alternating), none, or too many states.

    >>> from andon.stats.rules import WESTERN_ELECTRIC
    >>> round(rules_run_length(WESTERN_ELECTRIC), 2)
    91.75
    """
    ordered = [r.number for r in rules if r.kind in (RuleKind.TREND, RuleKind.ALTERNATING)]
    if ordered or not rules:
        raise InvalidOption("rules", ordered, "one or more rules on zones")
    require_finite("shift", shift)
    middles, chances = _zones(rules, shift)
    start = tuple(_start(rule) for rule in rules)
    index: dict[tuple[State, ...], int] = {start: 0}
    queue = [start]
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for state in queue:
        for middle, chance in zip(middles, chances, strict=True):
            after = _after(rules, state, middle)
            if after is None:
                continue
            if after not in index:
                index[after] = len(queue)
                queue.append(after)
            rows.append(index[state])
            columns.append(index[after])
            weights.append(float(chance))
        if len(queue) > _MOST_STATES:
            raise InvalidOption("rules", len(rules), f"of fewer than {_MOST_STATES} joint states")
    n = len(queue)
    moves = coo_array((weights, (rows, columns)), shape=(n, n))
    lengths = spsolve((eye_array(n) - moves).tocsc(), np.ones(n))
    return float(np.atleast_1d(lengths)[0])


def _zones(rules: tuple[Rule, ...], shift: float) -> tuple[list[float], FloatArray]:
    cuts = sorted({side * rule.zone for rule in rules for side in (-1.0, 1.0)})
    edges = [-np.inf, *cuts, np.inf]
    middles = [_middle(low, high) for low, high in pairwise(edges)]
    return middles, np.diff(ndtr(np.array(edges) - shift))


def _middle(low: float, high: float) -> float:
    if np.isinf(low):
        return high - 1.0 if np.isfinite(high) else 0.0
    return low + 1.0 if np.isinf(high) else (low + high) / 2.0


def _start(rule: Rule) -> State:
    return (0, 0, 0) if rule.kind is RuleKind.OUTSIDE else (0, 0)


def _after(rules: tuple[Rule, ...], state: tuple[State, ...], z: float) -> tuple[State, ...] | None:
    after = []
    for rule, own in zip(rules, state, strict=True):
        moved, fired = _step(rule, own, z)
        if fired:
            return None
        after.append(moved)
    return tuple(after)


def _step(rule: Rule, state: State, z: float) -> tuple[State, bool]:
    above, below = z > rule.zone, z < -rule.zone
    match rule.kind:
        case RuleKind.LIMIT:
            return state, above or below
        case RuleKind.WITHIN:
            run = 0 if above or below else state[0] + 1
            return (run, 0), run >= rule.m
        case RuleKind.OUTSIDE:
            return _outside(rule, state, above, below)
        case _:
            return _k_of_m(rule, state, (above, below))


def _outside(rule: Rule, state: State, above: bool, below: bool) -> tuple[State, bool]:
    held = ((above or below), above, below)
    runs = tuple(min(run + 1, rule.m) if hold else 0 for run, hold in zip(state, held, strict=True))
    one_side = max(runs[1:]) >= rule.m
    return runs, runs[0] >= rule.m and not (rule.both_sides and one_side)


def _k_of_m(rule: Rule, state: State, held: tuple[bool, bool]) -> tuple[State, bool]:
    # One bit a point, newest lowest; for a plain run the number of points says it all.
    if rule.k == rule.m:
        runs = tuple(run + 1 if hold else 0 for run, hold in zip(state, held, strict=True))
        return runs, max(runs) >= rule.m
    mask = (1 << (rule.m - 1)) - 1
    fired = any(
        hold and bits.bit_count() + 1 >= rule.k for bits, hold in zip(state, held, strict=True)
    )
    return tuple((bits << 1 | hold) & mask for bits, hold in zip(state, held, strict=True)), fired
