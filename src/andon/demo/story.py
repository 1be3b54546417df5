"""What goes wrong in the year, as data: every seeded problem and what was done about it.

The generator reads the three kinds of change (`VALUE_CHANGES`, `RATE_CHANGES`,
`DELIVERY_CHANGES`); a healthy year is drawn without them. The remaining constants are the facts
that surround the measurements: corrective actions, the complaint, the calibration.
"""

import math
from dataclasses import dataclass
from datetime import date

__all__ = [
    "CALIBRATION",
    "COMPLAINT",
    "CORRECTIVE_ACTIONS",
    "DELIVERY_CHANGES",
    "RATE_CHANGES",
    "VALUE_CHANGES",
    "CalibrationFact",
    "ComplaintFact",
    "CorrectiveActionFact",
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


@dataclass(frozen=True, slots=True)
class CorrectiveActionFact:
    """A corrective action of the year with the metric and the target registered beforehand.

    `metric` is `rate CODE CELL SHIFT` (empty places mean all) or `mean CHARACTERISTIC MACHINE`;
    `target_ratio` is the rate after over the rate before that was promised. The baseline window
    ends before `effective_on`, the window after it ends on `check_on`.
    """

    problem: str
    metric: tuple[str, str, str, str]
    baseline_from: date
    baseline_to: date
    effective_on: date
    check_on: date
    target_ratio: float | None
    action: str


@dataclass(frozen=True, slots=True)
class ComplaintFact:
    """A customer's complaint about a delivered shipment."""

    problem: str
    customer: str
    received_on: date
    pieces: int
    nonconforming: int
    characteristic: str
    observed_above: float
    cell: str
    made_on: tuple[date, date]


@dataclass(frozen=True, slots=True)
class CalibrationFact:
    """A calibration that found the instrument outside its permissible error."""

    problem: str
    instrument: str
    calibrated_on: date
    last_good_on: date
    error_as_found: float
    permissible_error: float


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

CORRECTIVE_ACTIONS = (
    CorrectiveActionFact(
        "P1",
        ("mean", "PD", "L3", ""),
        date(2025, 1, 2),
        date(2025, 2, 28),
        date(2025, 3, 31),
        date(2025, 5, 30),
        None,
        "new tool-life limit",
    ),
    CorrectiveActionFact(
        "P3",
        ("rate", "CRIMP", "A2", "N"),
        date(2025, 7, 1),
        date(2025, 9, 12),
        date(2025, 9, 15),
        date(2025, 11, 14),
        0.5,
        "training of the night shift",
    ),
    # Nothing was injected for this one: the action is honest work without effect.
    CorrectiveActionFact(
        "P8",
        ("rate", "BURR", "", ""),
        date(2025, 1, 2),
        date(2025, 4, 14),
        date(2025, 4, 15),
        date(2025, 6, 13),
        0.5,
        "new deburring brush",
    ),
)

COMPLAINT = ComplaintFact(
    "P6",
    "C-07",
    date(2025, 6, 17),
    2000,
    12,
    "CR",
    80.0,
    "A1",
    (date(2025, 5, 15), date(2025, 5, 16)),
)

CALIBRATION = CalibrationFact("P7", "MIC-07", date(2025, 10, 10), date(2025, 4, 10), 0.0042, 0.0020)
