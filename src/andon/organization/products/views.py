"""Pages: products, characteristics, lots, and one lot with what it came from and went into."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.organization.products.genealogy import Relative, made_from, where_used
from andon.organization.products.models import Characteristic, Lot, Product
from andon.records.access import needs

_PAGE = 50
_SHOWN_RELATIVES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One station of the strip that tells where a lot came from and went to."""

    count: int
    label: str
    kind: str = ""


@needs("products.view")
def product_list(request: HttpRequest) -> HttpResponse:
    """List the products by family."""
    products = Product.objects.order_by("family", "code")
    return render(request, "products/product_list.html", {"products": products})


@needs("products.view")
def product_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a product with its characteristics and what it costs after each process."""
    product = get_object_or_404(Product, code=code)
    context = {
        "product": product,
        "characteristics": product.characteristics.select_related("process", "product"),
        "costs": product.standard_costs.select_related("process"),
    }
    return render(request, "products/product.html", context)


@needs("products.view")
def characteristic_list(request: HttpRequest) -> HttpResponse:
    """List what is measured and counted, in process order, with specification."""
    characteristics = Characteristic.objects.select_related("process", "product")
    special = characteristics.filter(classification=Characteristic.Classification.SPECIAL)
    context = {"characteristics": characteristics, "special_count": special.count()}
    return render(request, "products/characteristic_list.html", context)


@needs("lots.view")
def lot_list(request: HttpRequest) -> HttpResponse:
    """List lots, newest first, by code, kind, status and machine."""
    lots = _filtered(Lot.objects.select_related("product", "machine", "partner"), request.GET)
    context = {
        "page": Paginator(lots, _PAGE).get_page(request.GET.get("page")),
        "blocked_count": Lot.objects.filter(status=Lot.Status.BLOCKED).count(),
        "kinds": Lot.Kind.choices,
        "statuses": Lot.Status.choices,
        "chosen": request.GET,
    }
    return render(request, "products/lot_list.html", context)


@needs("lots.view")
def lot_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a lot, what it was made from and where it went."""
    rows = Lot.objects.select_related("product", "process", "machine", "partner")
    lot = get_object_or_404(rows, code=code)
    sources, uses = made_from(lot), where_used(lot)
    context = {
        "lot": lot,
        "sources": sources[:_SHOWN_RELATIVES],
        "uses": uses[:_SHOWN_RELATIVES],
        "source_count": len(sources),
        "use_count": len(uses),
        "places": [*_places(lot, sources), Place(1, _("this lot")), *_places(lot, uses)],
        "customers": sorted({str(used.lot.partner) for used in uses if used.lot.partner}),
    }
    return render(request, "products/lot.html", context)


def _filtered(lots: QuerySet[Lot], chosen: Any) -> QuerySet[Lot]:
    if text := chosen.get("q", "").strip():
        lots = lots.filter(Q(code__icontains=text) | Q(partner__code__iexact=text))
    for column in ("kind", "status"):
        if chosen.get(column):
            lots = lots.filter(**{column: chosen[column]})
    return lots.filter(machine__code=chosen["machine"]) if chosen.get("machine") else lots


def _places(lot: Lot, relatives: list[Relative]) -> list[Place]:
    """Return how many lots of each kind there are, in the order of the flow.

    Shipments of a blocked lot have left the house although they should not have.
    """
    counts = Counter(relative.lot.kind for relative in relatives)
    return [
        Place(
            counts[kind],
            _word(kind, counts[kind]),
            "escaped" if lot.is_blocked and kind == Lot.Kind.SHIPMENT else "",
        )
        for kind in Lot.Kind.values
        if counts[kind]
    ]


def _word(kind: str, count: int) -> str:
    """Return what so many lots of a kind are called."""
    words = {
        "material": ngettext("material lot", "material lots", count),
        "component": ngettext("component lot", "component lots", count),
        "assembly": ngettext("assembly lot", "assembly lots", count),
        "shipment": ngettext("shipment", "shipments", count),
    }
    return words[kind]
