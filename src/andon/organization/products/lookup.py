"""The page of a lot or product whose code somebody scanned or typed into the search."""

from django.urls import reverse

from andon.organization.products.models import Lot, Product
from andon.records.models import Account
from andon.records.permissions import may


def address_of(code: str, account: Account) -> str | None:
    """Return the address of the page that this account may see; None when there is none."""
    if may(account, "lots.view") and Lot.objects.filter(code=code).exists():
        return reverse("lot", args=[code])
    if may(account, "products.view") and Product.objects.filter(code=code).exists():
        return reverse("product", args=[code])
    return None
