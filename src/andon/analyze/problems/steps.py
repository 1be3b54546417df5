"""Where a story stands: the step bar, and the one next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.causes.models import Cause
from andon.analyze.drivers.words import subject
from andon.analyze.problems.containing import nonconformities_of
from andon.analyze.problems.models import Problem
from andon.identify.nonconformities.models import Nonconformity
from andon.records import clock
from andon.records.models import Link, Record
from andon.records.permissions import may
from andon.records.registry import own_type
from andon.web.formats import fixed

_UNHELD = ("draft", "reported")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bar."""

    label: str
    note: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one primary button: where it leads or posts to, and what follows."""

    label: str
    consequence: str = ""
    url: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The records a problem has led to, in the order of the loop."""

    nonconformities: tuple[Nonconformity, ...]
    actions: tuple[Record, ...]

    @property
    def unheld(self) -> Nonconformity | None:
        """The nonconformity whose lots nobody has held yet."""
        return next((one for one in self.nonconformities if one.state in _UNHELD), None)

    @property
    def action(self) -> Record | None:
        """The last action on the cause; a cancelled one does not count."""
        standing = [one for one in self.actions if one.state != "cancelled"]
        return standing[-1] if standing else None


def chain_of(problem: Problem) -> Chain:
    """Return the chain of a problem: nonconformities raised, actions on them or on itself."""
    raised = nonconformities_of(problem)
    about = [problem.pk, *(one.pk for one in raised)]
    arrows = Link.objects.filter(target__in=about, kind=Link.Kind.ACTS_ON).select_related("source")
    actions = {arrow.source_id: arrow.source for arrow in arrows}
    # What reported the problem is the action whose effect failed; a study is no action.
    reported = problem.links_in.filter(kind=Link.Kind.RAISED).exclude(source__kind="study")
    for arrow in reported.select_related("source"):
        actions[arrow.source_id] = arrow.source
    return Chain(tuple(raised), tuple(own_type(actions[key]) for key in sorted(actions)))


def next_step(problem: Problem, chain: Chain, account: Any) -> NextStep | None:
    """Return the one next step an account can take; None when there is none for it."""
    if problem.closed_at is not None:
        return None
    if chain.unheld is not None:
        return _containing(problem, chain.unheld)
    if chain.action is not None:
        return _acting(problem, chain.action)
    if not chain.nonconformities and problem.lots and may(account, "nonconformity.create"):
        post = reverse("contain_problem", args=[problem.number])
        return NextStep(contain_label(problem), _("raises a nonconformity, filled in"), post=post)
    if not may(account, "correctiveaction.create"):
        return None
    source = chain.nonconformities[-1] if chain.nonconformities else problem
    words = _("opens a corrective action on %(number)s") % {"number": source.number}
    return NextStep(_("Start 8D"), words, post=reverse("open_action", args=[source.number]))


def next_label(problem: Problem) -> str:
    """Return what is to be done next, as a list of problems says it."""
    chain = chain_of(problem)
    if problem.closed_at is not None:
        return _("Open")
    if chain.unheld is not None or (not chain.nonconformities and problem.lots):
        return contain_label(problem)
    if chain.action is None:
        return _("Start 8D")
    return _acting(problem, chain.action).label


def contain_label(problem: Problem) -> str:
    """Return the button that contains the affected lots."""
    count = len(problem.lots)
    if not count:
        return _("Contain")
    return ngettext("Contain %(n)d lot", "Contain %(n)d lots", count) % {"n": count}


def steps_of(problem: Problem, chain: Chain, pieces: int) -> list[Step]:
    """Return the loop as seven steps: done, now and open."""
    has_acted = problem.state in ("under_action", "proving", "solved")
    is_held = has_acted or problem.state == "contained" or _all_held(chain)
    cause = _verified_cause(chain)
    is_measured = bool(problem.streams())
    is_explained = is_measured or bool(problem.factor)
    where = _where(problem) if is_explained else ", ".join(problem.stream_codes())
    marks = [
        (_("Found"), _found(problem), True, "#found"),
        (_("Where"), where, bool(problem.factor) or not is_measured, "#where"),
        (_("Affected"), _affected(problem, pieces), True, "#affected"),
        (
            _("Contain"),
            _contained(problem, chain),
            is_held or not problem.lots,
            _url(chain.nonconformities),
        ),
        (_("Cause"), cause, bool(cause), _url(chain.actions)),
        (_("Action"), _action(chain), problem.state in ("proving", "solved"), _url(chain.actions)),
        (_("Proof"), _proof(problem), problem.state == "solved", _effect_url(chain)),
    ]
    return _marked(marks)


