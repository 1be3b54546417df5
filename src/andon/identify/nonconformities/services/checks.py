"""What every quantity must be; told here in words, enforced again by the database."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from andon.identify.nonconformities.models import Nonconformity
from andon.records.errors import Refused

MOST = Decimal(10) ** 10


def check_quantity(
    record: Nonconformity, quantity: Decimal, field: str = "quantity", *, may_be_none: bool = False
) -> None:
    """Refuse what is not finite, not above zero, or not whole although pieces are counted."""
    if not quantity.is_finite() or abs(quantity) > MOST:
        raise Refused.because(_("A quantity is a finite number."), field)
    if quantity < 0 or (quantity == 0 and not may_be_none):
        raise Refused.because(_("A quantity is above zero."), field)
    if record.unit == "pieces" and quantity != quantity.to_integral_value():
        raise Refused.because(_("Pieces are whole numbers."), field)
    if quantity != round(quantity, 3):
        raise Refused.because(_("A quantity has at most three decimals."), field)


def refuse_unless_in(record: Nonconformity, states: Sequence[str]) -> None:
    """Refuse to change lines of a part that is already past."""
    if record.state not in states:
        message = _("This is not possible while “%(state)s”.")
        raise Refused.because(message % {"state": record.current_state.label})
