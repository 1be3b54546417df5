"""Telling a second person each anchor, by e-mail or webhook, so that no one alone keeps them."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django_tasks import task

from andon.records.trail import webhook
from andon.records.trail.anchor_file import Line

log = logging.getLogger(__name__)


def tell_second_person(line: Line) -> None:
    """Queue what is to be told; a worker sends it, and a silent network holds nothing up."""
    told = {
        "number": line.number, "at": line.at, "entries": line.entries, "chains": line.chains,
        "root": line.root, "digest": line.digest,
    }  # fmt: skip
    if settings.ANCHOR_MAIL or settings.ANCHOR_WEBHOOK:
        transaction.on_commit(lambda: send_anchor.enqueue(told))


@task()
def send_anchor(told: dict[str, Any]) -> dict[str, str]:
    """Send one anchor by every way that is set, and tell what became of each."""
    found = {}
    if settings.ANCHOR_MAIL:
        found["mail"] = _mailed(told)
    if settings.ANCHOR_WEBHOOK:
        found["webhook"] = _posted(told)
    return found


def _mailed(told: dict[str, Any]) -> str:
    subject = f"Andon anchor {told['number']}: {told['root'][:16]}"
    lines = "\n".join(f"{name}: {value}" for name, value in told.items())
    check = f"andon verify --anchor {told['number']}:{told['root']}"
    text = f"{lines}\n\nKeep this message. To hold the trail against it:\n{check}\n"
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [settings.ANCHOR_MAIL])
    except (OSError, SMTPException) as error:
        log.exception("anchor %s was not mailed", told["number"])
        return f"not sent: {error}"
    return "sent"


def _posted(told: dict[str, Any]) -> str:
    try:
        webhook.post(settings.ANCHOR_WEBHOOK, told, trusted=settings.WEBHOOK_HOSTS)
    except webhook.NotSent as error:
        log.exception("anchor %s was not posted", told["number"])
        return f"not sent: {error}"
    return "sent"
