"""Destroying months of measurements whose time is over: asked for by one person, done by another.

What stays of a month is how many rows of how many streams it held, from when until when.
"""

from datetime import date

from django.utils.translation import gettext as _

from andon.history.models import DroppedMonth
from andon.history.retention import NotYet, drop_months, months_before
from andon.identify.measurements.models import MeasurementPurge
from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.keeping.retention import MEASUREMENTS
from andon.records.models import Account, RetentionPeriod
from andon.records.permissions import require
from andon.records.trail.context import acting


def request_purge(before: date, *, reason: str, actor: Account) -> list[str]:
    """Ask that the months which end before a day be destroyed; return them."""
    require(actor, "records.retain")
    _refuse_kept(before)
    if not reason.strip():
        raise Refused.because(_("Give a reason."), "reason")
    if MeasurementPurge.objects.filter(before=before).exists():
        raise Refused.because(_("This was asked for already: another person does it."))
    months = months_before(before)
    if not months.height:
        raise Refused.because(
            _("No measurements of a month that ends before %(day)s are there.") % {"day": before}
        )
    with acting(actor, reason=reason):
        MeasurementPurge.objects.create(
            before=before, reason=reason.strip(), requested_by=actor, requested_at=clock.now()
        )
    return [str(month) for month in months["month"]]


def purge(before: date, *, actor: Account) -> list[DroppedMonth]:
    """Destroy these months as the second person; return what is left of each.

    Raises:
        Refused: nobody asked for it, or the same person did, or their time is not over.
        Conflict: rows of these months are still on their way to the lake.
    """
    require(actor, "records.retain")
    wanted = MeasurementPurge.objects.filter(before=before, approved_by=None).first()
    if wanted is None:
        raise Refused.because(
            _("Nobody asked that measurements before %(day)s be destroyed.") % {"day": before}
        )
    if wanted.requested_by_id == actor.pk:
        raise Refused.because(_("Somebody else must destroy it: not who asked for it."))
    _refuse_kept(before)
    with acting(actor, reason=wanted.reason):
        try:
            dropped = drop_months(before, reason=wanted.reason, at=clock.now())
        except NotYet as error:
            raise Conflict(str(error)) from error
        wanted.approved_by, wanted.approved_at = actor, clock.now()
        wanted.save()
    return dropped


def _refuse_kept(before: date) -> None:
    """Refuse a day after the one up to which the time of measurements is over."""
    period = RetentionPeriod.objects.filter(kind=MEASUREMENTS).first()
    if period is None:
        raise Refused.because(
            _("Measurements have no retention period: andon retain measurements YEARS.")
        )
    today = clock.today()
    is_leap_day = (today.month, today.day) == (2, 29)
    over = today.replace(year=today.year - period.years, day=28 if is_leap_day else today.day)
    if before > over:
        told = {"years": period.years, "day": over}
        raise Refused.because(
            _("Measurements are kept for %(years)d years: name %(day)s or a day before.") % told
        )
