"""REST operations of products, characteristics and lots."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from andon.organization.products.genealogy import made_from, where_used
from andon.organization.products.models import Characteristic, Lot, Product
from andon.organization.products.schemas import (
    CharacteristicOut,
    CharacteristicPage,
    LotIn,
    LotOut,
    LotPage,
    LotsAsked,
    LotWithGenealogy,
    ProductOut,
    ProductPage,
    StatedLots,
)
from andon.organization.products.services import (
    LotFacts,
    block_lots,
    link_many,
    release_lots,
    state_lots,
)
from andon.records.models import Account
from andon.records.rest import account_of, needs, once
from andon.records.rest.cursors import page_of
from andon.records.rest.problems import REFUSALS
from andon.records.trail.context import acting

router = Router(tags=["organization"])
_LOTS = Lot.objects.select_related("product", "process", "machine", "partner")


@router.get("/products", response={200: ProductPage, **REFUSALS})
@needs("products.view")
def list_products(request: HttpRequest, cursor: str = "", limit: int = 50) -> Any:
    """List the products."""
    items, following = page_of(Product.objects.all(), cursor, limit)
    return {"items": items, "next": following}


@router.get("/products/{path:code}", response={200: ProductOut, **REFUSALS})
@needs("products.view")
def read_product(request: HttpRequest, code: str) -> Any:
    """Read one product."""
    return Product.objects.get(code=code)


@router.get("/characteristics", response={200: CharacteristicPage, **REFUSALS})
@needs("products.view")
def list_characteristics(request: HttpRequest, cursor: str = "", limit: int = 50) -> Any:
    """List what is measured and counted, with specification."""
    rows = Characteristic.objects.select_related("process", "product")
    items, following = page_of(rows, cursor, limit)
    return {"items": items, "next": following}


@router.get("/characteristics/{path:code}", response={200: CharacteristicOut, **REFUSALS})
@needs("products.view")
def read_characteristic(request: HttpRequest, code: str) -> Any:
    """Read one characteristic."""
    return Characteristic.objects.select_related("process", "product").get(code=code)


@router.get("/lots", response={200: LotPage, **REFUSALS})
@needs("lots.view")
def list_lots(
    request: HttpRequest, kind: str = "", status: str = "", cursor: str = "", limit: int = 50
) -> Any:
    """List lots, newest first."""
    wanted = {name: value for name, value in (("kind", kind), ("status", status)) if value}
    items, following = page_of(_LOTS.filter(**wanted), cursor, limit)
    return {"items": items, "next": following}


@router.post("/lots", response={200: StatedLots, **REFUSALS})
@needs("lots.record")
def state(request: HttpRequest, body: list[LotIn]) -> Any:
    """State facts of lots and what went into them; all or nothing, again changes nothing."""
    return once(request, lambda: (200, _stated(body, account_of(request))))


@router.post("/lots/block", response={200: list[str], **REFUSALS})
@needs("lots.block")
def block(request: HttpRequest, body: LotsAsked) -> Any:
    """Block lots with a reason; answers those that were free."""
    changed = block_lots(_named(body), actor=account_of(request), reason=body.reason)
    return [lot.code for lot in changed]


@router.post("/lots/release", response={200: list[str], **REFUSALS})
@needs("lots.release")
def release(request: HttpRequest, body: LotsAsked) -> Any:
    """Free blocked lots with a reason; answers those that were blocked."""
    changed = release_lots(_named(body), actor=account_of(request), reason=body.reason)
    return [lot.code for lot in changed]


@router.get("/lots/{path:code}", response={200: LotWithGenealogy, **REFUSALS})
@needs("lots.view")
def read_lot(request: HttpRequest, code: str) -> Any:
    """Read a lot with all it was made from and all that was made from it."""
    lot = _LOTS.get(code=code)
    told = LotOut.from_orm(lot).dict()
    return told | {"made_from": made_from(lot), "where_used": where_used(lot)}


def _stated(body: list[LotIn], actor: Account) -> dict[str, Any]:
    with acting(actor):
        facts = [LotFacts(**lot.dict(exclude={"made_from"})) for lot in body]
        lots = state_lots(facts, actor=actor)
        uses = [(lot.code, used.lot, used.quantity) for lot in body for used in lot.made_from]
        return {"lots": [lot.code for lot in lots], "new_uses": link_many(uses, actor=actor)}


def _named(body: LotsAsked) -> list[Lot]:
    """Return the lots of the codes; one that does not exist is 404."""
    return [Lot.objects.get(code=code) for code in body.lots]
