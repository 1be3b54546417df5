"""The page of an instrument whose code somebody scanned or typed into the search."""

from django.urls import reverse

from andon.control.instruments.models import Instrument
from andon.records.models import Account
from andon.records.permissions import may


def address_of(code: str, account: Account) -> str | None:
    """Return the address of the page that this account may see; None when there is none."""
    if may(account, "instruments.view") and Instrument.objects.filter(code=code).exists():
        return reverse("instrument", args=[code])
    return None
