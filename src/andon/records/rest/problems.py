"""Problem documents (RFC 9457): every refusal of the interface has this shape."""

from typing import Any, cast

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from andon.records.errors import Busy, Conflict, Forbidden, NotSigned, Refused, Stale
from andon.records.lost import words
from andon.records.models import Account
from andon.records.signing import note_failed
from andon.records.trail.rules import rule_broken


class FieldProblem(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(Schema):
    """A problem document."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []
    mine: dict[str, Any] | None = None
    theirs: dict[str, Any] | None = None


REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422, 503), Problem)
"""The answers every operation documents beside its own."""


def state_refusals(responses: dict[Any, Any]) -> None:
    """State in the responses of an OpenAPI operation the type that refusals are sent as."""
    for status, response in responses.items():
        content = response.get("content", {})
        if int(status) in REFUSALS and "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")


def problem(
    status: int, title: str, detail: str = "", *, errors: Any = (), extra: Any = None
) -> HttpResponse:
    """Return a problem document as a response."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body["errors"] = [{"field": field, "message": str(text)} for field, text in errors]
    response = JsonResponse({**body, **(extra or {})}, status=status)
    response["Content-Type"] = "application/problem+json"
    if status == 503:
        response["Retry-After"] = "5"
    return response


def install_handlers(api: NinjaAPI) -> None:
    """Teach the interface to tell each kind of refusal as a problem document."""
    handlers: dict[type[Exception], Any] = {
        Refused: _refused, Busy: _busy, Stale: _stale, Conflict: _conflict, Forbidden: _forbidden,
        PermissionDenied: _forbidden, AuthenticationError: _unknown_caller,
        ValidationError: _invalid, HttpError: _http_error, Http404: _absent,
        ObjectDoesNotExist: _absent, OperationalError: _lost, InterfaceError: _lost,
        IntegrityError: _against_a_rule,
    }  # fmt: skip
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    if isinstance(error, NotSigned):
        note_failed(
            cast("Account", request.auth),  # type: ignore[attr-defined]
            address=request.META.get("REMOTE_ADDR", ""), about=request.path,
        )  # fmt: skip
    errors = [(refusal.field, refusal.message) for refusal in error.refusals]
    return problem(422, _("Refused"), str(error), errors=errors)


def _against_a_rule(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """Tell a rule of the database that no service told before; anything else is our own fault."""
    said = rule_broken(error)
    if not said:
        raise error
    return _refused(request, Refused.because(said))


def _busy(request: HttpRequest, error: Busy) -> HttpResponse:
    return problem(503, _("Busy"), str(error))


def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
    both = {"mine": error.mine, "theirs": error.theirs}
    return problem(409, _("Changed in the meantime"), str(error), extra=both)


def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return problem(409, _("Conflict"), str(error))


def _forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(403, _("Not permitted"), str(error))


def _unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, _("Who calls?"), _("Send a bearer token or sign in."))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [(_place(item["loc"]), item["msg"]) for item in error.errors]
    return problem(422, _("Not valid"), _("Some fields are not valid."), errors=errors)


def _place(location: Any) -> str:
    """Return body.rows.3.value for ("body", "payload", "rows", 3, "value")."""
    return ".".join(str(part) for part in location)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    response = problem(error.status_code, str(error))
    if isinstance(error, Throttled):
        response["Retry-After"] = str(error.wait or 1)
    return response


def _absent(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, _("Not found"), _("There is nothing at this address."))


def _lost(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(503, *words(error))
