"""Which defects make up most, by count and cost, drilled and compared."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from andon.analyze.drivers.pareto import COST, Look, pareto
from andon.identify.measurements.services import record
from andon.organization.processes.models import Process
from andon.organization.products.models import Characteristic, StandardCost
from small_factory import PASSWORD, build_small_factory

pytestmark = pytest.mark.usefixtures("noon")
MARCH = {"since": date(2025, 3, 10), "until": date(2025, 3, 12)}


@pytest.fixture(autouse=True)
def _counted(db: Any, engineer: Any) -> None:
    """Crimp is the more frequent defect at assembly, burr the dearer one later."""
    build_small_factory()
    assembly = Process.objects.get(code="ASSY")
    test = Process.objects.create(code="TEST", name="Test", position=3)
    Characteristic.objects.create(
        code="BURR", name="Burr", process=test, unit="pieces", kind="attribute"
    )
    StandardCost.objects.create(process=assembly, per_piece="0.10")
    StandardCost.objects.create(process=test, per_piece="1.00")
    rows = [
        count("CRIMP", "A1", 10, 12), count("CRIMP", "A2", 10, 28),
        count("BURR", "A1", 11, 5), count("BURR", "A2", 11, 5),
        count("CRIMP", "A1", 3, 6), count("CRIMP", "A2", 3, 6),
    ]  # fmt: skip
    record(rows, actor=engineer)


def count(code: str, machine: str, day: int, defects: int) -> dict[str, str]:
    at = datetime(2025, 3, day, 8, tzinfo=UTC)
    return {
        "characteristic": code, "machine": machine, "value": str(defects), "inspected": "1000",
        "measured_at": at.isoformat(), "lot": f"{machine}-{day}",
    }  # fmt: skip


def test_the_most_frequent_defect_stands_first_by_count() -> None:
    told = pareto(Look(**MARCH))
    assert [(bar.cause, bar.count) for bar in told.bars] == [("CRIMP", 40), ("BURR", 10)]
    assert told.bars[0].share == pytest.approx(0.8)
    assert (told.defects, told.inspected) == (50, 2000)
    assert told.bars[0].rate == pytest.approx(0.02)


def test_by_cost_the_dear_one_stands_first() -> None:
    told = pareto(Look(measure=COST, **MARCH))
    assert [(bar.cause, bar.cost) for bar in told.bars] == [
        ("BURR", pytest.approx(10.0)), ("CRIMP", pytest.approx(4.0)),
    ]  # fmt: skip


def test_it_is_drilled_by_any_factor() -> None:
    told = pareto(Look(defect="CRIMP", by="machine", **MARCH))
    assert [(bar.cause, bar.count) for bar in told.bars] == [("A2", 28), ("A1", 12)]
    assert "machine" in told.factors
    assert [bar.cause for bar in pareto(Look(machine="A2", **MARCH)).bars] == ["CRIMP", "BURR"]


def test_each_bar_is_compared_with_the_days_before() -> None:
    before = {"before_since": date(2025, 3, 3), "before_until": date(2025, 3, 3)}
    bars = {bar.cause: bar for bar in pareto(Look(**MARCH, **before)).bars}
    assert bars["CRIMP"].rate_before == pytest.approx(0.006)
    assert bars["CRIMP"].ratio == pytest.approx(40 / 12)
    assert (bars["CRIMP"].ratio_low or 0) > 1.5
    assert bars["BURR"].ratio is None


def test_days_without_counts_give_no_bar() -> None:
    assert pareto(Look(since=date(2025, 1, 1), until=date(2025, 1, 2))).bars == ()


def test_pages_and_interface_say_the_same(client: Client, engineer: Any) -> None:
    assert client.login(username="engineer", password=PASSWORD)
    days = "since=2025-03-10&until=2025-03-12"
    page = client.get(f"/analyze/pareto/?{days}").content.decode()
    assert "Crimp loose or tight makes up 80 % of the defects" in page
    assert (
        "makes up 71 % of the cost"
        in client.get(f"/analyze/pareto/?{days}&measure=cost").content.decode()
    )
    told = client.get(f"/api/v1/pareto?{days}").json()
    assert [bar["count"] for bar in told["bars"]] == [40, 10]
    ranked = client.get("/api/v1/drivers?characteristic=CRIMP&since=2025-03-03").json()
    assert ranked["measure"] == "rate ratio"
    assert "machine" in {line["factor"] for line in ranked["drivers"]}
    assert client.get("/analyze/drivers/?characteristic=CRIMP").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/analyze/drivers/?characteristic=NONE",
        "/analyze/drivers/?characteristic=PD&since=11.3.2025",
        "/analyze/drivers/?characteristic=PD&since=2025-03-11&until=2025-03-01",
        "/analyze/drivers/?characteristic=PD&since=2020-03-11&until=2025-03-01",
        "/analyze/pareto/?measure=risk",
        "/analyze/pareto/?before_since=x",
        "/api/v1/drivers?characteristic=NONE",
        "/api/v1/drivers",
        "/api/v1/pareto?since=2025-02-30",
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    client: Client, engineer: Any, address: str
) -> None:
    client.login(username="engineer", password=PASSWORD)
    answer = client.get(address)
    assert answer.status_code == 422
    assert answer.content


def test_nobody_looks_without_signing_in(client: Client) -> None:
    assert client.get("/analyze/pareto/").status_code == 302
    assert client.get("/api/v1/drivers?characteristic=PD").status_code == 401
