"""Refuse measurements taken with an instrument that must not be used."""

from datetime import date

from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import usability
from andon.records.errors import Conflict


def refuse_unusable(instrument: Instrument | None, *, on: date) -> None:
    """Raise `Conflict` with the reason unless the instrument may be used on that day."""
    answer = usability(instrument, on)
    if not answer.is_usable:
        raise Conflict(answer.reason)
