"""Traces: whoever names a collector without the extra is told what to install."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from andon.cli import main
from andon.records import tracing
from andon.records.errors import Refused

COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COLLECTOR, "http://127.0.0.1:9")


@pytest.mark.skipif(tracing._is_installed(), reason="the extra is installed here")
def test_a_collector_without_the_extra_is_refused_with_what_to_install(collector: None) -> None:
    with pytest.raises(Refused, match=rf"{COLLECTOR} is set.*pip install 'andon\[otel\]'"):
        tracing.require_installed()
    told = CliRunner().invoke(main, ["serve"])
    assert told.exit_code == 1
    assert "pip install 'andon[otel]'" in told.output


def test_without_a_collector_nothing_is_traced(
    db: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(COLLECTOR, raising=False)
    with tracing.spans()(None, "number") as span:  # type: ignore[arg-type]
        assert span is None
        tracing.tell(span, method="GET", route="/", status=500)
    assert client.get("/health/live")["X-Request-ID"]
