"""Measured values, drawn from one published random stream per series.

A series is one characteristic on one machine. Its stream is keyed by text, so that adding a series
never changes another, and only the raw bits of the generator are used, which stay the same
between numpy versions while its distribution methods may change.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from andon.demo.calendar import iso_week, working_days
from andon.demo.story import ValueChange

__all__ = [
    "BETWEEN_SHARE",
    "SERIES",
    "Series",
    "draw_series",
    "instrument_of",
    "spring_supplier",
    "uniforms",
]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# The sigma between subgroups is this share of the sigma within.
BETWEEN_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Series:
    """One characteristic with the machines and shifts that measure it.

    `target` and `sigma` are on the scale of the model: for a logarithmic one they are the mean and
    the sigma of the logarithm. `decimals` is the resolution of the reading.
    """

    characteristic: str
    machines: tuple[str, ...]
    shifts: str
    size: int
    target: float
    sigma: float
    lower: float | None
    upper: float | None
    decimals: int
    is_logarithmic: bool = False

    @property
    def is_assembled(self) -> bool:
        """Say whether it is measured on the cells, whose springs come from one of two suppliers."""
        return self.machines[0].startswith("A")


_LATHES = ("L1", "L2", "L3", "L4")
_CELLS = ("A1", "A2", "A3")
_LN24, _LN12 = float(np.log(24)), float(np.log(12))

SERIES = (
    Series("PD", _LATHES, "EL", 5, 0.74, 0.002, 0.73, 0.75, 4),
    Series("BO", ("L5", "L6"), "EL", 5, 1.02, 0.002, 1.01, 1.03, 4),
    Series("HV", ("HT1",), "E", 3, 385.0, 8.0, 345.0, 425.0, 0),
    Series("AU", ("PL1", "PL2"), "EL", 5, 1.3, 0.095, 0.8, 1.8, 2),
    Series("SF", _CELLS, "ELN", 5, 1.0, 0.03, 0.85, 1.15, 3),
    Series("TL", _CELLS, "ELN", 5, 16.55, 0.018, 16.45, 16.65, 3),
    Series("RO", _CELLS, "E", 5, _LN12, 0.19, None, 30.0, 1, is_logarithmic=True),
    Series("CR", ("T1", "T2"), "ELN", 5, _LN24, 0.15, None, 50.0, 1, is_logarithmic=True),
)

_INSTRUMENTS = {
    ("PD", "L1"): "MIC-01",
    ("PD", "L2"): "MIC-02",
    ("PD", "L3"): "MIC-03",
    ("PD", "L4"): "MIC-04",
    ("SF", "A1"): "SF-01",
    ("SF", "A2"): "SF-01",
    ("SF", "A3"): "SF-02",
    ("CR", "T1"): "MO-T1",
    ("CR", "T2"): "MO-T2",
}
_SHARED_INSTRUMENTS = {"AU": "XRF-01", "HV": "HV-01", "TL": "OPT-01", "RO": "RUN-01"}


def uniforms(key: str, count: int) -> FloatArray:
    """Return `count` uniform numbers of the stream with this key, strictly between 0 and 1.

    The first 16 bytes of the key's SHA-256, big-endian, start a PCG64;
    u = ((raw >> 11) + 0.5) / 2^53.
    """
    start = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    raw = np.random.PCG64(start).random_raw(count)
    return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def draw_series(
    seed: int, series: Series, machine: str, changes: Sequence[ValueChange] = ()
) -> FloatArray:
    """Return the year's readings of one machine, one row per subgroup, days first, then shifts.

    reading = target + move + 0.15 sigma z_between + sigma spread z_within, through exp for a
    logarithmic model, rounded to the resolution. All between-normals are drawn before the
    within-normals.
    """
    count = len(working_days()) * len(series.shifts)
    normals = ndtri(
        uniforms(f"{seed}/{series.characteristic}/{machine}", count * (series.size + 1))
    )
    between, within = normals[:count], normals[count:].reshape(count, series.size)
    move, spread = _effects(series, machine, changes)
    centre = series.target + move + BETWEEN_SHARE * series.sigma * between
    modelled = centre[:, None] + series.sigma * spread[:, None] * within
    readings: FloatArray = np.exp(modelled) if series.is_logarithmic else modelled
    return np.round(readings, series.decimals)


@cache
def instrument_of(characteristic: str, machine: str, day: date, shift: str) -> str:
    """Return the instrument used; the two barrel micrometers are taken at random, by hash.

    >>> instrument_of("PD", "L3", date(2025, 1, 2), "E")
    'MIC-03'
    """
    if characteristic == "BO":
        digest = hashlib.sha256(f"BO/{machine}/{day.isoformat()}/{shift}".encode()).digest()
        return "MIC-07" if digest[0] % 2 == 0 else "MIC-08"
    own = _INSTRUMENTS.get((characteristic, machine))
    return own or _SHARED_INSTRUMENTS[characteristic]


def spring_supplier(cell: str, day: date) -> str:
    """Return whose springs the cell uses: S-A when ISO week + cell number is even, else S-B.

    >>> spring_supplier("A2", date(2025, 10, 6)), spring_supplier("A1", date(2025, 10, 6))
    ('S-B', 'S-A')
    """
    return "S-A" if (iso_week(day) + int(cell[1:])) % 2 == 0 else "S-B"


def _effects(
    series: Series, machine: str, changes: Sequence[ValueChange]
) -> tuple[FloatArray, FloatArray]:
    """Return move and spread of every subgroup of the year."""
    count = len(working_days()) * len(series.shifts)
    move, spread = np.zeros(count), np.ones(count)
    for change in changes:
        if change.characteristic == series.characteristic and machine in change.machines:
            hit = _hits(series, machine, change)
            move[hit] = change.move + change.move_per_day * _days_since(series, change)[hit]
            spread[hit] = change.spread
    return move, spread


def _hits(series: Series, machine: str, change: ValueChange) -> BoolArray:
    return np.array(
        [
            change.first_on <= day <= change.last_on
            and shift in change.shifts
            and change.level in ("", _level(series, machine, day, shift))
            for day in working_days()
            for shift in series.shifts
        ]
    )


def _level(series: Series, machine: str, day: date, shift: str) -> str:
    if series.is_assembled:
        return spring_supplier(machine, day)
    return instrument_of(series.characteristic, machine, day, shift)


def _days_since(series: Series, change: ValueChange) -> FloatArray:
    """Return the working-day number since the change began, 1 on its first day."""
    numbers = np.cumsum([day >= change.first_on for day in working_days()], dtype=np.float64)
    return np.repeat(numbers, len(series.shifts))
