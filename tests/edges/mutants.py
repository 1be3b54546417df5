"""Andon with one rule taken away: the walk must notice each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from andon.identify.nonconformities.services import disposition
from andon.improve.actions.workflow import WORKFLOW as ACTIONS
from andon.records import services
from andon.records.trail import install, verify

Mutant = Callable[[], Any]


def closing_without_verdict() -> Any:
    """No guard looks at the verdict before an action is closed."""
    return _without_guard(ACTIONS.transition("close_effective"))


def closing_by_sql() -> Any:
    """The database does not know that an action closes by its effect."""
    return _without_triggers("records_record", "andon_rule_ca_closed_by_effect")


def no_role_asked() -> Any:
    """Everybody may do everything."""
    return patch.object(services, "require", lambda _account, _permission: None)


def table_without_trail() -> Any:
    """No trigger tells comments, and nobody misses it."""
    return _both(_without_triggers("records_comment"), patch.object(verify, "missing", list))


def signature_without_content() -> Any:
    """A signature is bound to no content."""
    return patch.object(services, "digest_of", lambda _record: "")


def signature_before_the_end() -> Any:
    """A signature is bound to the content as it was before the step."""
    whole = services._sign

    def early(record: Any, *given: Any) -> None:
        record.title += "."
        whole(record, *given)
        record.save()

    return patch.object(services, "_sign", early)


def more_than_is_suspect() -> Any:
    """A disposition may take more than is there: no check, no rule of the database."""
    return _both(
        patch.object(disposition, "_check_line", lambda _record, _line: None),
        _without_triggers("nonconformities_dispositionline", "andon_rule_"),
        _without_triggers("nonconformities_nonconformity", "andon_rule_nc_suspect_balance"),
    )


def any_order() -> Any:
    """Any step may be taken in any state."""
    return patch.object(services, "_state_refusals", lambda _record, _step: [])


def steps_of_andon_by_people() -> Any:
    """People take the steps that follow from other records."""
    return patch.object(services, "_automatic_refusals", lambda _step, _actor: [])


def editing_after_the_end() -> Any:
    """A closed record is edited."""
    return patch.object(services, "_refuse_closed", lambda _record: None)


def last_writer_wins() -> Any:
    """Nobody notices that the record was changed meanwhile."""
    return patch.object(services, "_refuse_stale", lambda *_given: None)


def no_proof_of_the_signer() -> Any:
    """Nobody asks for the password."""
    return patch.object(services, "_credential_refusals", lambda _signing, _actor: [])


def no_reason_asked() -> Any:
    """Nobody asks for the reason of a step."""
    return patch.object(services, "_reason_refusals", lambda _step, _reason: [])


def changes_without_reason() -> Any:
    """Nobody asks why a value is changed that others have seen."""
    return patch.object(services, "_refuse_unreasoned", lambda *_given: None)


MUTANTS: tuple[Mutant, ...] = (
    closing_without_verdict, closing_by_sql, no_role_asked, table_without_trail,
    signature_without_content, signature_before_the_end, more_than_is_suspect, any_order,
    steps_of_andon_by_people, editing_after_the_end, last_writer_wins, no_proof_of_the_signer,
    no_reason_asked, changes_without_reason,
)  # fmt: skip


@contextmanager
def _both(*parts: Any) -> Iterator[None]:
    with ExitStack() as stack:
        for part in parts:
            stack.enter_context(part)
        yield


@contextmanager
def _without_guard(step: Any) -> Iterator[None]:
    kept = step.guard
    object.__setattr__(step, "guard", None)
    try:
        yield
    finally:
        object.__setattr__(step, "guard", kept)


@contextmanager
def _without_triggers(table: str, prefix: str = "andon_") -> Iterator[None]:
    """Drop triggers of a table; who runs this goes back to before it afterwards."""
    with connection.cursor() as cursor:
        for name, place_of in install.present():
            if place_of == table and name.startswith(prefix):
                place = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER "{name}"{place}')
    yield
