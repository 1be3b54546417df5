"""Figures for operations over REST."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from prometheus_client import CONTENT_TYPE_LATEST

from andon.board.metrics import exposition
from andon.records.rest import needs
from andon.records.rest.problems import REFUSALS

router = Router(tags=["operations"])


_TEXT = {"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}}


@router.get("/metrics", response={200: str, **REFUSALS}, openapi_extra=_TEXT)
@needs("operations.view")
def read_metrics(request: HttpRequest) -> HttpResponse:
    """Return the server's figures for Prometheus; give its token the scope operations.view."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
