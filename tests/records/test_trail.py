"""The trail tells every change, however it is made, and refuses to be changed itself."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from andon.records.models import Account, Entry
from andon.records.trail.canonical import entry_digest
from andon.records.trail.context import acting
from andon.records.trail.install import missing


def entries_of(account: Account) -> list[Entry]:
    """Return the chain of an account's row."""
    return list(Entry.objects.filter(chain=f"records_account:{account.pk}"))


def test_every_audited_table_has_its_triggers(db: None) -> None:
    assert missing() == []


def test_a_bulk_update_is_told_with_actor_reason_old_and_new(engineer: Any) -> None:
    with acting(engineer, reason="married"):
        Account.objects.filter(pk=engineer.pk).update(name="New name")
    last = entries_of(engineer)[-1]
    assert (last.actor, last.action, last.reason) == ("engineer", "change", "married")
    assert '"engineer"' in last.old
    assert '"New name"' in last.new


def test_raw_sql_is_told_too(engineer: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_account SET name = 'raw' WHERE id = %s", [engineer.pk])
    assert '"raw"' in entries_of(engineer)[-1].new


def test_an_update_without_a_change_writes_nothing(engineer: Any) -> None:
    before = len(entries_of(engineer))
    engineer.save()
    assert len(entries_of(engineer)) == before


def test_each_entry_carries_the_digest_of_itself_and_of_the_one_before(engineer: Any) -> None:
    for name in ("a", "b", "c"):
        Account.objects.filter(pk=engineer.pk).update(name=name)
    previous = ""
    for place, e in enumerate(entries_of(engineer), start=1):
        parts = (e.chain, e.sequence, e.at, e.actor, e.action, e.table, e.row, e.old, e.new)
        assert (e.sequence, e.previous) == (place, previous)
        assert e.digest == entry_digest(*parts, e.reason, e.previous)
        previous = e.digest


def test_a_password_never_stands_in_the_trail(engineer: Any) -> None:
    assert all("password" not in entry.new for entry in entries_of(engineer))


@pytest.mark.parametrize(
    "statement", ["UPDATE records_entry SET actor = 'x'", "DELETE FROM records_entry"]
)
def test_the_trail_itself_cannot_be_changed(engineer: Any, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
