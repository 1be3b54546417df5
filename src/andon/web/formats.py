"""Numbers as people read them: at their characteristic's resolution, in the reader's language."""

import math
from decimal import Decimal, localcontext
from typing import Any

from django.utils.formats import number_format

MISSING = "–"
_ENOUGH = 700
"""Digits of the largest float with as many decimals as the smallest one has before its first."""
_LIMIT_DIGITS = 2
"""A computed limit shows two digits more than the values, so that it never hides between two."""


def digits_of(resolution: Any) -> int:
    """Return the decimals that a resolution such as 0.0005 needs."""
    exponent = Decimal(str(resolution)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def is_missing(value: Any) -> bool:
    """Tell whether there is no number to show."""
    return value in (None, "") or (isinstance(value, float) and not math.isfinite(value))


def fixed(value: Any, digits: int = 0) -> str:
    """Show a number with so many decimals and grouped thousands; a dash when there is none."""
    if is_missing(value):
        return MISSING
    with localcontext(prec=_ENOUGH):
        number = round(Decimal(str(value)), int(digits))
    shown = number_format(abs(number), decimal_pos=int(digits), force_grouping=True)
    return f"−{shown}" if number < 0 else shown


def signed(value: Any, digits: int = 0) -> str:
    """Show a difference with its sign."""
    shown = fixed(value, digits)
    return f"+{shown}" if not is_missing(value) and float(value) > 0 else shown


def percent(value: Any, digits: int = 0) -> str:
    """Show a share as a percentage: 0.0025 with two decimals is 0.25 %."""
    return MISSING if is_missing(value) else f"{fixed(Decimal(str(value)) * 100, digits)} %"


def ppm(value: Any) -> str:
    """Show a share in parts per million."""
    return MISSING if is_missing(value) else f"{fixed(Decimal(str(value)) * 1_000_000)} ppm"


def at_resolution(value: Any, resolution: Any) -> str:
    """Show a measured value with the decimals of its characteristic."""
    return fixed(value, digits_of(resolution)) if resolution else significant(value)


def limit_at(value: Any, resolution: Any) -> str:
    """Show a computed limit or mean: two decimals more than a measured value."""
    return fixed(value, digits_of(resolution) + _LIMIT_DIGITS) if resolution else significant(value)


def significant(value: Any, figures: int = 4) -> str:
    """Show a number with so many significant figures."""
    if is_missing(value) or float(value) == 0:
        return fixed(value)
    return fixed(value, max(0, figures - 1 - math.floor(math.log10(abs(float(value))))))
