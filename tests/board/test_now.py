"""The start page says what was judged, and never that all is well where nothing was."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from andon.analyze.problems.models import Problem
from andon.identify.measurements.services import record
from andon.records.services import create
from small_factory import NOON, build_small_factory, measured

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def desk(client: Client, engineer: Any) -> Client:
    """A signed-in quality engineer, in a factory whose baseline ended two days ago."""
    build_small_factory(baseline_until=date(2025, 3, 11))
    client.force_login(engineer)
    return client


def lead(desk: Client) -> str:
    """Return what stands under the sentence of the day."""
    text = desk.get("/").content.decode()
    return text.partition('page-header-lead">')[2].partition("</p>")[0].strip()


def measure(engineer: Any, samples: int) -> None:
    """Take in that many samples of the plunger diameter, one to a shift, the last one at noon."""
    rows = []
    for place in range(samples):
        at = NOON - timedelta(hours=8 * (samples - 1 - place))
        for piece in range(5):
            value = 0.74 + 0.0004 * ((place * 7 + piece * 3) % 5 - 2)
            rows.append(measured(f"{value:.4f}", measured_at=at.isoformat(), lot=f"P-{place}"))
    record(rows, actor=engineer)


def test_an_installation_without_values_says_so(desk: Client) -> None:
    assert lead(desk) == "No subgroup of values was checked yet."
    text = desk.get("/").content.decode()
    assert "Nothing is watched yet" in text
    assert '<a class="button" href="/record/">Record results</a>' in text


def test_an_installation_that_knows_nothing_leads_to_the_master_data(
    client: Client, manager: Any, account_with: Any
) -> None:
    client.force_login(manager)
    text = client.get("/").content.decode()
    assert '<a class="button" href="/master-data/">Load master data</a>' in text
    client.force_login(account_with("OP"))
    assert "/master-data/" not in client.get("/").content.decode()


def test_a_machine_without_limits_is_told_apart(desk: Client, engineer: Any) -> None:
    measure(engineer, 1)
    assert lead(desk) == (
        "1 machine is not judged: it has no limits yet, or no sample lately."
        " 1 subgroup was checked."
    )


def test_a_machine_within_its_limits_is_told(desk: Client, engineer: Any) -> None:
    measure(engineer, 40)
    assert lead(desk) == "All judged lines are within control limits. 40 subgroups were checked."


@pytest.mark.parametrize(
    ("factor", "told"),
    [("machine", "74\N{NO-BREAK SPACE}€ a day"), ("lot", "about 74\N{NO-BREAK SPACE}€")],
)
def test_what_a_lot_costs_is_not_told_by_the_day(
    desk: Client, system: Any, factor: str, told: str
) -> None:
    problem = Problem(
        title="Gold too thin", found_on=NOON.date(), began_on=NOON.date(), factor=factor,
        level="X", cost_per_day=Decimal(74),
    )  # fmt: skip
    create(problem, actor=system)
    text = desk.get("/").content.decode()
    assert f"driven by {factor} X, " in text
    assert f"{told}<" in text
