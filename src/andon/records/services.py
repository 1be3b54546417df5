"""Verbs on records. Nothing outside this module writes `state`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.records import clock, login_limit, search
from andon.records.content import content_of, digest_of
from andon.records.days import refuse_odd_year
from andon.records.errors import NotSigned, Refused, Stale
from andon.records.events import Advanced, Advancing, Created, announce
from andon.records.history_words import Words
from andon.records.models.account import Account
from andon.records.models.attached import Comment, Link
from andon.records.models.record import Record
from andon.records.models.signature import Signature
from andon.records.numbering import next_number
from andon.records.permissions import may, require
from andon.records.registry import kind_of
from andon.records.roles import SYS
from andon.records.trail.context import acting, acting_reason
from andon.records.workflow import Refusal, Transition

R = TypeVar("R", bound=Record)
MOST_NOTE, MOST_COMMENT = 300, 10_000
_CREDENTIALS = ("username", "password")
_UNCONTROLLED = ("owner", "due_at", "site")
"""Changed without a reason: they say who works on it until when, not what was found."""


@dataclass(frozen=True, slots=True)
class Signing:
    """What the signer gives at the moment of signing: the password again, and the meaning.

    The user name too where it `needs_name`: at the first signing of a session, and after a break.
    """

    password: str
    meaning: str
    username: str = ""
    needs_name: bool = False


def create(record: R, *, actor: Account) -> R:
    """Number and store a new record in its first state, and announce it."""
    flow = record.WORKFLOW
    require(actor, f"{kind_of(type(record))}.create")
    with acting(actor):
        record.kind = kind_of(type(record))
        record.number = next_number(flow.prefix)
        record.created_by, record.created_at = actor, clock.now()
        record.site = record.site or actor.site
        _enter(record, flow.initial.name)
        _validate(record)
        record.save(force_insert=True)
        search.index(record)
        announce(Created(record, actor))
    return record


def change(
    record: R, *, actor: Account, values: Mapping[str, Any], version: int, reason: str = ""
) -> R:
    """Change fields of an open record, unless somebody else changed it first (`Stale`)."""
    require(actor, f"{kind_of(type(record))}.change")
    with acting(actor, reason=reason):
        fresh = lock(record)
        _refuse_closed(fresh)
        _refuse_stale(fresh, record, values, version)
        _refuse_unreasoned(fresh, values, actor)
        _apply(fresh, values)
        fresh.version += 1
        _validate(fresh)
        fresh.save()
        search.index(fresh)
    return fresh


@contextmanager
def editing(
    record: R, *, actor: Account, permission: str, version: int | None = None, reason: str = ""
) -> Iterator[R]:
    """Lock an open record while its lines are changed; its version rises with them."""
    require(actor, permission)
    with acting(actor, reason=reason):
        fresh = lock(record)
        _refuse_closed(fresh)
        if version is not None:
            _refuse_stale(fresh, record, {}, version)
        yield fresh
        fresh.version += 1
        fresh.save()


def advance(
    record: R,
    step: str,
    *,
    actor: Account,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
    signing: Signing | None = None,
    version: int | None = None,
) -> R:
    """Take one step of the workflow; a refusal leaves nothing changed."""
    transition = record.WORKFLOW.transition(step)
    require(actor, transition.permission)
    with acting(actor, reason=reason):
        fresh = lock(record)
        if version is not None:
            _refuse_stale(fresh, record, values or {}, version)
        _apply(
            fresh,
            {name: (values or {})[name] for name in transition.asks if name in (values or {})},
        )
        refused = refusals(fresh, transition, actor=actor, reason=reason, signing=signing)
        if refused:
            is_unproven = any(one.field in _CREDENTIALS for one in refused)
            raise NotSigned(refused) if is_unproven else Refused(refused)
        announce(Advancing(fresh, transition, actor))
        fresh.version += 1
        _enter(fresh, transition.target)
        _validate(fresh)
        fresh.save()
        _sign(fresh, transition, actor, signing)
        search.index(fresh)
        announce(Advanced(fresh, transition, actor))
    return fresh


def refusals(
    record: Record,
    transition: Transition,
    *,
    actor: Account,
    reason: str = "",
    signing: Signing | None = None,
) -> list[Refusal]:
    """Return everything that stands against a step, so that all can be mended at once."""
    return [
        *_state_refusals(record, transition),
        *_automatic_refusals(transition, actor),
        *_field_refusals(record, transition),
        *(transition.guard(record) if transition.guard else ()),
        *_reason_refusals(transition, reason),
        *_signing_refusals(record, transition, actor, signing),
    ]


def steps(record: Record, *, actor: Account) -> list[tuple[Transition, list[Refusal]]]:
    """Return the steps this account may take now, each with what still stands against it."""
    return [
        (
            step,
            [
                *_field_refusals(record, step, asked=True),
                *(step.guard(record) if step.guard else ()),
            ],
        )
        for step in record.WORKFLOW.leaving(record.state)
        if may(actor, step.permission) and not step.is_automatic
    ]


def link(source: Record, target: Record, *, kind: str, actor: Account, note: str = "") -> Link:
    """Draw an arrow between two records; drawing it twice changes nothing."""
    if kind not in Link.Kind.values:
        known = ", ".join(Link.Kind.values)
        raise Refused.because(_("A link is one of: %(known)s.") % {"known": known}, "kind")
    if source.pk == target.pk:
        raise Refused.because(_("A record is not linked to itself."), "target")
    if len(note) > MOST_NOTE:
        raise Refused.because(_("A note has at most %(n)d characters.") % {"n": MOST_NOTE}, "note")
    with acting(actor):
        found, _created = Link.objects.get_or_create(
            source_id=source.pk,
            target_id=target.pk,
            kind=kind,
            defaults={"note": note, "created_by": actor, "created_at": clock.now()},
        )
    return found


def comment(record: Record, *, text: str, actor: Account) -> Comment:
    """Say something about a record; it stays."""
    require(actor, "records.comment")
    if not text.strip():
        raise Refused.because(_("Write something."), "text")
    if len(text) > MOST_COMMENT:
        many = {"n": MOST_COMMENT}
        raise Refused.because(_("A comment has at most %(n)d characters.") % many, "text")
    with acting(actor):
        return Comment.objects.create(
            record_id=record.pk, text=text.strip(), author=actor, written_at=clock.now()
        )


def assign(record: R, *, owner: Account | None, actor: Account) -> R:
    """Give a record to somebody."""
    require(actor, f"{kind_of(type(record))}.change")
    with acting(actor):
        fresh = lock(record)
        _refuse_closed(fresh)
        fresh.owner = owner
        fresh.version += 1
        fresh.save()
    return fresh


def lock(record: R) -> R:
    """Return the record as stored, locked until the transaction ends."""
    Record.objects.select_for_update().get(pk=record.pk)
    fresh: R = type(record)._default_manager.get(pk=record.pk)  # type: ignore[assignment]
    return fresh


def is_void(signature: Signature, record: Record) -> bool:
    """Tell whether the content was edited after it was signed (21 CFR 11.70)."""
    return signature.digest != digest_of(record)


def _enter(record: Record, state: str) -> None:
    """Enter a state and start its timer; a step that stays in its state restarts nothing."""
    if record.state == state:
        return
    entered = record.WORKFLOW.state(state)
    record.state, record.state_since = state, clock.now()
    if entered.timer is not None:
        record.due_at = clock.now() + entered.timer
    record.closed_at = clock.now() if entered.is_final else None


def _apply(record: Record, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _validate(record: Record) -> None:
    """Ask the model's own rules; a violation is the caller's fault and names the field."""
    try:
        record.full_clean(validate_unique=False)
    except ValidationError as error:
        raise Refused(
            [Refusal(text, field) for field, texts in error.message_dict.items() for text in texts]
        ) from error
    _refuse_odd_instants(record)


def _refuse_odd_instants(record: Record) -> None:
    """Refuse an instant that some time zone could not tell."""
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if isinstance(value, date):
            refuse_odd_year(value, field.name)


def _refuse_closed(record: Record) -> None:
    if record.closed_at is not None:
        raise Refused.because(_("A closed record is not edited; reopen it with a reason."))


def _refuse_stale(fresh: Record, read: Record, values: Mapping[str, Any], version: int) -> None:
    if fresh.version != version:
        mine = {**content_of(read), **{name: str(value) for name, value in values.items()}}
        raise Stale(
            mine={**mine, "version": version},
            theirs={**content_of(fresh), "version": fresh.version},
            told=list(Words(fresh).beside(values)),
            url=fresh.get_absolute_url(),
        )


def _refuse_unreasoned(record: Record, values: Mapping[str, Any], actor: Account) -> None:
    """Ask why a value is changed that others have seen: one of a record that left its draft."""
    is_seen = record.state != record.WORKFLOW.initial.name
    if not is_seen or acting_reason().strip() or SYS in actor.roles():
        return
    told = [(name, getattr(record, name), value) for name, value in values.items()]
    changed = [
        name for name, old, new in told
        if name not in _UNCONTROLLED and old not in (None, "", [], {}) and old != new
    ]  # fmt: skip
    if changed:
        label = record._meta.get_field(changed[0]).verbose_name  # type: ignore[union-attr]
        text = _("Give a reason: “%(field)s” had another value.") % {"field": label}
        raise Refused.because(text, "reason")


def _state_refusals(record: Record, step: Transition) -> list[Refusal]:
    if record.state in step.sources:
        return []
    here = record.current_state.label
    return [
        Refusal(
            _("“%(step)s” is not possible while “%(state)s”.") % {"step": step.label, "state": here}
        )
    ]


def _automatic_refusals(step: Transition, actor: Account) -> list[Refusal]:
    """What follows from other records is nobody's to claim: a problem is not solved by a click."""
    if not step.is_automatic or SYS in actor.roles():
        return []
    return [Refusal(_("Andon itself takes this step."))]


