"""Calls of every operation by what the OpenAPI document states, in process."""

from typing import Any

import hypothesis
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from andon.records.accounts import create_token
from andon.records.models import Account

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
BAD_BODIES = (
    b"", b"[", b"null", b'"x"', b"7", b"[]", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\\u0000"}',
    b'{"a": "\\ud800"}', b'{"a": 1, "a": 2}', b"\xff\xfe", b'{"is_superuser": true}',
    b'{"a": ' + b"7" * 5000 + b"}", b"[" * 20_000 + b"]" * 20_000, b'{"a":' * 20_000,
)  # fmt: skip


class Caller:
    """One account that calls everything."""

    def __init__(self, account: Account, objects: dict[str, Any]) -> None:
        token = create_token(account, name="calls", actor=account)
        self.headers = {"Authorization": f"Bearer {_secret(token)}"}
        self.objects, self.calls, self.operations = objects, 0, 0
        self.schema: Any = schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", get_wsgi_application(), headers=self.headers
        )

    def call_all(self, cases: int) -> list[str]:
        """Call each operation so many times; return what was wrong."""
        wrong: list[str] = []
        for found in self.schema.get_all_operations():
            self.operations += 1
            wrong += self._call(found.ok(), cases)
        return wrong

    def send_bad_bodies(self) -> list[str]:
        """Send every operation that reads a body what is no body; return what was wrong."""
        wrong = []
        for found in self.schema.get_all_operations():
            operation = found.ok()
            if operation.method.upper() not in ("POST", "PATCH", "PUT"):
                continue
            self.operations += 1
            for body in BAD_BODIES:
                wrong += self._send(operation, body)
        return wrong

    def _call(self, operation: Any, cases: int) -> list[str]:
        wrong: list[str] = []

        @hypothesis.settings(
            max_examples=cases, deadline=None, derandomize=True, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            self._aim(case)
            wrong.extend(self._answered(case))

        call()
        return wrong

    def _aim(self, case: Any) -> None:
        """Aim half of the calls at an object that exists."""
        number = case.path_parameters.get("number") if case.path_parameters else None
        if number is not None and self.calls % 2:
            prefix = case.path.split("/")[1][:2]
            kinds = {"no": "nc", "co": "ca", "pr": "pr", "st": "st"}
            case.path_parameters["number"] = self.objects[kinds.get(prefix, "nc")]

    def _answered(self, case: Any) -> list[str]:
        self.calls += 1
        with transaction.atomic():
            answer = case.call(headers=self.headers)
            transaction.set_rollback(True)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            names = {
                f"{one.title}: {one.message[:200]}".replace("\n", " ") for one in group.exceptions
            }
            label = case.operation.label
            return [f"{label} {answer.status_code} {name}" for name in sorted(names)]
        return []

    def _send(self, operation: Any, body: bytes) -> list[str]:
        from django.test import Client

        self.calls += 1
        path = "/api/v1" + operation.path.removeprefix("/api/v1")
        for name in ("number", "kind", "method", "key"):
            path = path.replace("{" + name + "}", str(self.objects.get("nc", "1")))
        with transaction.atomic():
            answer = Client(raise_request_exception=False).generic(
                operation.method.upper(), path, body, content_type="application/json",
                headers=self.headers,
            )  # fmt: skip
            transaction.set_rollback(True)
        if answer.status_code < 500:
            return []
        return [f"{operation.label} {answer.status_code} for {body[:40]!r}"]


def _secret(token: Any) -> str:
    return str(token[1] if isinstance(token, tuple) else token)
