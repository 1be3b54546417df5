"""Idempotency keys: a repeated request gets the first answer and changes nothing again."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.models.keeping import IdempotencyKey
from andon.records.rest.access import account_of

Answer = tuple[int, dict[str, Any]]


def once(request: HttpRequest, compute: Callable[[], Answer]) -> HttpResponse:
    """Compute an answer in one transaction with its key; without a key just compute it."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return _response(*compute())
    _refuse_long(key)
    with transaction.atomic():
        kept, is_new = _claim(request, key)
        if not is_new:
            return _repeated(kept, request)
        status, body = compute()
        kept.status, kept.answer = status, json.dumps(body)
        kept.save(update_fields=["status", "answer"])
    return _response(status, body)


def answered(request: HttpRequest) -> HttpResponse | None:
    """Return the answer that was kept for this request's key, if there is a key and an answer."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    _refuse_long(key)
    kept = IdempotencyKey.objects.filter(account=account_of(request), key=key).first()
    return _repeated(kept, request) if kept is not None else None


def keep_answer(request: HttpRequest, status: int, body: dict[str, Any]) -> None:
    """Keep the answer under the request's key, in the transaction of what it tells.

    For what many requests do in one transaction, where none can wait for another's key.

    Raises:
        IntegrityError: a request with the same key was faster.
    """
    kept, is_new = _claim(request, request.headers["Idempotency-Key"])
    if not is_new:
        message = "The key is kept already."
        raise IntegrityError(message)
    kept.status, kept.answer = status, json.dumps(body)
    kept.save(update_fields=["status", "answer"])


def _claim(request: HttpRequest, key: str) -> tuple[IdempotencyKey, bool]:
    """Insert the key first: a second request with it waits here until the first has committed."""
    return IdempotencyKey.objects.get_or_create(
        account=account_of(request),
        key=key,
        defaults={
            "route": request.path[:200],
            "request_digest": hashlib.sha256(request.body).hexdigest(),
            "status": 0,
            "answer": "",
            "created_at": clock.now(),
        },
    )


def _repeated(kept: IdempotencyKey, request: HttpRequest) -> HttpResponse:
    same = kept.route == request.path[:200]
    if not same or kept.request_digest != hashlib.sha256(request.body).hexdigest():
        raise Conflict(_("This idempotency key was used for another request."))
    response = _response(kept.status, json.loads(kept.answer))
    response["Idempotency-Replayed"] = "true"
    return response


def _refuse_long(key: str) -> None:
    if len(key) > 200:
        raise Refused.because(
            _("An idempotency key has at most 200 characters."), "Idempotency-Key"
        )


def _response(status: int, body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=status)
