"""Once a day everyone is mailed what of theirs is late or due today; nobody twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.inbox import MOST
from andon.records.models import Account, Record, Reminder, Site
from andon.records.reminding import remind
from andon.records.trail.context import acting
from small_factory import NOON


@pytest.fixture
def addressed(engineer: Any) -> Any:
    """An engineer with an e-mail address."""
    engineer.email = "engineer@example.com"
    engineer.save()
    return engineer


@pytest.fixture
def due(noon: Any, report: Callable[..., Nonconformity], addressed: Any) -> list[Nonconformity]:
    """One record that is late, one due in three hours, one due next week, one of nobody."""
    made = [report(title) for title in ("Late burr", "Burr of today", "Later burr", "Burr of none")]
    days = (timedelta(days=-1), timedelta(hours=3), timedelta(days=7))
    for record, after in zip(made, days, strict=False):
        with acting(addressed):
            Record.objects.filter(pk=record.pk).update(owner=addressed, due_at=NOON + after)
    mail.outbox.clear()
    return made


def test_what_is_late_and_due_today_is_mailed_once_a_day(
    due: list[Nonconformity], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://andon.example.com/"
    assert remind() == {"reminded": 1, "not sent": 0}
    (letter,) = mail.outbox
    assert letter.to == ["engineer@example.com"]
    assert letter.subject == "Andon: 1 item overdue, 1 item due today"
    overdue, today = str(letter.body).split("Due today")
    assert f"https://andon.example.com{due[0].get_absolute_url()}" in overdue
    assert "Late burr" in overdue
    assert "Burr of today" in today
    assert "Later burr" not in letter.body
    assert remind() == {"reminded": 0, "not sent": 0}
    with clock.fixed(NOON + timedelta(days=1)):
        assert remind()["reminded"] == 1


def test_nobody_is_told_before_the_hour_or_where_it_is_off(
    due: list[Nonconformity], settings: Any
) -> None:
    with clock.fixed(NOON.replace(hour=4, minute=59)):  # 05:59 at the site
        assert remind()["reminded"] == 0
    with clock.fixed(NOON.replace(hour=5, minute=0)):
        settings.REMIND_AT = None
        assert remind()["reminded"] == 0
    assert mail.outbox == []


def test_everything_that_is_due_is_counted_however_much_it_is(
    report: Callable[..., Nonconformity], addressed: Any, noon: Any
) -> None:
    made = [report(f"Burr {number}") for number in range(MOST + 2)]
    with acting(addressed):
        late = Record.objects.filter(pk__in=[record.pk for record in made[1:]])
        late.update(owner=addressed, due_at=NOON - timedelta(days=1))
        last = Record.objects.filter(pk=made[0].pk)
        last.update(owner=addressed, due_at=NOON + timedelta(hours=1))
    remind()
    assert mail.outbox[0].subject == f"Andon: {MOST + 1} items overdue, 1 item due today"


def test_one_address_that_cannot_be_written_to_stops_nobody_else(
    due: list[Nonconformity], manager: Any, addressed: Any
) -> None:
    Account.objects.filter(pk=addressed.pk).update(email="engineer@example.com\nBcc: all")
    Account.objects.filter(pk=manager.pk).update(email="manager@example.com")
    with acting(manager):
        Record.objects.filter(pk=due[0].pk).update(owner=manager)
    assert remind() == {"reminded": 1, "not sent": 1}
    assert [letter.to for letter in mail.outbox] == [["manager@example.com"]]


def test_a_mail_server_that_is_away_is_asked_again(due: list[Nonconformity], settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert remind() == {"reminded": 0, "not sent": 1}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind() == {"reminded": 1, "not sent": 0}


def test_whoever_has_nothing_due_gets_no_mail(addressed: Any, noon: Any) -> None:
    assert remind() == {"reminded": 0, "not sent": 0}
    assert mail.outbox == []


def test_records_of_another_site_are_not_told(due: list[Nonconformity], addressed: Any) -> None:
    here, there = (Site.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    addressed.site = here
    addressed.save()
    with acting(addressed):
        Record.objects.filter(pk=due[0].pk).update(site=there)
    remind()
    assert "Late burr" not in mail.outbox[0].body
    assert "Burr of today" in mail.outbox[0].body


def test_one_may_turn_it_off_and_on_again(
    due: list[Nonconformity], desk: Client, addressed: Any
) -> None:
    page = desk.get("/profile/").content.decode()
    assert "engineer@example.com" in page
    assert 'name="is_wanted" checked' in page
    desk.post("/profile/reminders/", {})
    assert 'name="is_wanted">' in desk.get("/profile/").content.decode()
    assert remind()["reminded"] == 0
    desk.post("/profile/reminders/", {"is_wanted": "on"})
    assert Reminder.objects.get(account=addressed).is_wanted
    assert remind()["reminded"] == 1


def test_whoever_was_deactivated_gets_no_mail(due: list[Nonconformity], addressed: Any) -> None:
    addressed.is_active = False
    addressed.save()
    assert remind() == {"reminded": 0, "not sent": 0}
