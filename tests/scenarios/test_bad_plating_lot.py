"""A story: one plating lot is far too thin, every reading in specification: nobody would see it.

It goes through the door like any other; the story says where it comes from, which cell and which
customer got it, and leads to containing it.
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from andon.analyze.problems.models import Problem
from andon.identify.measurements.queries import Selection, values
from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.models import Account
from probe_days import build_factory, feed, feed_baseline
from small_factory import PASSWORD


@pytest.fixture
def story(db: Any) -> Problem:
    """The week of the bad lot and the days until its probes are shipped."""
    build_factory()
    feed_baseline("AU", "CR")
    feed("AU", "CR", since=date(2025, 5, 12), until=date(2025, 5, 21), has_lots=True)
    return Problem.objects.get()


def signed_in(client: Client, username: str) -> Client:
    account = Account.objects.get(username=username)
    account.set_password(PASSWORD)
    account.save()
    assert client.login(username=username, password=PASSWORD)
    return client


def test_the_story_of_the_lot_is_read_and_contained(story: Problem, client: Client) -> None:
    may = Selection(characteristic="AU", since=date(2025, 5, 14), until=date(2025, 5, 14))
    assert values(may).min() >= 0.80

    with clock.fixed(datetime(2025, 5, 21, 22, tzinfo=UTC)):
        engineer = signed_in(client, "engineer")
        page = engineer.get(story.get_absolute_url()).content.decode()
        held = Nonconformity.objects.get()
        assert engineer.get(held.get_absolute_url()).status_code == 200

    assert "Gold thickness on line PL2: one lot far too low" in page
    assert "Found 14 May, early shift" in page
    assert "No measured piece is outside specification." in page
    assert "Lot PL2-250514-E explains" in page
    # What was made from it went to the customer who will complain five weeks later.
    assert "shipped to C-07" in page
    assert "went to 1 customer" in page
    assert "Contain 1 lot" in page
    assert f"opens {held.number}, filled in" in page


def test_the_chart_of_the_story_shows_the_change_and_the_limits(
    story: Problem, client: Client
) -> None:
    engineer = signed_in(client, "engineer")
    page = engineer.get(story.get_absolute_url()).content.decode()
    address = page.split('data-url="')[1].split('"')[0].replace("&amp;", "&")
    sets = engineer.get(address).json()
    assert sum(sets["points"]["is_beyond_mean"]) >= 1
    assert {"control", "specification", "center"} <= set(sets["lines"]["kind"])
    assert "found" in sets["events"]["kind"]
    for view in ("singles", "ranges"):
        assert engineer.get(f"{story.get_absolute_url()}?view={view}").status_code == 200
    other = engineer.get(f"{story.get_absolute_url()}?stream=CR/T1").content.decode()
    assert "Contact resistance on tester T1" in other


def test_a_reader_sees_the_story_without_a_button_that_would_be_refused(
    story: Problem, client: Client
) -> None:
    for record in Nonconformity.objects.all():
        record.links_in.all().delete()
    auditor = signed_in(client, "auditor")
    page = auditor.get(story.get_absolute_url()).content.decode()
    assert "Contain 1 lot" not in page
    assert auditor.post(f"/pr/{story.number}/contain/").status_code == 403


def test_without_a_nonconformity_the_button_raises_one(story: Problem, client: Client) -> None:
    for record in Nonconformity.objects.all():
        record.links_in.all().delete()
    engineer = signed_in(client, "engineer")
    assert "Contain 1 lot" in engineer.get(story.get_absolute_url()).content.decode()
    answer = engineer.post(f"/pr/{story.number}/contain/")
    raised = Nonconformity.objects.get(links_in__source=story.pk)
    assert (answer.status_code, answer["Location"]) == (302, raised.get_absolute_url())
    assert raised.suspect_lots.get().lot.code == "PL2-250514-E"


def test_problems_are_listed_and_told_over_the_interface(story: Problem, client: Client) -> None:
    engineer = signed_in(client, "engineer")
    assert story.number in engineer.get("/pr/").content.decode()
    told = engineer.get(f"/api/v1/pr/{story.number}")
    assert told.json()["title"] == story.title
