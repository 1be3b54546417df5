"""REST operations of partners."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from andon.organization.partners.models import Partner
from andon.records.rest import needs
from andon.records.rest.cursors import page_of
from andon.records.rest.problems import REFUSALS

router = Router(tags=["organization"])


class PartnerOut(Schema):
    """A supplier or customer."""

    code: str
    name: str
    kind: str
    is_active: bool


class PartnerPage(Schema):
    """A page of partners."""

    items: list[PartnerOut]
    next: str = ""


@router.get("/partners", response={200: PartnerPage, **REFUSALS})
@needs("partners.view")
def list_partners(request: HttpRequest, kind: str = "", cursor: str = "", limit: int = 50) -> Any:
    """List suppliers and customers."""
    partners = Partner.objects.filter(kind=kind) if kind else Partner.objects.all()
    items, following = page_of(partners, cursor, limit)
    return {"items": items, "next": following}


@router.get("/partners/{path:code}", response={200: PartnerOut, **REFUSALS})
@needs("partners.view")
def read_partner(request: HttpRequest, code: str) -> Any:
    """Read one partner."""
    return Partner.objects.get(code=code)
