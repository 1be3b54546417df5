"""What operations see of each request: a number, one log line, and its duration by route."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

from andon.records import tracing

_LOG = logging.getLogger("andon.request")
_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SECONDS = Histogram(
    "andon_request_seconds",
    "Duration of requests by route.",
    ("method", "route", "status"),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)


class Observed:
    """Numbers a request, times it, and tells it in one line; bodies and queries are never told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._span_of = tracing.spans()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and tell how it went."""
        number = _number_of(request)
        begun = time.perf_counter()
        numbered = structlog.contextvars.bound_contextvars(request=number)
        with numbered, self._span_of(request, number) as span:
            response = self.get_response(request)
            self._tell(request, response.status_code, time.perf_counter() - begun, span)
        response["X-Request-ID"] = number
        return response

    @staticmethod
    def _tell(request: HttpRequest, status: int, seconds: float, span: Any) -> None:
        found = request.resolver_match
        route = f"/{found.route}" if found else "unknown"
        method = request.method if request.method in _METHODS else "other"
        tracing.tell(span, method=method, route=route, status=status)
        _SECONDS.labels(method, route, str(status)).observe(seconds)
        if _LOG.isEnabledFor(logging.INFO):
            told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1e3)}
            _LOG.info("answered", extra=told)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _number_of(request: HttpRequest) -> str:
    """Return the number that a proxy gave, if it is one, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _NUMBER.fullmatch(given) else uuid.uuid4().hex
