"""The interface itself, at /api/v1/, with its OpenAPI document at /api/v1/openapi.json."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema

from andon import __version__
from andon.records.permissions import permissions_of
from andon.records.rest.access import PageAuth, TokenAuth, account_of, needs
from andon.records.rest.bodies import StrictParser
from andon.records.rest.pace import EachCaller
from andon.records.rest.problems import REFUSALS, install_handlers, state_refusals


class Interface(NinjaAPI):
    """The interface, whose document says that refusals are problem documents."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(**given)
        for operations in schema["paths"].values():
            for operation in operations.values():
                state_refusals(operation["responses"])
        return schema


api = Interface(
    title="Andon",
    version=__version__,
    description="Quality management whose loop closes by evidence.",
    auth=[TokenAuth(), PageAuth()],
    docs_url=None,
    throttle=[EachCaller()],
    parser=StrictParser(),
)
install_handlers(api)


class Me(Schema):
    """The calling account."""

    username: str
    name: str
    roles: list[str]
    permissions: list[str]


@api.get("/me", response={200: Me, **REFUSALS}, tags=["account"])
@needs("records.search")
def me(request: HttpRequest) -> Me:
    """Tell who calls and what this caller may do."""
    account = account_of(request)
    return Me(
        username=account.username,
        name=account.name,
        roles=sorted(account.roles()),
        permissions=permissions_of(account),
    )
