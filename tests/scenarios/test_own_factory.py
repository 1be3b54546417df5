"""The factory of docs/how-to/begin.md, step by step: loaded, filled with the past, judged."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

from andon.analyze.monitoring.models import Signal, Stream
from andon.control.plans.master_data import load_master
from andon.identify.measurements.services import take_in
from andon.records import clock

GUIDE = (Path(__file__).parents[2] / "docs/how-to/begin.md").read_text()
FIRST = datetime(2025, 3, 3, 6, 10, tzinfo=UTC)


def block(beginning: str) -> str:
    """Return the guide's block of code that begins with some text."""
    blocks = re.findall(r"^   ```\w*\n(.*?)^   ```$", GUIDE, re.MULTILINE | re.DOTALL)
    return next(text for text in map(dedent, blocks) if text.startswith(beginning))


def samples(first: int, last: int, middle: float) -> list[dict[str, str]]:
    """Return five values a shift, two shifts a day, with the columns of the guide's file."""
    columns = block("characteristic,").splitlines()[0].split(",")
    rows = []
    for place in range(first, last):
        at = FIRST + timedelta(days=place // 2, hours=8 * (place % 2))
        for piece in range(5):
            value = middle + 0.001 * ((place * 7 + piece * 3) % 5 - 2)
            cells = ("D1", "L1", "MIC-01", at.isoformat(), f"{value:.4f}")
            rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def test_the_guide_leads_to_a_judged_sample(system: Any, tmp_path: Path) -> None:
    file = tmp_path / "factory.toml"
    file.write_text(block("process"))
    report = load_master(file, actor=system)
    assert (report.created, report.refused) == (8, [])
    with clock.fixed(FIRST + timedelta(days=16)):
        assert take_in(samples(0, 24, 0.74), actor=system).reported == ()
        assert not Stream.objects.get(code="D1/L1").limits.exists()
        assert take_in(samples(24, 30, 0.74), actor=system).reported == ()
        assert Stream.objects.get(code="D1/L1").limits.count() == 1
        assert not Signal.objects.exists()
        assert take_in(samples(30, 31, 0.746), actor=system).reported == ()
        assert Signal.objects.get().stream.code == "D1/L1"
