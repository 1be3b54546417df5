"""Traces by OpenTelemetry: one span a request, where its standard variables name a collector.

The extra `andon[otel]` brings what sends them. A span tells what a line of the log tells: method,
route, status, request number; never a body, a query, a name or an address.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from andon.records.errors import Refused

_ADDRESSES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
Spans = Callable[[HttpRequest, str], AbstractContextManager[Any]]


def is_wanted() -> bool:
    """Tell whether the environment names a collector of traces."""
    return any(os.environ.get(name) for name in _ADDRESSES)


def require_installed() -> None:
    """Refuse to be told of a collector without what sends to it."""
    if is_wanted() and not _is_installed():
        told = _("%(name)s is set, but OpenTelemetry is not installed: pip install 'andon[otel]'.")
        raise Refused.because(told % {"name": next(filter(os.environ.get, _ADDRESSES))})


def _is_installed() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:  # not even its parent is there
        return False


def spans() -> Spans:
    """Return what begins the span of a request and its number; nothing, where nobody collects."""
    require_installed()
    if not is_wanted():
        return lambda _request, _number: nullcontext()
    from opentelemetry import propagate  # noqa: PLC0415 - an extra
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    tracer = _tracer()
    return lambda request, number: tracer.start_as_current_span(
        "request", context=propagate.extract(request.headers), kind=SpanKind.SERVER,
        attributes={"andon.request": number},
    )  # fmt: skip


def tell(span: Any, *, method: str, route: str, status: int) -> None:
    """Say in a span how its request was answered."""
    if span is None:
        return
    from opentelemetry.trace import StatusCode  # noqa: PLC0415

    span.update_name(f"{method} {route}")
    span.set_attributes(
        {"http.request.method": method, "http.route": route, "http.response.status_code": status}
    )
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def _tracer() -> Any:
    """Return a tracer whose spans go to the collector in batches, from a thread of its own."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    name = os.environ.get("OTEL_SERVICE_NAME", "andon")
    told = Resource.create({"service.name": name, "service.version": version("andon")})
    provider = TracerProvider(resource=told)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("andon")
