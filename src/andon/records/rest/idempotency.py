"""Idempotency keys: a repeated request gets the first answer and changes nothing again."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.models.keeping import IdempotencyKey
from andon.records.rest.access import account_of

Answer = tuple[int, dict[str, Any]]
_INSERT = (
    "INSERT INTO records_idempotencykey"
    " (account_id, key, route, request_digest, status, answer, created_at)"
    " VALUES (%s, %s, %s, %s, 0, '', %s) ON CONFLICT (account_id, key) DO NOTHING RETURNING id"
)
_KEEP = "UPDATE records_idempotencykey SET status = %s, answer = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that wants to be answered once: whose key, and for which request."""

    account: int
    key: str
    route: str
    digest: str

    def insert(self) -> int | None:
        """Insert the key, before what it answers for; None when it was used before.

        A second request with it waits here until the first has committed.
        """
        created = connection.ops.adapt_datetimefield_value(clock.now())
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [self.account, self.key, self.route, self.digest, created])
            inserted = cursor.fetchone()
        return int(inserted[0]) if inserted else None

    def keep(self, number: int, answer: Answer) -> None:
        """Keep the answer under its key, in the transaction of what it answers for."""
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [answer[0], json.dumps(answer[1]), number])

    def drop(self, number: int) -> None:
        """Free the key again: what it was claimed for is refused."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM records_idempotencykey WHERE id = %s", [number])

    def is_answered(self) -> bool:
        """Tell whether an answer was given before."""
        return IdempotencyKey.objects.filter(account=self.account, key=self.key).exists()

    def replayed(self) -> HttpResponse:
        """Return the answer given before, as it was; its key fits no other request."""
        kept = IdempotencyKey.objects.get(account=self.account, key=self.key)
        if kept.route != self.route or kept.request_digest != self.digest:
            raise Conflict(_("This idempotency key was used for another request."))
        response = response_of((kept.status, json.loads(kept.answer)))
        response["Idempotency-Replayed"] = "true"
        return response


def claim_of(request: HttpRequest) -> Claim | None:
    """Return what a request claims by its idempotency key; None when it has none."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    if len(key) > 200:
        raise Refused.because(
            _("An idempotency key has at most 200 characters."), "Idempotency-Key"
        )
    digest = hashlib.sha256(request.body).hexdigest()
    return Claim(account_of(request).pk, key, request.path[:200], digest)


def once(request: HttpRequest, compute: Callable[[], Answer]) -> HttpResponse:
    """Compute an answer in one transaction with its key; without a key just compute it."""
    claim = claim_of(request)
    if claim is None:
        return response_of(compute())
    with transaction.atomic():
        number = claim.insert()
        if number is None:
            return claim.replayed()
        answer = compute()
        claim.keep(number, answer)
    return response_of(answer)


def response_of(answer: Answer) -> HttpResponse:
    """Return an answer as a response."""
    return JsonResponse(answer[1], status=answer[0])
