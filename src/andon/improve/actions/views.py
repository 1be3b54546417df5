"""Pages of corrective actions beside the generic ones: lines, opening, and the proof of effect."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.improve.actions.forms import FORMS, ITEM_FORMS
from andon.improve.actions.models import ActionItem, CorrectiveAction, EffectivenessResult
from andon.improve.actions.proof import proof_of
from andon.improve.actions.services import check_effect, open_action
from andon.records.access import needs
from andon.records.models import Record
from andon.records.permissions import may
from andon.records.registry import own_type
from andon.records.views.common import actor_of
from andon.records.views.lines import line_page
from andon.records.workflow import Transition


@needs("correctiveaction.view")
def effect(request: HttpRequest, number: str) -> HttpResponse:
    """Show the proof of effect: the verdict, and one next step; `?cycle=1` shows an earlier one."""
    record = get_object_or_404(CorrectiveAction, number=number.upper())
    shown = _as_in_cycle(record, request.GET.get("cycle", ""))
    proof = proof_of(shown)
    step = _signed_step(record, proof.get("result")) if shown is record else None
    context = {
        **proof,
        "record": record,
        "cycle": shown.cycle,
        "other_cycles": [one for one in range(1, record.cycle + 1) if one != shown.cycle],
        "step": step if step and may(request.user, step.permission) else None,
        "may_check": shown is record
        and proof.get("is_due")
        and may(request.user, "correctiveaction.check"),
    }
    return render(request, "actions/effect.html", context)


@require_POST
@needs("correctiveaction.check")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Compute the effect now that its check date has come."""
    record = get_object_or_404(CorrectiveAction, number=number.upper())
    result = check_effect(record, actor=actor_of(request))
    messages.success(request, _("Computed: %(verdict)s.") % {"verdict": result})
    return redirect("action_effect", record.number)


@require_POST
@needs("correctiveaction.create")
def open_on(request: HttpRequest, number: str) -> HttpResponse:
    """Open a corrective action on a record, or go to the one that is open."""
    source = own_type(get_object_or_404(Record, number=number.upper()))
    return redirect(open_action(source, actor=actor_of(request)))


@needs("correctiveaction.view")
def write_line(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Add to a corrective action; each form asks for its own permission."""
    if name not in FORMS:
        raise Http404(name)
    return line_page(
        request, get_object_or_404(CorrectiveAction, number=number.upper()), FORMS[name]
    )


@needs("correctiveaction.view")
def write_on_item(request: HttpRequest, number: str, key: int, name: str) -> HttpResponse:
    """Say that an item is done, or drop it."""
    if name not in ITEM_FORMS:
        raise Http404(name)
    item = get_object_or_404(
        ActionItem.objects.select_related("action"), pk=key, action__number=number.upper()
    )
    return line_page(request, item.action, ITEM_FORMS[name], item)


def _as_in_cycle(record: CorrectiveAction, asked: str) -> CorrectiveAction:
    """Return the record, or a copy for reading only that stands in an earlier cycle of it."""
    if not asked.isascii() or not asked.isdecimal() or not 0 < int(asked[:9]) < record.cycle:
        return record
    earlier = CorrectiveAction.objects.get(pk=record.pk)
    earlier.cycle = int(asked)
    return earlier


def _signed_step(record: CorrectiveAction, result: EffectivenessResult | None) -> Transition | None:
    """Return the step that the verdict asks for: close, or reopen at the cause."""
    if record.state != "effectiveness_review" or result is None:
        return None
    is_effective = result.verdict == EffectivenessResult.Verdict.EFFECTIVE
    return record.WORKFLOW.transition("close_effective" if is_effective else "reopen_at_cause")
