"""What needs me now: one sentence, the line strip, the problems, my due items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.monitoring.queries import RecentMeans, recent_means
from andon.analyze.problems.models import Problem
from andon.analyze.problems.queries import open_problems
from andon.analyze.problems.steps import next_label
from andon.board.lines import Strip, strip
from andon.control.plans.models import PlanLine
from andon.records import clock
from andon.records.inbox import Inbox
from andon.records.models import Account
from andon.records.permissions import may

MOST = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A problem as one line of the list."""

    kind: str
    word: str
    title: str
    url: str
    text: str
    facts: list[str]
    values: tuple[float, ...]
    lower: float | None
    upper: float | None
    flagged: list[int]
    action: dict[str, Any] | None


def now_strip(problems: list[Problem]) -> Strip:
    """Return the line strip with the streams of the open problems marked."""
    troubled = {code: _trouble(problem) for problem in problems for code in problem.stream_codes()}
    return strip(troubled)


def problem_rows(problems: list[Problem]) -> list[Row]:
    """Return the open problems as lines, at most seven."""
    shown = problems[:MOST]
    streams = {s.code: s for problem in shown for s in problem.streams()}
    means = recent_means(streams.values())
    return [_row(problem, means, is_first=place == 0) for place, problem in enumerate(shown)]


def headline(problems: list[Problem], found: Inbox) -> str:
    """Return the sentence of the day: how much is new and how much is due."""
    new = sum(problem.state == "new" for problem in problems)
    late = len(found.overdue)
    said = []
    if new:
        said.append(ngettext("%(n)d new problem", "%(n)d new problems", new) % {"n": new})
    elif problems:
        n = len(problems)
        said.append(
            ngettext("%(n)d problem is being worked on", "%(n)d problems are being worked on", n)
            % {"n": n}
        )
    if late:
        said.append(ngettext("%(n)d item overdue", "%(n)d items overdue", late) % {"n": late})
    return ", ".join(said) + "." if said else _("Nothing needs you now.")


def first_step(account: Account) -> dict[str, str] | None:
    """Return what to do first where nothing is watched yet, if the account may."""
    if may(account, "master_data.load") and not PlanLine.objects.exists():
        return {"label": _("Load master data"), "url": reverse("master-data")}
    if may(account, "measurements.record"):
        return {"label": _("Record results"), "url": reverse("record_results")}
    return None


def listed_problems() -> list[Problem]:
    """Return every open problem, the costliest first."""
    return list(open_problems())


def _trouble(problem: Problem) -> str:
    return str(problem.current_state.label) if problem.state != "new" else _("New problem")


def _row(problem: Problem, means: dict[str, RecentMeans], *, is_first: bool) -> Row:
    codes = problem.stream_codes()
    recent = next((means[code] for code in codes if code in means), None)
    kinds = {"new": "problem", "watched": "watched"}
    owner = problem.owner.name if problem.owner else _("nobody yet")
    return Row(
        kind=kinds.get(problem.state, "attention"),
        word=str(problem.current_state.label),
        title=problem.title,
        url=problem.get_absolute_url(),
        text=_summary(problem),
        facts=[*codes[:3], _age(problem.created_at), _("Owner: %(name)s") % {"name": owner}],
        values=recent.values if recent else (),
        lower=recent.lower if recent else None,
        upper=recent.upper if recent else None,
        flagged=recent.flagged if recent else [],
        action={
            "label": next_label(problem), "url": problem.get_absolute_url(), "is_primary": is_first,
        },
    )  # fmt: skip


def _age(since: datetime) -> str:
    days = (clock.now() - since).days
    return ngettext("%(n)d day old", "%(n)d days old", days) % {"n": days}


def _summary(problem: Problem) -> str:
    """Return since when, what drives it, and what it is expected to cost."""
    said = [_("since %(day)s") % {"day": date_format(problem.began_on, "j F")}]
    if problem.factor:
        driver = {"factor": problem.factor, "level": problem.level}
        said.append(_("driven by %(factor)s %(level)s") % driver)
    if problem.cost_per_day:
        cost = {"cost": f"{problem.cost_per_day:.0f}"}
        # A lot is made once: what it costs does not go on from day to day.
        is_once = problem.factor == "lot"
        said.append(
            (
                _("about %(cost)s\N{NO-BREAK SPACE}€")
                if is_once
                else _("about %(cost)s\N{NO-BREAK SPACE}€ a day")
            )
            % cost
        )
    return ", ".join(said)
