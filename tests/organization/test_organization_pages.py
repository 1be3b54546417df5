"""The pages of organization: what they say, who may see them, and what they refuse."""

from typing import Any

import pytest
from django.test import Client

from andon.organization.partners.models import Partner
from andon.organization.people.models import Person
from andon.organization.products.models import Characteristic, Product
from andon.organization.products.services import (
    LotFacts,
    block_lots,
    link_lots,
    record_lot,
    state_lots,
)
from andon.records.trail.context import acting


@pytest.fixture
def pages(factory: Any, engineer: Any, system: Any, client: Client) -> Client:
    """A signed-in quality engineer before a small factory with three lots."""
    with acting(system):
        probe = Product.objects.create(code="P75", name="Probe 75 mil", family="75 mil")
        Characteristic.objects.create(
            code="CR", name="Contact resistance", process=factory["assembly"], product=probe,
            unit="mOhm", resolution=0.1, upper_specification=50.0, model="log",
        )  # fmt: skip
        Characteristic.objects.create(
            code="PD", name="Plunger diameter", process=factory["turning"], unit="mm",
            resolution=0.0001, target=0.74, lower_specification=0.73, upper_specification=0.75,
            classification="special",
        )  # fmt: skip
        Partner.objects.create(code="C-07", name="C-07", kind="customer")
        Person.objects.create(code="QE-1", name="Quality engineer", account=engineer)
    state_lots(
        [
            LotFacts(code="PL/1", machine="L3"),
            LotFacts(code="A1-1", kind="assembly", machine="A1", quantity=2400),
            LotFacts(code="SH-1", kind="shipment", partner="C-07"),
        ],
        actor=system,
    )
    link_lots(consumer="A1-1", components=["PL/1"], actor=system)
    link_lots(consumer="SH-1", components=["A1-1"], actor=system)
    client.force_login(engineer)
    return client


def _text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return " ".join(response.content.decode().split())


def test_the_process_map_shows_processes_in_order_with_machines(pages: Client) -> None:
    text = _text(pages, "/processes/")
    assert "2 processes, in the order of making" in text
    assert text.index("1. Turning") < text.index("2. Assembly")
    assert "/machines/A1/" in text


def test_process_and_machine_say_in_which_shifts_they_run(pages: Client) -> None:
    assert "E, L" in _text(pages, "/processes/turning/")
    assert "every shift" in _text(pages, "/machines/A1/")
    assert "/lots/?machine=L3" in _text(pages, "/machines/L3/")


def test_characteristics_show_one_and_two_sided_specifications(pages: Client) -> None:
    text = _text(pages, "/characteristics/")
    assert "0.7300 to 0.7500" in text
    assert "≤ 50.0" in text
    assert "One of them is special." in text


def test_a_product_shows_what_is_required_of_it(pages: Client) -> None:
    assert "P75" in _text(pages, "/products/")
    text = _text(pages, "/products/P75/")
    assert "Contact resistance" in text
    assert "Plunger diameter" not in text


def test_lots_are_found_by_code_partner_machine_and_state(pages: Client, engineer: Any) -> None:
    assert "No lot is blocked" in _text(pages, "/lots/")
    assert "SH-1" in _text(pages, "/lots/?q=c-07")
    machine = _text(pages, "/lots/?machine=L3")
    assert "PL/1" in machine
    assert "A1-1" not in machine
    block_lots([record_lot(LotFacts(code="A1-1"), actor=engineer)], actor=engineer, reason="thin")
    blocked = _text(pages, "/lots/?status=blocked&page=99")
    assert "One lot is blocked" in blocked
    assert "PL/1" not in blocked
    assert "No lot fits" in _text(pages, "/lots/?q=nothing")
    assert _text(pages, "/lots/?kind=nonsense&status=x")


def test_a_lot_shows_where_it_came_from_and_where_it_went(pages: Client, engineer: Any) -> None:
    text = _text(pages, "/lots/A1-1/")
    assert "Lot A1-1 is free" in text
    assert "Made from one lot, used in one other. Delivered to <b>C-07</b>." in text
    assert "/lots/PL/1/" in text
    block_lots([record_lot(LotFacts(code="A1-1"), actor=engineer)], actor=engineer, reason="thin")
    text = _text(pages, "/lots/A1-1/")
    assert "Lot A1-1 is blocked" in text
    assert "genealogy-place--escaped" in text
    assert "thin" in text
    assert "Made from 2 lots, used in 0 others." in _text(pages, "/lots/SH-1/")


def test_partners_and_people_are_listed(pages: Client) -> None:
    assert "One supplier" in _text(pages, "/partners/")
    assert "quality engineer" in _text(pages, "/people/")


def test_what_does_not_exist_is_not_found(pages: Client) -> None:
    for address in ("/processes/x/", "/machines/x/", "/products/x/", "/lots/x/"):
        assert pages.get(address).status_code == 404


def test_an_operator_sees_lots_but_not_the_list_of_people(pages: Client, account_with: Any) -> None:
    pages.force_login(account_with("OP"))
    assert "Lots" in _text(pages, "/lots/")
    _text(pages, "/people/", 403)


def test_a_stranger_is_asked_to_sign_in(pages: Client) -> None:
    pages.logout()
    assert pages.get("/lots/").status_code == 302


def test_an_empty_installation_says_what_to_do(engineer: Any, client: Client) -> None:
    client.force_login(engineer)
    for address in ("/processes/", "/products/", "/characteristics/", "/partners/", "/people/"):
        assert "Load the master data to begin." in _text(client, address)


@pytest.mark.parametrize(
    ("code", "address"), [("PL/1", "/lots/PL/1/"), (" P75 ", "/products/P75/")]
)
def test_a_scanned_code_leads_to_its_page(pages: Client, code: str, address: str) -> None:
    answer = pages.get("/search/", {"q": code})
    assert (answer.status_code, answer["Location"]) == (302, address)