def _marked(marks: Sequence[tuple[str, str, bool, str]]) -> list[Step]:
    """The first step that is not done is the one of now."""
    now = next((place for place, mark in enumerate(marks) if not mark[2]), len(marks))
    return [
        Step(label, note, "done" if is_done else "now" if place == now else "open", url)
        for place, (label, note, is_done, url) in enumerate(marks)
    ]


def _containing(problem: Problem, record: Nonconformity) -> NextStep:
    words = _("opens %(number)s, filled in") % {"number": record.number}
    return NextStep(contain_label(problem), words, url=record.get_absolute_url())


def _acting(problem: Problem, action: Record) -> NextStep:
    state = own_type(action).current_state.label
    words = f"{action.number}: {state}"
    if problem.state == "proving":
        return NextStep(_("Show effectiveness"), words, url=_effect_page(action))
    return NextStep(_("Go on with %(number)s") % {"number": action.number}, words,
                    url=action.get_absolute_url())  # fmt: skip


def _effect_page(action: Record) -> str:
    try:
        return reverse("action_effect", args=[action.number])
    except NoReverseMatch:
        return action.get_absolute_url()


def _found(problem: Problem) -> str:
    rule = next((finding.get_rule_display() for finding in problem.standing()), "")
    return f"{date_format(problem.found_on, 'j M')}, {rule}"


def _where(problem: Problem) -> str:
    return subject(problem.factor, problem.level) if problem.factor else _("not explained yet")


def _affected(problem: Problem, pieces: int) -> str:
    count = len(problem.lots)
    if not count:
        return ""
    lots = ngettext("%(n)d lot", "%(n)d lots", count) % {"n": count}
    if not pieces:
        return lots
    return f"{lots}, " + ngettext("%(n)s piece", "%(n)s pieces", pieces) % {"n": fixed(pieces)}


def _contained(problem: Problem, chain: Chain) -> str:
    waiting = chain.unheld
    if waiting is not None and waiting.due_at:
        return _due(waiting)
    if chain.nonconformities:
        last = chain.nonconformities[-1]
        return f"{last.number}"
    return ""


def _due(record: Record) -> str:
    assert record.due_at is not None
    hours = (record.due_at - clock.now()).total_seconds() / 3600
    if hours < 0:
        return _("overdue")
    if hours < 48:
        return _("due in %(n)d h") % {"n": round(hours)}
    return _("due %(day)s") % {"day": date_format(record.due_at, "j M")}


def _all_held(chain: Chain) -> bool:
    return bool(chain.nonconformities) and chain.unheld is None


def _verified_cause(chain: Chain) -> str:
    if chain.action is None:
        return ""
    supported = Cause.objects.filter(
        record_id=chain.action.pk, cycle=chain.action.cycle, status=Cause.Status.SUPPORTED
    ).first()
    return supported.root if supported else ""


def _action(chain: Chain) -> str:
    if chain.action is None:
        return ""
    return f"{chain.action.number}: {own_type(chain.action).current_state.label}"


def _proof(problem: Problem) -> str:
    if problem.state == "solved" and problem.closed_at:
        day = problem.closed_at.astimezone(clock.site_zone())
        return _("effective, %(day)s") % {"day": date_format(day, "j M")}
    return _("being watched") if problem.state == "proving" else ""


def _url(records: Sequence[Record]) -> str:
    return records[-1].get_absolute_url() if records else ""


def _effect_url(chain: Chain) -> str:
    return _effect_page(chain.action) if chain.action is not None else ""
