"""Keeping what changed no record and has to be known: exports, failures, configuration, clock.

Each is a row that is never changed, with an entry in the trail like any other.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django_tasks import task

from andon.records import clock
from andon.records.models import Account, SecurityEvent
from andon.records.roles import Role
from andon.records.trail.context import acting

Kind = SecurityEvent.Kind
log = logging.getLogger(__name__)
_MOST_LETTERS = 500


def note(
    kind: SecurityEvent.Kind, *, username: str, address: str = "", about: str = ""
) -> SecurityEvent:
    """Keep that something happened; of a failed log-in the name is what was typed."""
    name = username[:150]
    with acting(Account(username=name or "andon")):
        return SecurityEvent.objects.create(
            kind=kind, username=name, address=address[:64],
            about=about.replace("\0", "")[:_MOST_LETTERS], happened_at=clock.now(),
        )  # fmt: skip


def tell_administrators(subject: str, text: str) -> None:
    """Queue a mail to every administrator who has an address."""
    administrators = Account.objects.filter(
        assignments__role=Role.ADMINISTRATOR, is_active=True
    ).exclude(email="")
    addresses = sorted(set(administrators.values_list("email", flat=True)))
    if addresses:
        transaction.on_commit(lambda: send_alert.enqueue(subject, text, addresses))


@task()
def send_alert(subject: str, text: str, addresses: list[str]) -> str:
    """Send a mail, and tell what became of it."""
    try:
        send_mail(f"Andon: {subject}", text, settings.DEFAULT_FROM_EMAIL, addresses)
    except (OSError, SMTPException) as error:
        log.exception("the administrators could not be told: %s", subject)
        return f"not sent: {error}"
    return "sent"
