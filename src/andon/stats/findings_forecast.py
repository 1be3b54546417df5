"""When a drifting stream will make its first piece out of specification."""

import math
from dataclasses import dataclass

from scipy.special import ndtri

from andon.stats.arrays import require_between
from andon.stats.findings import Finding
from andon.stats.findings_baseline import Baseline
from andon.stats.results import Interval, Result

__all__ = ["Forecast", "forecast_out_of_specification"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Result):
    """The working days left, counted from the subgroup that confirmed the finding.

    Attributes:
        days: from the line through the subgroups since the departure began.
        interval: with the ends of the slope's 95 % interval; open above when the slope may be zero.
        limit: the specification limit the stream is heading for, as given.
    """

    days: float
    interval: Interval
    limit: float


def forecast_out_of_specification(
    finding: Finding,
    baseline: Baseline,
    *,
    lower: float | None,
    upper: float | None,
    subgroups_per_day: float,
    share: float = 0.02,
) -> Forecast | None:
    """Return when the line of a SHIFT reaches the level at which `share` of pieces is outside.

    With g the centre of the subgroups since the departure began and b their slope, the level
    L = limit -/+ z(1 - share) w is reached (L - g) / b subgroups after the centre. At one piece in
    fifty outside, the first such piece is expected within days in samples of ten pieces a day.

    Args:
        finding: a SHIFT, on the model's scale.
        baseline: the one it was found against.
        lower: lower specification limit in the characteristic's unit; None when there is none.
        upper: upper specification limit.
        subgroups_per_day: subgroups of the stream per working day.
        share: share of pieces outside at which the first one is expected.

    Returns:
        None when the finding has no slope or does not move towards a limit.

    >>> base = Baseline(mean=0.0, sigma_of_means=1.0, sigma_within=1.0, subgroups=30)
    >>> slope = Interval(0.5, 1.5, 0.95)
    >>> drift = Finding(rule="SHIFT", position=4, began=0, direction=1, z=4.0, mean=2.0, slope=1.0,
    ...     slope_interval=slope)
    >>> f = forecast_out_of_specification(drift, base, lower=None, upper=12.0, subgroups_per_day=2)
    >>> round(f.days, 2), round(f.interval.low, 2), round(f.interval.high, 2)
    (2.97, 1.65, 6.95)
    """
    require_between("subgroups_per_day", subgroups_per_day, 0, math.inf)
    require_between("share", share, 0, 0.5)
    limit = upper if finding.direction > 0 else lower
    if finding.slope is None or finding.slope_interval is None or limit is None:
        return None
    if finding.slope * finding.direction <= 0:
        return None
    scaled = math.log(limit) if baseline.is_logarithmic else limit
    reach = (
        finding.direction * (scaled - finding.mean)
        - float(ndtri(1 - share)) * baseline.sigma_within
    )
    centre = (finding.position - finding.began) / 2
    slopes = sorted(
        finding.direction * slope
        for slope in (finding.slope_interval.low, finding.slope, finding.slope_interval.high)
    )
    latest, days, earliest = (_days(reach, s, centre, subgroups_per_day) for s in slopes)
    return Forecast(
        days=days,
        interval=Interval(earliest, latest, finding.slope_interval.level),
        limit=limit,
        method="forecast_out_of_specification",
        options={"share": share, "subgroups_per_day": subgroups_per_day},
        convention="least-squares line since the departure began; only the slope is uncertain",
        source="Draper and Smith, Applied Regression Analysis, chapter 1",
    )


def _days(reach: float, slope: float, centre: float, subgroups_per_day: float) -> float:
    if reach <= 0:
        return 0.0
    if slope <= 0:
        return math.inf
    return max(0.0, reach / slope - centre) / subgroups_per_day
