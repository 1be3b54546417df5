"""Doing a request once, however often it is sent: a double click, or a retry after a lost answer.

Pages: the token of a form is new with each page that shows it, so the same token with the same
content is the same click. Interface: the caller's `Idempotency-Key`. The answer is kept in the
transaction of what was done; a refused request is forgotten and may be sent again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.accounts import account_of_token
from andon.records.middleware import answer_loss
from andon.records.models import Account, IdempotencyKey
from andon.records.rest.problems import problem

_OWN_WAY = ("/api/v1/measurements",)
"""Answers its keys itself: what arrives together is committed together."""
_CHANGING = ("POST", "PUT", "PATCH")
_MOST_LETTERS = 200
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105


class OnlyOnce:
    """Answers a repeated request with the first answer, and does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Claim the request's key, then answer; without a key just answer."""
        try:
            key = _key_of(request)
            if len(key) > _MOST_LETTERS or "\0" in key:
                text = _("An idempotency key has at most 200 characters.")
                return problem(422, _("Refused"), text, errors=[("Idempotency-Key", text)])
            account = _caller(request) if key else None
            if account is None:
                return self.get_response(request)
            with transaction.atomic():
                return self._claimed(request, account, key)
        except (OperationalError, InterfaceError) as error:
            return answer_loss(request, error)

    def _claimed(self, request: HttpRequest, account: Account, key: str) -> HttpResponse:
        """Insert the key first: a second request with it waits until the first has committed."""
        kept, is_new = IdempotencyKey.objects.get_or_create(
            account=account, key=key,
            defaults={
                "route": request.path[:_MOST_LETTERS], "request_digest": _digest(request),
                "status": 0, "answer": "", "created_at": clock.now(),
            },
        )  # fmt: skip
        if not is_new:
            return _repeated(request, kept)
        # What is done below this point sees no key: it was claimed here.
        request.META.pop("HTTP_IDEMPOTENCY_KEY", None)
        request.__dict__.pop("headers", None)
        response = self.get_response(request)
        if response.status_code >= 500:  # the error became a page: what it interrupted must go
            transaction.set_rollback(True)
        if connection.needs_rollback:
            return response
        answer = _answer_of(response)
        if answer is None:
            kept.delete()
        else:
            kept.status, kept.answer = response.status_code, answer
            kept.save(update_fields=["status", "answer"])
        return response


def _key_of(request: HttpRequest) -> str:
    """Return what names the request; empty for one that may be repeated."""
    is_api = request.path.startswith("/api/")
    if request.method not in (_CHANGING if is_api else ("POST",)) or request.path in _OWN_WAY:
        return ""
    if is_api:
        return request.headers.get("Idempotency-Key", "")
    token = request.POST.get(_TOKEN, "")
    text = f"{token}{request.path}{_digest(request)}"
    return f"form {hashlib.sha256(text.encode()).hexdigest()}" if token else ""


def _caller(request: HttpRequest) -> Account | None:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        found = account_of_token(secret.strip())
        return found[0] if found else None
    return request.user if isinstance(request.user, Account) else None


def _digest(request: HttpRequest) -> str:
    """Return the digest of what is sent; of a form its fields and files, for its borders vary."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    for name, values in sorted(request.POST.lists()):
        yield json.dumps([name, values]).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            yield json.dumps([name, file.name, content.hexdigest()]).encode()


def _answer_of(response: HttpResponse) -> str | None:
    """Return what has to be kept to answer again; None for what may be asked again."""
    if isinstance(response, HttpResponseRedirect):
        return response.url
    is_json = response.get("Content-Type", "").startswith("application/json")
    return response.content.decode() if response.status_code < 300 and is_json else None


def _repeated(request: HttpRequest, kept: IdempotencyKey) -> HttpResponse:
    is_same = kept.route == request.path[:_MOST_LETTERS]
    if not is_same or kept.request_digest != _digest(request):
        text = _("This idempotency key was used for another request.")
        return problem(409, _("Conflict"), text)
    if kept.status in (301, 302, 303):
        response: HttpResponse = HttpResponseRedirect(kept.answer)
    else:
        response = HttpResponse(kept.answer, "application/json", status=kept.status)
    response["Idempotency-Replayed"] = "true"
    return response
