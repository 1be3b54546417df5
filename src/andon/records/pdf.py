"""A record as a PDF: fields, lines, signatures, links and history, with the digest of each page.

The text reaches the typesetter as data, never as markup, so that nothing a person typed is
interpreted.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import typst
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qrcode.main import QRCode

from andon.records import clock, lists
from andon.records.cards import slices_with
from andon.records.content import digest_of
from andon.records.history import is_chain_whole, lines_of
from andon.records.models import Entry, Record
from andon.records.rest.schemas import writable_fields
from andon.records.signatures import signatures_of
from andon.records.trail.anchoring import last_anchor

# The last one comes with the typesetter and is always there.
_FACES = ("Inter", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Libertinus Serif")
_APART = ("title", "owner", "due_at", "site")


class Unprintable(Exception):
    """The typesetter warned: a page might not show everything."""


def pdf_of(record: Record, *, is_strict: bool = False) -> bytes:
    """Return the record as PDF; a strict call refuses whatever the typesetter warns of."""
    content = json.dumps(content_of_pdf(record), ensure_ascii=False)
    with as_file(files("andon.records") / "typst" / "record.typ") as template:
        made, warnings = typst.compile_with_warnings(
            str(template), root=str(template.parent), format="pdf",
            sys_inputs={"record": content}, timestamp=int(clock.now().timestamp()),
        )  # fmt: skip
    if is_strict and warnings:
        raise Unprintable("; ".join(warning.message for warning in warnings))
    return bytes(made)


def content_of_pdf(record: Record) -> dict[str, Any]:
    """Return everything the template prints, as texts."""
    return {
        "number": record.number,
        "title": record.title,
        "kind": str(record.WORKFLOW.label),
        "marks": _marks(record),
        "fields": _fields(record),
        "sections": [part for one in slices_with("printing") for part in one.sections(record)],
        "lines": [_table(record, name) for name in getattr(record, "content_lines", ())],
        "links": _links(record),
        "attachments": [
            [one.name, f"{one.size:,} B", one.sha256] for one in record.attachments.all()
        ],
        "signatures": _signatures(record),
        "comments": [
            [_instant(one.written_at), one.author.name, one.text]
            for one in record.comments.select_related("author")
        ],
        "history": [_history_line(line) for line in lines_of(record, most=100_000)],
        "foot": _foot(record),
        "anchor": _anchor(),
        "fonts": fonts(),
        "language": (get_language() or "en").partition("-")[0],
        "words": _words(),
    }


@cache
def fonts() -> list[str]:
    """Return the faces to print in, the best first, of those that this machine has.

    A name that is not installed would be passed over in silence; any other face still fills in
    for letters that these lack, such as Chinese.
    """
    installed = {font.family for font in typst.Fonts().fonts()}
    return [name for name in _FACES if name in installed]


def _marks(record: Record) -> list[list[str]]:
    return [
        [_("State"), str(record.current_state.label)],
        [_("Owner"), str(record.owner or "–")],
        [_("Due"), _instant(record.due_at)],
        [_("Created"), f"{_instant(record.created_at)}, {record.created_by}"],
        [_("Closed"), _instant(record.closed_at)],
        [_("Version"), str(record.version)],
    ]


def _fields(record: Record) -> list[list[str]]:
    names = [name for name in writable_fields(type(record)) if name not in _APART]
    told = [(lists.heading(type(record), name), lists.cell(record, name)) for name in names]
    return [[label, text] for label, text in told if text]


def _table(record: Record, name: str) -> dict[str, Any]:
    """Return the lines of a record as a table: what is empty in every line is left out."""
    rows = list(getattr(record, name).order_by("pk"))
    model = getattr(record, name).model
    shown = [field for field in model._meta.concrete_fields if _is_told(field, rows)]
    return {
        "title": capfirst(str(model._meta.verbose_name_plural)),
        "head": [capfirst(str(field.verbose_name)) for field in shown],
        "rows": [[lists.text_of(row, field.name) for field in shown] for row in rows],
    }


def _is_told(field: Any, rows: Iterable[models.Model]) -> bool:
    is_key = field.primary_key or (field.is_relation and issubclass(field.related_model, Record))
    return not is_key and any(lists.text_of(row, field.name) for row in rows)


def _links(record: Record) -> list[list[str]]:
    out = [
        [str(link.get_kind_display()), link.target.number, link.target.title]
        for link in record.links_out.select_related("target")
    ]
    return out + [
        [f"← {link.get_kind_display()}", link.source.number, link.source.title]
        for link in record.links_in.select_related("source")
    ]


def _signatures(record: Record) -> list[list[str]]:
    return [
        [one.name, one.meaning, one.at, one.digest[:16], one.validity]
        for one in signatures_of(record)
    ]


def _history_line(line: Any) -> list[str]:
    text = f"{line.text}\n{'; '.join(line.changes)}" if line.changes else line.text
    return [date_format(line.at, "j M Y H:i"), line.actor, text, line.note]


def _foot(record: Record) -> dict[str, str]:
    """Return what makes a print checkable: the content's digest and the head of the chain."""
    head = Entry.objects.filter(chain=f"record:{record.pk}").order_by("-sequence").first()
    whole = _("chain verified") if is_chain_whole(record) else _("THE CHAIN IS BROKEN")
    return {
        "content": _("Content %(digest)s") % {"digest": digest_of(record)},
        "trail": _("Trail %(sequence)d %(digest)s, %(whole)s")
        % {
            "sequence": head.sequence if head else 0,
            "digest": head.digest if head else "–",
            "whole": whole,
        },
        "printed": _("Printed %(at)s") % {"at": _instant(clock.now())},
    }


def _anchor() -> dict[str, Any]:
    """Return the last anchor: printed, the paper itself keeps it."""
    last = last_anchor()
    if last is None:
        return {"text": _("No anchor was made yet."), "code": []}
    at = last.anchored_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = _("Anchor %(number)d of %(at)s: %(root)s") % {
        "number": last.number, "at": at, "root": last.root,
    }  # fmt: skip
    code = QRCode(border=0)
    code.add_data(f"andon anchor {last} {at}")
    code.make()
    return {"text": text, "code": [[bool(dot) for dot in row] for row in code.get_matrix()]}


def _instant(at: datetime | None) -> str:
    return date_format(at.astimezone(clock.site_zone()), "j M Y H:i T") if at else "–"


def _words() -> dict[str, str]:
    """Return the template's own words, translated here because the template cannot."""
    return {
        "facts": _("Facts"), "links": _("Linked"), "attachments": _("Attachments"),
        "signatures": _("Signatures"), "comments": _("Comments"), "history": _("History"),
        "page": _("Page"), "of": _("of"), "signed_by": _("Signed by"), "meaning": _("Meaning"),
        "anchored": _("Keep this page: with it, nobody can rewrite the trail up to here unseen."),
        "at": _("At"), "digest": _("Digest of the content"), "validity": _("Validity"),
    }  # fmt: skip
