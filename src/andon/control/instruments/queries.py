"""Whether an instrument may be used on a day, and why not. Pure: the instrument is given loaded."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.control.instruments.models import Instrument

_SOON = timedelta(days=30)
_KIND_OF_STATUS: dict[str, str] = {
    Instrument.Status.QUARANTINED.value: "problem",
    Instrument.Status.IN_CALIBRATION.value: "watched",
    Instrument.Status.RETIRED.value: "idle",
    Instrument.Status.REFERENCE_ONLY.value: "idle",
}


@dataclass(frozen=True, slots=True)
class Usability:
    """The answer: usable, or the reason why not."""

    reason: str = ""

    @property
    def is_usable(self) -> bool:
        """Tell whether measurements may be taken with it."""
        return not self.reason


def usability(instrument: Instrument | None, on: date) -> Usability:
    """Return whether measurements may be taken with an instrument on a day."""
    if instrument is None:
        return Usability(_("The instrument is unknown; load it with the master data first."))
    return Usability(refusal_to_use(instrument, on))


def refusal_to_use(instrument: Instrument, on: date) -> str:
    """Return why an instrument may not be used on a day, "" when it may.

    >>> refusal_to_use(Instrument(code="MIC-07", due_on=date(2025, 6, 2)), date(2025, 6, 2))
    ''
    >>> refusal_to_use(Instrument(code="MIC-07", due_on=date(2025, 6, 2)), date(2025, 6, 3))
    'MIC-07 is overdue for calibration since 2 June 2025.'
    """
    if instrument.status != Instrument.Status.IN_USE:
        reason = _("%(code)s is %(status)s and must not be used.")
        return reason % {"code": instrument.code, "status": instrument.get_status_display()}
    if instrument.due_on is not None and instrument.due_on < on:
        since = date_format(instrument.due_on, "j F Y")
        reason = _("%(code)s is overdue for calibration since %(since)s.")
        return reason % {"code": instrument.code, "since": since}
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an instrument stands, as a status of the design system and in words."""

    kind: str
    words: str


def standing(instrument: Instrument, on: date) -> Standing:
    """Return how an instrument stands on a day: usable, soon due, overdue or out of use."""
    if instrument.status != Instrument.Status.IN_USE:
        kind = _KIND_OF_STATUS[instrument.status]
        return Standing(kind, instrument.get_status_display())
    if instrument.due_on is None:
        return Standing("ok", _("needs no calibration"))
    due = date_format(instrument.due_on, "j M Y")
    if instrument.due_on < on:
        return Standing("problem", _("overdue since %(due)s") % {"due": due})
    if instrument.due_on <= on + _SOON:
        return Standing("attention", _("due on %(due)s") % {"due": due})
    return Standing("ok", _("calibrated until %(due)s") % {"due": due})
