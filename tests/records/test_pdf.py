"""A record as PDF: all of it, as data, checkable by its digest and the head of its chain."""

import json
from typing import Any

import pytest
from django.test import Client
from record_acts import behind_the_back

from andon.identify.nonconformities.models import Nonconformity
from andon.records.content import digest_of
from andon.records.models import Entry
from andon.records.pdf import Unprintable, content_of_pdf, pdf_of
from andon.records.services import Signing, advance, change, comment
from small_factory import PASSWORD

HOSTILE = '#panic("x") $x$ @ref *b* _i_ `raw` <label> // gone /* */ \\u{41} [ ] { } "quoted" = no'


@pytest.fixture
def signed(record: Nonconformity, engineer: Any, manager: Any, noon: Any) -> Nonconformity:
    """A record with a comment, a change and a signature."""
    comment(record, text="seen at L3 不合格, Prüfmaß", actor=engineer)
    changed = change(record, actor=engineer, values={"location": "L3"}, version=1, reason="found")
    signing = Signing(PASSWORD, "cancelled, lots released")
    return advance(changed, "cancel", actor=manager, reason="a test part", signing=signing)


def test_a_record_is_printed_without_a_warning(signed: Nonconformity) -> None:
    assert pdf_of(signed, is_strict=True).startswith(b"%PDF-")


def test_texts_are_never_code(record: Nonconformity, engineer: Any) -> None:
    plain = pdf_of(record, is_strict=True)
    values = {"title": HOSTILE, "description": HOSTILE * 20}
    changed = change(record, actor=engineer, values=values, version=1, reason=HOSTILE)
    comment(changed, text=HOSTILE, actor=engineer)
    made = pdf_of(changed, is_strict=True)
    assert len(made) > len(plain)
    assert json.dumps(content_of_pdf(changed)).count('#panic(\\"x\\")') > 20


def test_a_signature_is_printed_with_name_time_meaning_and_mark(
    signed: Nonconformity, manager: Any
) -> None:
    (told,) = content_of_pdf(signed)["signatures"]
    assert told[:3] == [manager.name, "cancelled, lots released", "13 Mar 2025 13:00 CET"]
    assert told[4] == "valid"
    signed.title = "Edited behind the signature"
    signed.save()
    edited = Nonconformity.objects.get(pk=signed.pk)
    assert content_of_pdf(edited)["signatures"][0][4] == "void: edited after signing"


def test_the_foot_names_the_content_and_the_head_of_the_chain(signed: Nonconformity) -> None:
    head = Entry.objects.filter(chain=f"record:{signed.pk}").order_by("-sequence")[0]
    stored = Nonconformity.objects.get(pk=signed.pk)
    foot = content_of_pdf(stored)["foot"]
    assert digest_of(stored) in foot["content"]
    assert head.digest in foot["trail"]
    assert "chain verified" in foot["trail"]


def test_fields_comments_and_history_are_printed(signed: Nonconformity) -> None:
    told = content_of_pdf(signed)
    assert ["Location", "L3"] in told["fields"]
    assert told["comments"][0][2] == "seen at L3 不合格, Prüfmaß"
    assert any("found" in note for *_others, note in told["history"])


def test_lines_are_printed_with_the_record(record: Nonconformity) -> None:
    told = content_of_pdf(record)["lines"]
    assert len(told) == len(getattr(record, "content_lines", ()))


def test_a_long_history_fills_more_pages(record: Nonconformity, engineer: Any) -> None:
    for place in range(60):
        comment(record, text=f"Comment {place}", actor=engineer)
    assert pdf_of(record, is_strict=True).count(b"/MediaBox") > 1


def test_the_page_offers_it_and_the_address_gives_it(desk: Client, record: Any) -> None:
    address = f"{record.get_absolute_url()}pdf/"
    assert f'href="{address}"' in desk.get(record.get_absolute_url()).text
    answer = desk.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")


def test_it_needs_the_view_of_the_record(record: Any, account_with: Any) -> None:
    browser = Client()
    browser.force_login(account_with(username="nobody"))
    assert browser.get(f"{record.get_absolute_url()}pdf/").status_code == 403


def test_a_warning_of_the_typesetter_is_no_silence(
    record: Nonconformity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.records.pdf.fonts", lambda: ["No Such Face"])
    with pytest.raises(Unprintable, match="no such face"):
        pdf_of(record, is_strict=True)


def test_a_broken_chain_is_printed_at_the_foot(record: Nonconformity) -> None:
    behind_the_back("UPDATE records_entry SET actor = 'x' WHERE chain = %s", f"record:{record.pk}")
    assert content_of_pdf(record)["foot"]["trail"].endswith("THE CHAIN IS BROKEN")
