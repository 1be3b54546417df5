"""A record on paper: everything that was said, nothing interpreted, no warning overlooked."""

import zlib
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from record_acts import behind_the_back, cancelled

from andon.identify.nonconformities.models import Nonconformity
from andon.records.content import digest_of
from andon.records.models import Entry
from andon.records.pdf import Unprintable, content_of_pdf, pdf_of
from andon.records.services import change, comment

HOSTILE = '#eval("1+1") $x$ *bold* `raw` @cite <label> \\ // #import "x" {{ 1 }} 不合格 „Prüfmaß“'


def page_count(made: bytes) -> int:
    """Return how many pages a PDF has, from its own page tree."""
    texts = [made]
    for part in made.split(b"stream\n")[1:]:
        try:
            texts.append(zlib.decompress(part.split(b"\nendstream")[0]))
        except zlib.error:
            continue
    return sum(text.count(b"/Type /Page\n") + text.count(b"/Type/Page/") for text in texts)


def test_a_record_prints_without_a_warning(desk: Client, record: Nonconformity) -> None:
    assert pdf_of(record, is_strict=True).startswith(b"%PDF-1.")
    answer = desk.get(f"{record.get_absolute_url()}pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{record.number}.pdf"'


def test_whatever_people_type_is_text(record: Nonconformity, engineer: Any, system: Any) -> None:
    values = {"title": HOSTILE, "description": HOSTILE * 40, "location": "=cmd()"}
    changed = change(record, actor=engineer, values=values, version=1, reason=HOSTILE)
    comment(changed, text=HOSTILE + "\n\n= Heading\n- item", actor=engineer)
    assert pdf_of(changed, is_strict=True).startswith(b"%PDF")
    assert content_of_pdf(changed)["title"] == HOSTILE


def test_signatures_are_printed_with_name_time_meaning_and_validity(
    record: Nonconformity, manager: Any, noon: datetime
) -> None:
    signed = cancelled(record, manager)
    (line,) = content_of_pdf(signed)["signatures"]
    assert line[:3] == ["manager", "cancelled, lots released", "13 Mar 2025 13:00 CET"]
    assert line[4] == "valid"
    assert pdf_of(signed, is_strict=True)


def test_the_foot_carries_the_digest_of_the_content_and_the_head_of_the_trail(
    record: Nonconformity,
) -> None:
    head = Entry.objects.filter(chain=f"record:{record.pk}").order_by("-sequence")[0]
    foot = content_of_pdf(record)["foot"]
    assert digest_of(record) in foot["content"]
    assert head.digest in foot["trail"]
    assert foot["trail"].endswith("chain verified")
    behind_the_back("UPDATE records_entry SET actor = 'x' WHERE id = %s", head.pk)
    assert content_of_pdf(record)["foot"]["trail"].endswith("THE CHAIN IS BROKEN")


def test_the_history_is_complete(record: Nonconformity, engineer: Any) -> None:
    for place in range(60):
        comment(record, text=f"note {place} " + "long " * 60, actor=engineer)
    assert len(content_of_pdf(record)["history"]) == 61
    assert page_count(pdf_of(record, is_strict=True)) > 3


def test_a_warning_of_the_typesetter_is_no_silence(
    record: Nonconformity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.records.pdf.fonts", lambda: ["No Such Face"])
    with pytest.raises(Unprintable, match="no such face"):
        pdf_of(record, is_strict=True)


def test_printing_needs_the_view_of_the_record(client: Client, record: Nonconformity) -> None:
    assert client.get(f"{record.get_absolute_url()}pdf/").status_code == 302
