"""What goes wrong in the year, as data: every seeded problem; a healthy year is drawn without."""

import math
from dataclasses import dataclass
from datetime import date

__all__ = [
    "DELIVERY_CHANGES",
    "RATE_CHANGES",
    "VALUE_CHANGES",
    "DeliveryChange",
    "RateChange",
    "ValueChange",
]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A change of measured values on the model's scale (the logarithm for CR and RO).

    The mean moves by `move`, plus `move_per_day` for each working day since `first_on` inclusive;
    the within-subgroup sigma is multiplied by `spread`. `level` restricts it to the subgroups made
    with that spring supplier or measured with that instrument.
    """

    problem: str
    characteristic: str
    machines: tuple[str, ...]
    shifts: str
    first_on: date
    last_on: date
    move: float = 0.0
    move_per_day: float = 0.0
    spread: float = 1.0
    level: str = ""


@dataclass(frozen=True, slots=True)
class RateChange:
    """A defect code whose share on one cell and shift becomes `share` for a while."""

    problem: str
    code: str
    cell: str
    shift: str
    first_on: date
    last_on: date
    share: float


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """A supplier whose deliveries carry `share` of nonconforming springs from a day on."""

    problem: str
    supplier: str
    first_on: date
    share: float


VALUE_CHANGES = (
    # The insert life counter of lathe L3 is set wrong: the tool wears on, day by day.
    ValueChange(
        "P1", "PD", ("L3",), "EL", date(2025, 3, 3), date(2025, 3, 28), move_per_day=0.00035
    ),
    # A rectifier fault in one plating lot: every reading in specification, the lot far off.
    ValueChange("P2", "AU", ("PL2",), "E", date(2025, 5, 14), date(2025, 5, 14), move=-0.38),
    # That lot, assembled in cell A1, at final test.
    ValueChange(
        "P2",
        "CR",
        ("T1",),
        "ELN",
        date(2025, 5, 15),
        date(2025, 5, 16),
        move=math.log(34 / 24),
        spread=1.5,
    ),
    # Supplier S-B changes the wire without notice.
    ValueChange(
        "P5",
        "SF",
        ("A1", "A2", "A3"),
        "ELN",
        date(2025, 10, 6),
        date(2025, 12, 31),
        move=-0.07,
        spread=1.4,
        level="S-B",
    ),
    # Micrometer MIC-07 was dropped and reads too much until its calibration.
    ValueChange(
        "P7",
        "BO",
        ("L5", "L6"),
        "EL",
        date(2025, 9, 1),
        date(2025, 10, 10),
        move=0.004,
        level="MIC-07",
    ),
)

# Agency staff, not qualified for the crimp, on the night shift of cell A2.
RATE_CHANGES = (
    RateChange("P3", "CRIMP", "A2", "N", date(2025, 7, 1), date(2025, 9, 12), share=0.015),
)

DELIVERY_CHANGES = (DeliveryChange("P5", "S-B", date(2025, 10, 1), share=0.04),)
