"""Walks every edge of every workflow, and tries from every state what is not an edge."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from random import Random
from typing import Any

from django.db import transaction

from andon.records import services
from andon.records.errors import Conflict, Forbidden, NotSigned, Refused
from andon.records.models import Account, Entry, Link, Record
from andon.records.registry import record_types
from andon.records.roles import SYS
from andon.records.services import Signing
from andon.records.trail.verify import verify
from andon.records.workflow import Transition
from edges import of_actions, of_nonconformities, of_problems, of_studies
from edges.declared import holders, signers
from edges.ledger import Ledger, fail, hold_change, hold_new, hold_step
from edges.people import People
from edges.playbook import Playbook
from small_factory import PASSWORD

BOOKS = tuple(
    module.PLAYBOOK for module in (of_nonconformities, of_problems, of_actions, of_studies)
)
REASON = "walked"


@contextmanager
def undone() -> Iterator[None]:
    """Do something and go back to before it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Walker:
    """Somebody of every role, who tries everything and keeps count."""

    def __init__(self, people: People, *, seed: int = 0, is_thorough: bool = False) -> None:
        self.people, self.is_thorough = dict(people), is_thorough
        self.ledger, self.lot = Ledger(), Random(seed)
        self._known: set[tuple[str, str, str]] = set()

    def explore(self) -> None:
        """Come once to every state, and take every edge from there."""
        for book in BOOKS:
            with undone():
                self._stay(book, book.begin(self.people), "")

    def _stay(self, book: Playbook, record: Record, variant: str) -> None:
        place = (book.kind, record.state, variant)
        if place in self._known:
            return
        self._known.add(place)
        self.refuse_illegal(book, record)
        for act in (self.edit, self.talk, self.link, self.misbehave):
            with undone():
                act(book, record)
        for step in record.WORKFLOW.leaving(record.state):
            self._leave(book, record, step, variant)

    def _leave(self, book: Playbook, record: Record, step: Transition, variant: str) -> None:
        self.hold_gate(book, record, step, variant)
        if step.name in book.blocked.get(variant, ()):
            return
        for chosen in book.variants.get(step.name, ("",)):
            with undone():
                after = self.take(book, record, step, chosen)
                if after.state != record.state:
                    self._stay(book, after, chosen)

    def take(self, book: Playbook, record: Record, step: Transition, variant: str = "") -> Record:
        """Prepare a step, try it with one thing missing each, and take it."""
        values = self._prepared(book, record, step, variant)
        record = _fresh(record)
        able = signers(record, step, self.people)
        self._refuse_halves(book, record, step, values)
        if self.is_thorough and step.name not in book.takes:
            for role in able[1:]:
                with undone():
                    self._taken(book, record, step, values, role)
        after = self._taken(book, record, step, values, self.lot.choice(able))
        self.ledger.walked.add((book.kind, record.state, step.name))
        return after

    def _prepared(
        self, book: Playbook, record: Record, step: Transition, variant: str
    ) -> Mapping[str, Any]:
        ready = book.ready.get(f"{step.name} {variant}".strip())
        return (ready(self.people, record) if ready else None) or {}

    def _taken(
        self, book: Playbook, record: Record, step: Transition, values: Any, role: str
    ) -> Record:
        actor, what = self.people[role], f"{record.number} {step.name} by {role}"
        own = book.takes.get(step.name)
        if own is not None:
            after, _entries = self.ledger.accept(lambda: own(self.people, record), what)
            return _fresh(after)
        act = self._stepping(record, step, actor, values=values)
        _after, entries = self.ledger.accept(act, what)
        after = hold_step(entries, record, step, actor, REASON)
        self._hold_signature(after, step)
        return after

    def _hold_signature(self, record: Record, step: Transition) -> None:
        """A signature holds what was signed, and is void after an edit."""
        if not step.meaning:
            return
        signature = record.signatures.latest("pk")
        if services.is_void(signature, record):
            fail(f"{record.number} {step.name}: the signature is void at once")
        if record.closed_at is None:
            with undone():
                after = self._edited(record)
                if not services.is_void(signature, after):
                    fail(f"{record.number} {step.name}: the signature outlives an edit")

    def _stepping(
        self, record: Record, step: Transition, actor: Account, *, values: Any = None,
        reason: str = REASON, password: str = PASSWORD, meaning: str | None = None,
    ) -> Callable[[], Any]:  # fmt: skip
        signing = Signing(password, str(step.meaning) if meaning is None else meaning)
        return lambda: services.advance(
            record, step.name, actor=actor, values=values, reason=reason, version=record.version,
            signing=signing if step.meaning else None,
        )  # fmt: skip

    def hold_gate(
        self, book: Playbook, record: Record, step: Transition, variant: str = ""
    ) -> None:
        """Come without what the gate asks for: it stays shut."""
        asks = any(name.split()[0] == step.name for name in book.ready)
        is_shut = step.name in book.blocked.get(variant, ())
        if not (asks or is_shut):
            return
        able = signers(record, step, self.people)
        what = f"{record.number} {step.name} unprepared"
        for role in able if self.is_thorough else able[:1]:
            self.ledger.refuse(self._stepping(record, step, self.people[role]), what, Refused)
        self.ledger.held.add((book.kind, step.name))

    def _refuse_halves(self, book: Playbook, record: Record, step: Transition, values: Any) -> None:
        """Everything is there but one thing, each in turn."""
        actor, name = self.people[signers(record, step, self.people)[0]], f"{step.name} without"
        refuse = self.ledger.refuse
        if step.needs_reason:
            act = self._stepping(record, step, actor, values=values, reason=" ")
            refuse(act, f"{record.number} {name} reason", Refused)
        if step.meaning:
            act = self._stepping(record, step, actor, values=values, password="wrong")
            refuse(act, f"{record.number} {name} password", NotSigned)
            act = self._stepping(record, step, actor, values=values, meaning="seen")
            refuse(act, f"{record.number} {name} meaning", Refused)
        if step.is_four_eyes:
            with undone():
                services.assign(record, owner=actor, actor=self.people[SYS])
                act = self._stepping(_fresh(record), step, actor, values=values)
                refuse(act, f"{record.number} {name} four eyes", Refused)

    def refuse_illegal(self, book: Playbook, record: Record) -> None:
        """Try every step as every role that may not take it here."""
        for step in record.WORKFLOW.transitions:
            permitted = {SYS, *record.WORKFLOW.permissions[step.permission]}
            legal = {SYS, *holders(record, step)} if record.state in step.sources else set()
            lacking, early = set(self.people) - permitted, permitted - legal
            if early and not self.is_thorough:
                early = {self.lot.choice(sorted(early))}
            for roles, error in ((lacking, Forbidden), (early, Refused)):
                for role in sorted(roles):
                    act = self._stepping(record, step, self.people[role])
                    self.ledger.refuse(act, f"{record} {record.state}: {step.name} {role}", error)
                    self.ledger.cells.add((book.kind, record.state, step.name, role))

    def edit(self, book: Playbook, record: Record) -> None:
        """Edit as who may, as who may not, too late, without a reason, and after the end."""
        refuse, about = self.ledger.refuse, f"{record.number} edited"
        may = set(record.WORKFLOW.permissions[f"{book.kind}.change"])
        for role in sorted(set(self.people) - may - {SYS}):
            refuse(self._editing(record, role), f"{about} by {role}", Forbidden)
        if record.closed_at is not None:
            refuse(self._editing(record, "QE"), f"{about} after the end", Refused)
            refuse(self._giving(record), f"{record.number} given away after the end", Refused)
            return
        if record.state != record.WORKFLOW.initial.name:
            refuse(self._editing(record, "QE", reason=""), f"{about} without a reason", Refused)
        after = self._edited(record)
        refuse(self._editing(record, "QE"), f"{about} by two", Conflict)
        entries = self.ledger.accept(self._giving(after), f"{record.number} given away")[1]
        hold_change(entries, after, self.people["QE"])

    def _giving(self, record: Record) -> Callable[[], Any]:
        owner, actor = self.people["OP"], self.people["QE"]
        return lambda: services.assign(record, owner=owner, actor=actor)

    def _editing(self, record: Record, role: str, *, reason: str = REASON) -> Callable[[], Any]:
        return lambda: services.change(
            record, actor=self.people[role], values={"title": f"{record.title}, edited"},
            version=record.version, reason=reason,
        )  # fmt: skip

    def _edited(self, record: Record) -> Record:
        what = f"{record.number} edited"
        entries = self.ledger.accept(self._editing(record, "QE"), what)[1]
        return hold_change(entries, record, self.people["QE"])

    def talk(self, _book: Playbook, record: Record) -> None:
        """Comment, in any state, as anybody; but say something."""
        actor = self.people[self.lot.choice(sorted(self.people))]

        def comment(text: str) -> Callable[[], Any]:
            return lambda: services.comment(record, text=text, actor=actor)

        hold_new(self.ledger.accept(comment("seen"), "comment")[1], "records_comment")
        self.ledger.refuse(comment(" "), "an empty comment", Refused)

    def link(self, _book: Playbook, record: Record) -> None:
        """Link to another record once; twice changes nothing; never to itself."""
        other = Record.objects.exclude(pk=record.pk).order_by("pk").first()
        if other is None:
            return

        def draw(target: Record, kind: str) -> Callable[[], Any]:
            actor = self.people["QE"]
            return lambda: services.link(record, target, kind=kind, actor=actor)

        if not Link.objects.filter(source=record.pk, target=other, kind="related").exists():
            hold_new(self.ledger.accept(draw(other, "related"), "link")[1], "records_link")
        if self.ledger.accept(draw(other, "related"), "the same link")[1]:
            fail(f"{record.number}: the same link is told twice")
        self.ledger.refuse(draw(record, "related"), "a link to itself", Refused)
        self.ledger.refuse(draw(other, "thwarts"), "a link of no kind", Refused)

    def misbehave(self, book: Playbook, record: Record) -> None:
        """Try what the record's own rules forbid in this state."""
        for name, error, act in book.misdeeds(self.people, record):
            self.ledger.refuse(act, f"{record.number} {record.state}: {name}", error)

    def wander(self, moves: int) -> None:
        """Go on at random with records that stay, and do at random what comes between steps."""
        live: list[tuple[Playbook, Record, str]] = []
        for _move in range(moves):
            if len(live) < 2 * len(BOOKS):
                book = self.lot.choice(BOOKS)
                live.append((book, _fresh(book.begin(self.people)), ""))
            place = self.lot.randrange(len(live))
            book, record, variant = live[place]
            record = _fresh(record)
            act = self.lot.choice((self.edit, self.talk, self.link, self.misbehave, None, None))
            if act is not None:
                act(book, record)
                continue
            live[place] = self._moved(book, record, variant)
            if not live[place][1].WORKFLOW.leaving(live[place][1].state):
                del live[place]

    def _moved(self, book: Playbook, record: Record, variant: str) -> tuple[Playbook, Record, str]:
        shut = book.blocked.get(variant, ())
        open_steps = [s for s in record.WORKFLOW.leaving(record.state) if s.name not in shut]
        onward = [s for s in open_steps if s.name != "cancel" or self.lot.random() < 0.1]
        step = self.lot.choice(onward or open_steps)
        chosen = self.lot.choice(book.variants.get(step.name, ("",)))
        return book, self.take(book, record, step, chosen), chosen or step.name

    def hold_all(self) -> None:
        """Hold the trail to the tables, and every change of state in it to the workflows."""
        found = verify()
        if not found.is_whole:
            fail(f"verify: {[str(problem) for problem in found.problems[:3]]}")
        for record in Record.objects.all():
            model = record_types()[record.kind]
            told = _states(record)
            if told[0] != model.WORKFLOW.initial.name or told[-1] != record.state:
                fail(f"{record.number}: the trail says {told}, it is {record.state}")
            for source, target in pairwise(told):
                if target not in {step.target for step in model.WORKFLOW.leaving(source)}:
                    fail(f"{record.number}: no step leads from {source} to {target}")


def _fresh(record: Record) -> Record:
    return type(record)._default_manager.get(pk=record.pk)


def _states(record: Record) -> list[str]:
    """Return the states of a record one after the other, from its trail alone."""
    told = Entry.objects.filter(table="records_record", row=str(record.pk)).order_by("sequence")
    news = [json.loads(new) for new in told.values_list("new", flat=True)]
    return [new["state"] for new in news if "state" in new]
