"""The page of one record: where it stands, what comes next, and all that hangs on it."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.records import clock, lists, services
from andon.records.access import signed_in
from andon.records.attachments import is_picture
from andon.records.cards import cards_of
from andon.records.forms import LinkForm, form_for
from andon.records.history import is_chain_whole, lines_of
from andon.records.inbox import urgency
from andon.records.models import Record
from andon.records.path import is_onward, marks, visited
from andon.records.permissions import may
from andon.records.registry import kind_of
from andon.records.rest.schemas import writable_fields
from andon.records.views.common import actor_of, record_or_404
from andon.records.workflow import Refusal, Transition


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step as a button: what it says, what it needs, what stands against it."""

    step: Transition
    refusals: list[Refusal]

    @property
    def is_open(self) -> bool:
        """Tell whether nothing stands against it."""
        return not self.refusals


@signed_in
def record_detail(request: HttpRequest, prefix: str, number: str) -> HttpResponse:
    """Show one record."""
    record = record_or_404(request, prefix, number)
    context = detail_context(request, record)
    app, model = record._meta.app_label, record._meta.model_name
    return render(request, [f"{app}/{model}_detail.html", "records/detail.html"], context)


def detail_context(request: HttpRequest, record: Record) -> dict[str, Any]:
    """Return what the detail page shows; a slice adds its own by `panels.context`."""
    account, kind = actor_of(request), kind_of(type(record))
    steps = [NextStep(step, refused) for step, refused in services.steps(record, actor=account)]
    signatures = list(record.signatures.select_related("account"))
    been = visited(record)
    context = {
        "record": record,
        "prefix": record.WORKFLOW.prefix.lower(),
        "workflow": record.WORKFLOW,
        "state": record.current_state,
        "chips": chips(record),
        "marks": marks(record, been),
        "visited": been,
        "steps": steps,
        "primary": next(iter(sorted(steps, key=_rank(record))), None),
        "fields": fields(record),
        "links_out": record.links_out.select_related("target"),
        "links_in": record.links_in.select_related("source"),
        "link_form": LinkForm(auto_id=False),
        "attachments": [(file, is_picture(file)) for file in record.attachments.all()],
        "comments": record.comments.select_related("author"),
        "signatures": [(one, services.is_void(one, record)) for one in signatures],
        "entries": lines_of(record),
        "is_whole": is_chain_whole(record),
        "owner_form": form_for(type(record), ("owner", "due_at"))(instance=record),
        "may_change": record.closed_at is None and may(account, f"{kind}.change"),
        "may_verify": may(account, "records.verify"),
        "may_comment": may(account, "records.comment"),
        "may_attach": may(account, "records.attach"),
        "may_link": may(account, "records.link"),
        "cards": cards_of(record, request),
    }
    return context | _panels(record, request)


def chips(record: Record) -> list[tuple[str, str]]:
    """Return state, owner and due date as chips."""
    found = [(str(record.current_state.label), "done" if record.closed_at else "watched")]
    found.append((_("Owner: %(name)s") % {"name": record.owner or _("nobody yet")}, ""))
    if record.due_at and record.closed_at is None:
        on = date_format(record.due_at.astimezone(clock.site_zone()), "j M H:i")
        late = urgency(record, clock.now())
        kind = {"late": "problem", "today": "attention"}.get(late, "")
        found.append((_("Due %(on)s") % {"on": on}, kind))
    return found


def fields(record: Record) -> list[tuple[str, str]]:
    """Return the filled fields of a record as label and text."""
    told = [
        (lists.heading(type(record), name), lists.cell(record, name))
        for name in writable_fields(type(record))
        if name not in ("title", "owner", "due_at", "site")
    ]
    return [(label, text) for label, text in told if text]


def _rank(record: Record) -> Any:
    """Order the steps: onward before back, as the workflow lists them; side exits last."""
    flow = record.WORKFLOW
    order = {step.name: place for place, step in enumerate(flow.transitions)}

    def rank(one: NextStep) -> tuple[bool, bool, int]:
        is_exit = flow.state(one.step.target).is_final and one.step.needs_reason
        return (is_exit, not is_onward(flow, one.step, record.state), order[one.step.name])

    return rank


def _panels(record: Record, request: HttpRequest) -> dict[str, Any]:
    """Ask the slice what it adds to its records' pages."""
    package = type(record).__module__.partition(".models")[0]
    name = f"{package}.panels"
    if find_spec(name) is None:
        return {}
    added: dict[str, Any] = import_module(name).context(record, request)
    return added
