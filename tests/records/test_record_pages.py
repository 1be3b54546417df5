"""The page of a record: what it says, what is done on it, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from record_acts import PASSWORD, behind_the_back, cancelled, page

from andon.identify.nonconformities.models import Nonconformity
from andon.records.models import Link, Record, Signature
from andon.records.services import assign, change, link


def test_the_page_names_number_title_state_owner_and_due(
    desk: Client, record: Nonconformity, engineer: Any, noon: Any
) -> None:
    late = datetime(2025, 3, 12, 12, tzinfo=UTC)
    change(record, actor=engineer, values={"owner": engineer, "due_at": late}, version=1)
    told = page(desk, record)
    for text in (record.number, "Burr on the plunger tip", "Draft", "Owner: engineer"):
        assert text in told
    assert "Due 12 Mar 13:00" in told  # the site's zone


def test_an_unknown_number_and_an_unknown_kind_are_not_found(desk: Client, db: Any) -> None:
    assert desk.get("/nc/NC-2025-9999/").status_code == 404
    assert desk.get("/zz/ZZ-2025-0001/").status_code == 404


def test_the_history_tells_in_words_who_changed_what_and_why(
    desk: Client, record: Nonconformity, engineer: Any
) -> None:
    values = {"severity": "major", "owner": engineer}
    change(record, actor=engineer, values=values, version=1, reason="seen by eye")
    told = page(desk, record)
    assert "created it as “Burr on the plunger tip”" in told
    assert "severity: – → major" in told
    assert "owner: – → engineer" in told
    assert "seen by eye · #" in told
    assert "record_ptr" not in told
    assert "owner_id" not in told


def test_two_rows_of_one_act_are_one_line(desk: Client, record: Nonconformity) -> None:
    assert page(desk, record).count("created it as") == 1


def test_a_broken_chain_is_said_on_the_page(desk: Client, record: Nonconformity) -> None:
    assert "Chain verified" in page(desk, record)
    behind_the_back("UPDATE records_entry SET actor = 'x' WHERE chain = %s", f"record:{record.pk}")
    assert "The chain is broken" in page(desk, record)


def test_links_are_shown_from_both_ends(
    desk: Client, record: Nonconformity, report: Callable[..., Nonconformity]
) -> None:
    other = report("Scratch")
    answer = desk.post(
        f"{record.get_absolute_url()}links/", {"target": other.number.lower(), "kind": "contains"}
    )
    assert answer.status_code == 302
    assert Link.objects.get().kind == "contains"
    assert other.number in page(desk, record)
    assert record.number in page(desk, other)
    assert f"linked “{other}”" in page(desk, record)


def test_an_unknown_target_of_a_link_is_refused(desk: Client, record: Nonconformity) -> None:
    answer = desk.post(f"{record.get_absolute_url()}links/", {"target": "NC-1999-0001"})
    assert answer.status_code == 422
    assert "There is no record NC-1999-0001." in answer.content.decode()


def test_owner_and_due_date_are_assigned_on_the_page(
    desk: Client, record: Nonconformity, manager: Any, engineer: Any
) -> None:
    given = {"owner": manager.pk, "due_at": "2025-03-20T08:00", "version": 1}
    assert desk.post(f"{record.get_absolute_url()}assign/", given).status_code == 302
    stored = Record.objects.get()
    assert (stored.owner, stored.due_at) == (manager, datetime(2025, 3, 20, 7, tzinfo=UTC))
    wrong = {"owner": 999_999, "version": 2}
    assert desk.post(f"{record.get_absolute_url()}assign/", wrong).status_code == 422


def test_somebody_who_left_stays_named_and_is_not_offered(
    desk: Client, record: Nonconformity, account_with: Any, system: Any, engineer: Any
) -> None:
    from andon.records.accounts import deactivate

    gone = account_with("QE", username="gone")
    assign(record, owner=gone, actor=engineer)
    deactivate(gone, actor=system)
    answer = desk.post(
        f"{record.get_absolute_url()}change/",
        {"title": "Burr", "unit": "pieces", "owner": gone.pk, "version": 2},
    )
    assert answer.status_code == 302
    assert Record.objects.get().owner == gone
    assert f'value="{gone.pk}"' in page(desk, record)


def test_the_way_so_far_is_a_bar_and_a_diagram(
    office: Client, record: Nonconformity, manager: Any
) -> None:
    assert 'aria-current="step"' in page(office, record)
    cancelled(record, manager)
    told = page(office, record)
    assert 'class="state--now"' in told  # the diagram
    assert 'class="state--done"' in told
    assert "step--done" in told


def cancel(browser: Client, record: Record, **given: Any) -> Any:
    """Send the form of a signed step."""
    typed = {"version": 1, "meaning": "cancelled, lots released", "username": "manager", **given}
    return browser.post(f"{record.get_absolute_url()}step/cancel/", typed)


def test_a_step_shows_its_reason_and_what_the_signature_means(
    office: Client, record: Nonconformity
) -> None:
    told = page(office, record, "step/cancel/")
    assert "cancelled, lots released" in told
    assert 'name="reason"' in told
    assert 'type="password"' in told
    assert "checked" not in told.split('<section class="card">')[1].split("</section>")[0]


def test_a_signed_step_is_taken_and_kept_with_its_reason(
    office: Client, record: Nonconformity
) -> None:
    answer = cancel(office, record, reason="reported twice", password=PASSWORD)
    assert answer.status_code == 302
    assert Record.objects.get().state == "cancelled"
    assert "moved it to “Cancelled”" in page(office, record)
    assert "reported twice" in page(office, record)
    assert "signed “cancelled, lots released”" in page(office, record)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reason": "", "password": PASSWORD}, "This field is required."),
        ({"reason": "twice", "password": "guess"}, "The password is not right"),
        ({"reason": "twice"}, "This field is required."),
    ],
)
def test_a_refused_step_says_why_and_changes_nothing(
    office: Client, record: Nonconformity, given: dict[str, str], why: str
) -> None:
    answer = cancel(office, record, **given)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert Record.objects.get().state == "draft"
    assert not Signature.objects.exists()


def test_a_step_on_a_version_that_is_gone_is_refused_and_can_be_repeated(
    office: Client, record: Nonconformity, engineer: Any
) -> None:
    change(record, actor=engineer, values={"location": "L3"}, version=1)
    answer = cancel(office, record, reason="twice", password=PASSWORD)
    assert answer.status_code == 409
    assert "Look again" in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    assert cancel(office, record, reason="twice", password=PASSWORD, version=2).status_code == 302


def test_a_step_that_does_not_fit_the_state_says_so(office: Client, record: Nonconformity) -> None:
    assert "is not possible while “Draft”" in page(office, record, "step/close/")
    answer = office.post(f"{record.get_absolute_url()}step/close/", {"version": 1})
    assert answer.status_code == 422


def test_a_step_needs_its_permission(desk: Client, record: Nonconformity) -> None:
    assert cancel(desk, record, reason="x", password=PASSWORD).status_code == 403
    assert "step/cancel" not in page(desk, record)


def test_an_edited_signature_is_shown_as_void(
    desk: Client, record: Nonconformity, engineer: Any
) -> None:
    from andon.records.clock import now
    from andon.records.content import digest_of
    from andon.records.trail.context import acting

    with acting(engineer):
        Signature.objects.create(
            record_id=record.pk, account=engineer, printed_name="engineer", transition="report",
            meaning="checked", digest=digest_of(record), version=1, signed_at=now(),
        )  # fmt: skip
    assert "void" not in page(desk, record)
    change(record, actor=engineer, values={"location": "L4"}, version=1)
    assert "void: edited after signing" in page(desk, record)


def test_comments_are_shown_with_their_author_and_escaped(
    desk: Client, record: Nonconformity
) -> None:
    desk.post(f"{record.get_absolute_url()}comments/", {"text": "<script>alert(1)</script> 你好"})
    told = page(desk, record)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 你好" in told
    assert "<script>alert(1)" not in told


def test_a_link_drawn_by_a_service_is_told_with_its_kind(
    desk: Client,
    record: Nonconformity,
    report: Callable[..., Nonconformity],
    engineer: Any,
) -> None:
    link(record, report("Scratch"), kind=Link.Kind.RAISED, actor=engineer)
    assert "“raised”" in page(desk, record)
