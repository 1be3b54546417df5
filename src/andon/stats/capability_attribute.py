"""Capability of go/no-go results, and how many values a capability study needs."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import betaincinv, ndtri

from andon.stats.arrays import require_between
from andon.stats.capability_indices import Estimate
from andon.stats.errors import InvalidOption
from andon.stats.noncentral_t import noncentral_quantile, noncentral_t_below
from andon.stats.results import Interval, Result

__all__ = ["AttributeCapability", "attribute_capability", "values_for_capability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeCapability(Result):
    """Capability of counted nonconforming units.

    Attributes:
        proportion: nonconforming, with the exact interval.
        ppm: the same in parts per million.
        z: the normal quantile of the conforming proportion; infinite when none is nonconforming.
        ppk: z / 3, the index a normal process of that proportion on one side would have.
    """

    nonconforming: int
    inspected: int
    proportion: Estimate
    ppm: Estimate
    z: Estimate
    ppk: Estimate


def attribute_capability(
    nonconforming: int, inspected: int, *, level: float = 0.95
) -> AttributeCapability:
    """Return proportion, ppm, Z and the equivalent Ppk of x nonconforming among n.

    Interval: Clopper and Pearson 1934 (exact); Z and Ppk through the same bounds.

    Raises InvalidOption unless 0 <= nonconforming <= inspected and inspected >= 1.

    Source: ISO 22514-5; Bothe 1997, Measuring Process Capability.

    >>> round(attribute_capability(3, 1000).z.value, 3)
    2.748
    """
    require_between("level", level, 0.0, 1.0)
    if inspected < 1 or not 0 <= nonconforming <= inspected:
        raise InvalidOption(
            "nonconforming", nonconforming, f"between 0 and inspected ({inspected})"
        )
    x, n, tail = nonconforming, inspected, (1.0 - level) / 2.0
    low = float(betaincinv(x, n - x + 1, tail)) if x else 0.0
    high = float(betaincinv(x + 1, n - x, 1.0 - tail)) if x < n else 1.0
    p = x / n
    z = Estimate(-float(ndtri(p)), Interval(-float(ndtri(high)), -float(ndtri(low)), level))
    return AttributeCapability(
        method="attribute_capability",
        options={"level": level},
        convention="exact binomial interval; no 1.5 sigma shift",
        source="ISO 22514-5; Clopper and Pearson 1934, Biometrika 26",
        nonconforming=x,
        inspected=n,
        proportion=Estimate(p, Interval(low, high, level)),
        ppm=Estimate(1e6 * p, Interval(1e6 * low, 1e6 * high, level)),
        z=z,
        ppk=Estimate(z.value / 3.0, Interval(z.interval.low / 3.0, z.interval.high / 3.0, level)),
    )


def values_for_capability(
    *, expected: float, at_least: float, level: float = 0.95, power: float = 0.8
) -> int:
    """Return how many values prove Ppk >= at_least when it truly is `expected`.

    The one-sided lower bound (noncentral t, one limit) exceeds `at_least` with probability
    `power`: t_(1-power)(f, 3 sqrt(n) expected) >= t_level(f, 3 sqrt(n) at_least), f = n - 1.

    Raises InvalidOption unless 0 < at_least < expected.

    Source: Chou, Owen and Borrego 1990, Journal of Quality Technology 22(3).

    >>> values_for_capability(expected=1.67, at_least=1.33)
    71
    """
    require_between("level", level, 0.0, 1.0)
    require_between("power", power, 0.0, 1.0)
    if not 0.0 < at_least < expected < np.inf:
        raise InvalidOption("expected", expected, f"above at_least ({at_least}), which is above 0")

    def shortfall(n: float) -> float:
        scale = 3.0 * float(np.sqrt(n))
        needed = noncentral_quantile(level, n - 1.0, scale * at_least)
        return noncentral_t_below(needed, n - 1.0, scale * expected) - (1.0 - power)

    high = 4.0
    while shortfall(high) > 0.0:
        high *= 2.0
        if high > 1e7:
            raise InvalidOption("expected", expected, "further above at_least")
    if high == 4.0:
        return 4
    return int(np.ceil(optimize.brentq(shortfall, high / 2.0, high, xtol=1e-6)))
