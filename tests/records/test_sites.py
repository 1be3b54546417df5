"""A site's records are seen by its people: in lists, counts, search, links, exports, interface."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records.models import Record, Site
from andon.records.services import create, link
from andon.records.sites import reading
from andon.records.trail.context import acting


@pytest.fixture
def world(account_with: Any, system: Any) -> dict[str, Any]:
    """Two sites, a person of each and one of none, and a record of each."""
    with acting(system):
        sites = [Site.objects.create(code=code, name=code) for code in ("ARDEN", "BIRK")]
        people = [account_with("QE", "QM", username=name) for name in ("arden", "birk", "head")]
        for person, site in zip(people, sites, strict=False):
            person.site = site
            person.save()
    made = [create(Nonconformity(title=f"of {who.username}"), actor=who) for who in people]
    browsers = {who.username: Client() for who in people}
    for who in people:
        browsers[who.username].force_login(who)
    return {"people": people, "records": made, "sites": sites, **browsers}


def numbers(answer: Any) -> set[str]:
    """Return the titles that an answer of the interface lists."""
    return {row["title"] for row in answer.json()["items"]}


def test_a_record_takes_the_site_of_its_author(world: Any) -> None:
    assert [record.site for record in world["records"]] == [*world["sites"], None]


def test_each_sees_its_own_site_and_what_is_everybodys(world: Any) -> None:
    wanted = {
        "arden": {"of arden", "of head"}, "birk": {"of birk", "of head"},
        "head": {"of arden", "of birk", "of head"},
    }  # fmt: skip
    for name, titles in wanted.items():
        assert numbers(world[name].get("/api/v1/nc/")) == titles
        page = world[name].get("/nc/").text
        exported = world[name].get("/nc/?format=csv").content.decode()
        for title in ("of arden", "of birk", "of head"):
            assert (title in page, title in exported) == (title in titles, title in titles)


def test_search_inbox_and_now_tell_nothing_of_another_site(world: Any) -> None:
    for path in ("/search/?q=arden", "/inbox/", "/", "/nc/?q=arden", "/nc/?state=draft"):
        assert "of arden" not in world["birk"].get(path).text, path
    number = world["records"][0].number
    assert world["birk"].get(f"/search/?q={number}").status_code == 200


def test_a_link_across_sites_is_seen_by_neither_reader_of_one(world: Any, system: Any) -> None:
    arden, birk, head = world["records"]
    link(arden, birk, kind="related", actor=system)
    link(arden, head, kind="related", actor=system)
    page = world["arden"].get(arden.get_absolute_url()).text
    assert "of birk" not in page
    assert "of head" in page
    assert "of birk" in world["head"].get(arden.get_absolute_url()).text


def test_nobody_links_to_or_names_what_is_hidden(world: Any) -> None:
    arden, birk, _head = world["records"]
    for number in (arden.number, "NC-1999-9999"):
        body = json.dumps({"target": number, "kind": "related"})
        answer = world["birk"].post(
            f"/api/v1/nc/{birk.number}/links", body, content_type="application/json"
        )
        assert answer.status_code == 422
        assert f"There is no record {number}" in answer.text


def test_nobody_creates_at_another_site(world: Any) -> None:
    for site, status in (("ARDEN", 422), ("NOWHERE", 422), ("BIRK", 201)):
        body = json.dumps({"title": "x", "site": site})
        answer = world["birk"].post("/api/v1/nc/", body, content_type="application/json")
        assert answer.status_code == status, site


def test_services_see_the_whole_organization(world: Any, rf: Any) -> None:
    request = rf.get("/")
    request.user = world["people"][1]
    with reading(request):
        assert Record.objects.count() == 2
        with acting(world["people"][1]):
            assert Record.objects.count() == 3
    assert Record.objects.count() == 3


def test_a_request_of_nobody_sees_no_record(world: Any, rf: Any) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with reading(request):
        assert Record.objects.count() == 0
