"""Noticing that the configuration was changed, or the clock set back, since the last look."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from andon.records import clock
from andon.records.models import Entry, SecurityEvent
from andon.records.security_events import Kind, note

_WATCHED = (
    "DEBUG", "ALLOWED_HOSTS", "HAS_TLS", "SITE_TIME_ZONE", "CLOCK_OFFSET_SECONDS", "LAKE_URL",
    "LAKE_KEEP_BLOCKS_HOURS", "LAKE_KEEP_FILES_HOURS", "ANCHOR_FILE", "ANCHOR_MINUTES",
    "ANCHOR_ENTRIES", "ANCHOR_MAIL", "ANCHOR_WEBHOOK", "WEBHOOK_HOSTS", "SIGNING_BREAK_MINUTES",
    "MAX_ATTACHMENT_BYTES", "EMAIL_HOST", "SESSION_COOKIE_AGE",
)  # fmt: skip
_TOLERANCE = timedelta(seconds=5)


def note_changes(username: str = "andon") -> dict[str, Any]:
    """Keep which settings are others than at the last look; one event for each that changed."""
    known: dict[str, Any] = {}
    for about in _told():
        name, _colon, value = about.partition(": ")
        known[name] = value
    present = {name: _text(getattr(settings, name, None)) for name in _WATCHED}
    changed = {name: value for name, value in present.items() if known.get(name) != value}
    for name, value in changed.items():
        note(Kind.CONFIGURED, username=username, about=f"{name}: {value}")
    return changed


def watch_clock() -> dict[str, bool]:
    """Keep that the clock was set back since the last entry; their order is their sequence."""
    last = Entry.objects.order_by("-id").values_list("at", flat=True).first()
    now = clock.now()
    is_back = last is not None and datetime.fromisoformat(last) - now > _TOLERANCE
    if is_back:
        note(Kind.CLOCK_SET_BACK, username="andon", about=f"{last} was told before {now:%FT%TZ}")
    return {"was_set_back": is_back}


def _told() -> list[str]:
    rows = SecurityEvent.objects.filter(kind=Kind.CONFIGURED).order_by("id")
    return list(rows.values_list("about", flat=True))


def _text(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)[:400]
