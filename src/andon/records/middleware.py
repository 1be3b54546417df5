"""The gate: deny by default, and one place where refusals become answers."""

import sys
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from andon.records import clock
from andon.records.errors import Busy, Conflict, Forbidden, Refused, Stale
from andon.records.lost import is_full, is_loss, words
from andon.records.permissions import may
from andon.records.rest.problems import problem
from andon.records.sign_in.second_factor import sent_to_enrol
from andon.records.sites import reading
from andon.records.trail.rules import rule_broken

_STATUS = {Forbidden: 403, Refused: 422, Conflict: 409, Busy: 503}


class Gate:
    """Refuses pages without a declared permission, and people without the permission."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; pages tell and take instants in the site's zone."""
        with timezone.override(clock.site_zone()), reading(request):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _arguments: Any, _names: Any
    ) -> HttpResponse | None:
        """Let a request through only to a page that says who may see it."""
        try:
            return self._answer_at_the_gate(request, view)
        except (OperationalError, InterfaceError) as error:  # raised here, no other hears of it
            return self.process_exception(request, error)

    def _answer_at_the_gate(self, request: HttpRequest, view: Any) -> HttpResponse | None:
        # Every operation of the API states its own permission; a test walks them all.
        if _holds_nul(request):
            return _refuse_nul(request)
        enrol = sent_to_enrol(request)
        if enrol is not None:
            return enrol
        is_api = getattr(view, "func", view).__module__.startswith("ninja.")
        if is_api or getattr(view, "is_public", False):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        permission = getattr(view, "permission", None)
        if permission is None or (permission and not may(request.user, permission)):
            return refusal(request, Forbidden(permission or _("that nobody holds")))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into the answer that fits it, and a lost database into 503."""
        if is_loss(error):
            return answer_loss(request, error)
        if isinstance(error, IntegrityError) and (said := rule_broken(error)):
            return refusal(request, Refused.because(said))
        return refusal(request, error) if isinstance(error, tuple(_STATUS)) else None


def failed(request: HttpRequest) -> HttpResponse:
    """Answer what failed before or after the gate: a lost database by 503 there too."""
    error = sys.exception()
    return answer_loss(request, error) if is_loss(error) else server_error(request)


def answer_loss(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Answer 503: the database is away or the disk full, and when to try again."""
    title, detail = words(error)
    if request.path.startswith("/api/"):
        return problem(503, title, detail)
    context = {"title": title if is_full(error) else "", "detail": detail}
    response = render(request, "web/errors/503.html", context, status=503)
    response["Retry-After"] = "5"
    return response


def _holds_nul(request: HttpRequest) -> bool:
    """Tell whether an address or a form holds a character that no database stores as text."""
    texts = [request.path, *request.GET.keys(), *(v for _n, vs in request.GET.lists() for v in vs)]
    if not request.path.startswith("/api/"):
        texts += [text for _name, values in request.POST.lists() for text in values]
    return any("\0" in text for text in texts)


def _refuse_nul(request: HttpRequest) -> HttpResponse:
    told = Refused.because(_("A text holds a character that cannot be stored (NUL)."))
    if request.path.startswith("/api/"):
        return problem(422, _("Refused"), str(told))
    return refusal(request, told)


def refusal(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the page that tells a refusal in words."""
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    context = {"error": error, "status": status, "is_stale": isinstance(error, Stale)}
    response = render(request, "web/errors/refused.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response
