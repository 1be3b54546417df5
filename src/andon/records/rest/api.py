"""The interface itself, at /api/v1/, with its OpenAPI document at /api/v1/openapi.json."""

from django.http import HttpRequest
from ninja import NinjaAPI, Schema

from andon import __version__
from andon.records.permissions import permissions_of
from andon.records.rest.access import PageAuth, TokenAuth, account_of, needs
from andon.records.rest.bodies import StrictParser
from andon.records.rest.pace import EachCaller
from andon.records.rest.problems import REFUSALS, install_handlers

api = NinjaAPI(
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
