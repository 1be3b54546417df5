"""How often a rule fires on a healthy process: exact, for independent normal points.

A rate counts completing points per 1,000 in the long run, limits known. Rates add up to an upper
bound for several rules together, since one point may complete several patterns.
"""

from functools import lru_cache

import numpy as np
from scipy.special import bdtrc, gammaln, ndtr

from andon.stats.rules import Rule, RuleKind

__all__ = ["false_alarms_per_thousand"]


def false_alarms_per_thousand(rule: Rule) -> float:
    """Return the expected false alarms of one rule per 1,000 points.

    - limit, k of m: 2 p P(Bin(m - 1, p) >= k - 1), p = Phi(-zone);
    - trend: 2 / m!; alternating: 2 A(m) / m!, A the zigzag number (Andre 1881);
    - within: (1 - 2 p)^m; outside: (2 p)^m, less 2 p^m when both sides are needed.

    Exact to rounding for independent normal points and known limits. Estimated limits and
    autocorrelation raise the rates.

    >>> from andon.stats.rules import NELSON
    >>> [round(false_alarms_per_thousand(rule), 3) for rule in NELSON]
    [2.7, 3.906, 2.778, 4.574, 2.047, 4.466, 3.261, 0.102]
    """
    return 1000.0 * _probability(rule)


def _probability(rule: Rule) -> float:
    p, m = float(ndtr(-rule.zone)), rule.m
    match rule.kind:
        case RuleKind.LIMIT:
            return 2.0 * p
        case RuleKind.BEYOND:
            return 2.0 * p * (float(bdtrc(rule.k - 2, m - 1, p)) if rule.k > 1 else 1.0)
        case RuleKind.TREND:
            return 2.0 * float(np.exp(-gammaln(m + 1.0)))
        case RuleKind.ALTERNATING:
            return 2.0 * _zigzag_probability(m)
        case RuleKind.WITHIN:
            return (1.0 - 2.0 * p) ** m
        case RuleKind.OUTSIDE:
            return (2.0 * p) ** m - (2.0 * p**m if rule.both_sides else 0.0)


@lru_cache(maxsize=256)
def _zigzag_probability(m: int) -> float:
    # a(n + 1) = sum a(k) a(n - k) / (2 (n + 1)): the zigzag numbers divided by n!, no overflow.
    chance = [1.0, 1.0]
    for n in range(1, m):
        chance.append(sum(chance[k] * chance[n - k] for k in range(n + 1)) / (2.0 * (n + 1)))
    return chance[m]
