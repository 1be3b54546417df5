"""Reads over products: what a piece has cost, and at which rates quality is paid."""

from decimal import Decimal

from andon.organization.processes.models import Process
from andon.organization.products.models import Product, Rate, StandardCost


def cost_per_piece(process: Process, product: Product | None = None) -> Decimal | None:
    """Return what a piece has cost when it leaves a process.

    A process without a cost of its own has that of the last one before it; a product without its
    own cost has that of all products. None when nothing is known.
    """
    known = StandardCost.objects.filter(process__position__lte=process.position)
    latest = known.order_by("-process__position")
    own = latest.filter(product=product).first() if product else None
    found = own or latest.filter(product=None).first()
    return found.per_piece if found else None


def rate(code: str) -> Decimal | None:
    """Return a rate by its code, such as "rework per piece"; None when it is not stated."""
    return Rate.objects.filter(code=code).values_list("value", flat=True).first()
