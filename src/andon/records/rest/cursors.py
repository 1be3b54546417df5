"""Cursor pages: by descending id, so that a page costs the same wherever it stands."""

import base64
import binascii
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from andon.records.errors import Refused

M = TypeVar("M", bound=Model)
PAGE = 50
MOST = 500


def page_of(rows: QuerySet[M], cursor: str, limit: int) -> tuple[list[M], str]:
    """Return one page and the cursor of the next; an empty cursor says this is the last."""
    if not 1 <= limit <= MOST:
        raise Refused.because(_("limit is between 1 and %(most)d.") % {"most": MOST}, "limit")
    below = _opened(cursor)
    chosen = rows.filter(pk__lt=below) if below else rows
    found = list(chosen.order_by("-pk")[: limit + 1])
    following = _sealed(found[limit - 1].pk) if len(found) > limit else ""
    return found[:limit], following


def _sealed(key: int) -> str:
    return base64.urlsafe_b64encode(f"v1:{key}".encode()).decode()


def _opened(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        version, _colon, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        if version != "v1" or not key.isdecimal() or len(key) > 18:
            raise ValueError(cursor)
        return int(key)
    except (ValueError, binascii.Error) as error:
        raise Refused.because(_("This cursor is not one that a page gave."), "cursor") from error
