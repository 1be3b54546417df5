"""What control plans announce: instruments are about to be named for a characteristic."""

from collections.abc import Sequence
from dataclasses import dataclass

from andon.control.instruments.models import Instrument
from andon.organization.products.models import Characteristic


@dataclass(frozen=True, slots=True)
class InstrumentsChosen:
    """A plan line newly names instruments; a handler may refuse by raising `Refused`."""

    characteristic: Characteristic
    instruments: Sequence[Instrument]
