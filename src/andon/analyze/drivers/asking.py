"""What a page or a caller asks: days, characteristic and places, read with clear refusals."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from andon.analyze.drivers.pareto import COST, COUNT, DEFECT, Look
from andon.analyze.drivers.ranking import Question
from andon.history import places
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.days import day_of
from andon.records.errors import Refused

_USUAL = timedelta(days=30)
_LONGEST = timedelta(days=400)
Asked = Mapping[str, str]


def question_of(asked: Asked) -> Question:
    """Return the driver question of a query string; the last 30 measured days unless it says."""
    code = asked.get("characteristic", "")
    characteristic = Characteristic.objects.filter(code=code).select_related("process").first()
    if characteristic is None:
        message = _("There is no characteristic “%(code)s”.") % {"code": code[:60]}
        raise Refused.because(message, "characteristic")
    since, until = days_of(asked, newest=last_day(code))
    return Question(
        characteristic=characteristic, since=since, until=until,
        machines=_several(asked.get("machine", "")), shifts=_several(asked.get("shift", "")),
    )  # fmt: skip


def look_of(asked: Asked) -> Look:
    """Return what a Pareto is asked for; the last 30 measured days unless it says."""
    since, until = days_of(asked, newest=last_day())
    before = days_of(asked, "before_since", "before_until") if asked.get("before_since") else None
    measure = asked.get("measure", "") or COUNT
    if measure not in (COUNT, COST):
        raise Refused.because(_("measure is count or cost."), "measure")
    return Look(
        since=since, until=until, measure=measure,
        by=asked.get("by", "")[:100] or DEFECT,
        defect=asked.get("defect", "")[:40], machine=asked.get("machine", "")[:40],
        shift=asked.get("shift", "")[:20],
        before_since=before[0] if before else None, before_until=before[1] if before else None,
    )  # fmt: skip


def days_of(
    asked: Asked, first: str = "since", last: str = "until", *, newest: date | None = None
) -> tuple[date, date]:
    """Return two days in order, at most 400 apart."""
    until = day_of(asked, last) or newest or clock.today()
    since = day_of(asked, first) or until - _USUAL
    if since > until:
        raise Refused.because(_("The first day lies after the last."), first)
    if until - since > _LONGEST:
        raise Refused.because(_("Choose at most 400 days."), first)
    return since, until


def last_day(characteristic: str = "") -> date | None:
    """Return the day on which something was measured last, from the index alone."""
    newest = places.newest(characteristic)
    return newest.astimezone(clock.site_zone()).date() if newest else None


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
