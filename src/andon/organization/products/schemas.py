"""What the interface takes and tells of products, characteristics and lots."""

from datetime import date
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import Field as Limit

from andon.records.rest.schemas import Strict

Code = Annotated[str, Limit(min_length=1, max_length=80)]
Quantity = Annotated[int, Limit(ge=0, le=2_147_483_647)]


class ProductOut(Schema):
    """A product."""

    code: str
    name: str
    family: str
    is_active: bool


class ProductPage(Schema):
    """A page of products."""

    items: list[ProductOut]
    next: str = ""


class CharacteristicOut(Schema):
    """What is measured or counted; a missing limit is null."""

    code: str
    name: str
    product: str = Field("", alias="product.code")
    process: str = Field(..., alias="process.code")
    kind: str
    unit: str
    resolution: float | None
    target: float | None
    lower_specification: float | None
    upper_specification: float | None
    classification: str
    model: str
    is_active: bool


class CharacteristicPage(Schema):
    """A page of characteristics."""

    items: list[CharacteristicOut]
    next: str = ""


class LotOut(Schema):
    """A lot."""

    code: str
    kind: str
    product: str = Field("", alias="product.code")
    process: str = Field("", alias="process.code")
    machine: str = Field("", alias="machine.code")
    partner: str = Field("", alias="partner.code")
    quantity: int | None
    made_on: date | None
    location: str
    status: str
    status_reason: str


class LotPage(Schema):
    """A page of lots."""

    items: list[LotOut]
    next: str = ""


class RelativeOut(Schema):
    """A lot at a distance in the genealogy."""

    lot: str = Field(..., alias="lot.code")
    kind: str = Field(..., alias="lot.kind")
    status: str = Field(..., alias="lot.status")
    distance: int


class LotWithGenealogy(Schema):
    """A lot with its genealogy in both directions, nearest first."""

    code: str
    kind: str
    product: str
    process: str
    machine: str
    partner: str
    quantity: int | None
    made_on: date | None
    location: str
    status: str
    status_reason: str
    made_from: list[RelativeOut]
    where_used: list[RelativeOut]


class UseIn(Strict):
    """A lot that went into another."""

    lot: Code
    quantity: Quantity | None = None


class LotIn(Strict):
    """Facts of a lot; product, process, machine and partner by code; what is left out stays."""

    code: Code
    kind: Literal["", "material", "component", "assembly", "shipment"] = ""
    product: str = ""
    process: str = ""
    machine: str = ""
    partner: str = ""
    quantity: Quantity | None = None
    made_on: date | None = None
    location: Annotated[str, Limit(max_length=100)] = ""
    made_from: list[UseIn] = []


class StatedLots(Schema):
    """The lots stated, and how many uses were not known before."""

    lots: list[str]
    new_uses: int


class LotsAsked(Strict):
    """Lots to block or release, and why."""

    lots: list[Code]
    reason: str
