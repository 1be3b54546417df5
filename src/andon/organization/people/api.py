"""REST operations of people."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from andon.organization.people.models import Person
from andon.records.rest import needs
from andon.records.rest.cursors import page_of
from andon.records.rest.problems import REFUSALS

router = Router(tags=["organization"])


class PersonOut(Schema):
    """Somebody who works here."""

    code: str
    name: str
    department: str
    account: str = Field("", alias="account.username")
    is_active: bool


class PersonPage(Schema):
    """A page of people."""

    items: list[PersonOut]
    next: str = ""


@router.get("/people", response={200: PersonPage, **REFUSALS})
@needs("people.view")
def list_people(request: HttpRequest, cursor: str = "", limit: int = 50) -> Any:
    """List the people of the organization."""
    items, following = page_of(Person.objects.select_related("account"), cursor, limit)
    return {"items": items, "next": following}