def _field_refusals(record: Record, step: Transition, *, asked: bool = False) -> list[Refusal]:
    names = [name for name in step.required if not (asked and name in step.asks)]
    missing = [name for name in names if getattr(record, name) in (None, "")]
    labels = {name: record._meta.get_field(name).verbose_name for name in missing}  # type: ignore[union-attr]
    return [Refusal(_("Fill in “%(field)s”.") % {"field": labels[name]}, name) for name in missing]


def _reason_refusals(step: Transition, reason: str) -> list[Refusal]:
    return (
        [Refusal(_("Give a reason."), "reason")] if step.needs_reason and not reason.strip() else []
    )


def _signing_refusals(
    record: Record, step: Transition, actor: Account, signing: Signing | None
) -> list[Refusal]:
    if not step.meaning:
        return []
    if step.is_four_eyes and actor.pk in (record.owner_id, record.created_by_id):
        return [Refusal(_("Somebody else must sign: not the owner and not the author."))]
    if signing is None or signing.meaning != str(step.meaning):
        return [
            Refusal(
                _("Sign with the meaning “%(meaning)s”.") % {"meaning": step.meaning}, "meaning"
            )
        ]
    return _credential_refusals(signing, actor)


def _credential_refusals(signing: Signing, actor: Account) -> list[Refusal]:
    """Return why this person is not proven to be the signer; over the limit all is wrong."""
    given = signing.username.strip().casefold()
    if (given or signing.needs_name) and given != actor.username.casefold():
        return [Refusal(_("Type your own user name too; nothing was signed."), "username")]
    is_limited = login_limit.is_limited(actor.username.casefold(), "")
    if is_limited or not actor.check_password(signing.password):
        return [Refusal(_("The password is not right; nothing was signed."), "password")]
    return []


def _sign(record: Record, step: Transition, actor: Account, signing: Signing | None) -> None:
    """Bind the signature to the record as the database now gives it back."""
    if not step.meaning or signing is None:
        return
    Signature.objects.create(
        record_id=record.pk,
        account=actor,
        printed_name=actor.name,
        transition=step.name,
        meaning=signing.meaning,
        digest=digest_of(type(record)._default_manager.get(pk=record.pk)),
        version=record.version,
        signed_at=clock.now(),
    )
