"""Reminding: once a day everyone is mailed what of theirs is late or due today.

A day without anything due brings no mail. Whoever does not want it says so on the own page.
"""

import logging
from datetime import date, datetime, time, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.records import clock
from andon.records.inbox import due_before
from andon.records.models import Account, Record, Reminder
from andon.records.sites import read_by

log = logging.getLogger(__name__)


def remind() -> dict[str, int]:
    """Mail everyone who was not reminded today, from the hour of the settings on; safe to repeat.

    What a mail server does not take is offered to it again at the next run.
    """
    at, begins = clock.now().astimezone(clock.site_zone()), settings.REMIND_AT
    if begins is None or at.time() < begins.replace(tzinfo=None):
        return {"reminded": 0, "not sent": 0}
    letters = [letter for account in _to_remind(at.date()) if (letter := _letter(account))]
    sent = _sent(letters, at.date()) if letters else 0
    return {"reminded": sent, "not sent": len(letters) - sent}


def wants_reminders(account: Account) -> bool:
    """Tell whether an account gets the mail of what is due."""
    return not Reminder.objects.filter(account=account, is_wanted=False).exists()


def choose_reminders(account: Account, *, is_wanted: bool) -> None:
    """Keep whether an account wants the mail of what is due."""
    Reminder.objects.update_or_create(account=account, defaults={"is_wanted": is_wanted})


def _to_remind(today: date) -> QuerySet[Account]:
    is_done = Q(reminder__is_wanted=False) | Q(reminder__sent_on=today)
    return Account.objects.filter(is_active=True).exclude(email="").exclude(is_done)


def _letter(account: Account) -> tuple[Account, EmailMessage] | None:
    """Return the mail to an account; None where nothing is due."""
    late, due = due_records(account)
    if not late and not due:
        return None
    return account, EmailMessage(_subject(late, due), _text(late, due), to=[account.email])


def _sent(letters: list[tuple[Account, EmailMessage]], today: date) -> int:
    """Send over one connection, and keep to whom; a server that is away is told in one line."""
    sent = 0
    try:
        with get_connection() as mails:
            for account, letter in letters:
                try:
                    mails.send_messages([letter])
                except (SMTPRecipientsRefused, SMTPDataError, ValueError):
                    log.exception("%s was not reminded", account.username)
                    continue
                Reminder.objects.update_or_create(account=account, defaults={"sent_on": today})
                sent += 1
    except (OSError, SMTPException) as error:
        log.error("the mail server does not take reminders: %s", error)
    return sent


def due_records(account: Account) -> tuple[list[Record], list[Record]]:
    """Return what of an account's is late, and what is due today, as it may be read by it."""
    now, zone = clock.now(), clock.site_zone()
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    with read_by(account):
        mine = due_before(account, datetime.combine(tomorrow, time(), zone))
    late = [record for record in mine if record.is_overdue(now)]
    return late, mine[len(late) :]


def _subject(late: list[Record], due: list[Record]) -> str:
    said = []
    if late:
        said.append(ngettext("%(n)d item overdue", "%(n)d items overdue", len(late)))
        said[-1] %= {"n": len(late)}
    if due:
        said.append(ngettext("%(n)d item due today", "%(n)d items due today", len(due)))
        said[-1] %= {"n": len(due)}
    return f"Andon: {', '.join(said)}"


def _text(late: list[Record], due: list[Record]) -> str:
    parts = [(_("Overdue"), late), (_("Due today"), due)]
    told = [
        "\n".join([head, *(_line(record) for record in records)])
        for head, records in parts
        if records
    ]
    way = _("You get this once a day when something of yours is due. Not wanted? Say so here:")
    return "\n\n".join([*told, f"{way} {_address(reverse('profile'))}\n"])


def _line(record: Record) -> str:
    due = record.due_at.astimezone(clock.site_zone()) if record.due_at else None
    day = date_format(due, "j F Y") if due else ""
    return f"- {record.number}, {day}: {record.title}\n  {_address(record.get_absolute_url())}"


def _address(path: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
