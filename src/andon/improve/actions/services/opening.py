"""Open a corrective action on a record, and form its team."""

from django.utils.translation import gettext as _

from andon.identify.nonconformities.models import Nonconformity
from andon.improve.actions.models import CorrectiveAction, EffectivenessPlan, TeamMember
from andon.organization.products.models import Characteristic
from andon.records.errors import Refused
from andon.records.models import Account, Link, Record
from andon.records.services import create, editing, link
from andon.records.trail.context import acting


def open_action(
    source: Record, *, actor: Account, owner: Account | None = None, title: str = ""
) -> CorrectiveAction:
    """Open an action that acts on a record; what the record knows is taken over.

    A record that already has an open action gets that one: the same problem is worked on once.
    """
    with acting(actor):
        present = CorrectiveAction.objects.filter(
            links_out__target=source, links_out__kind=Link.Kind.ACTS_ON, closed_at=None
        ).first()
        if present is not None:
            return present
        action = CorrectiveAction(title=title or source.title, owner=owner or source.owner or actor)
        if isinstance(source, Nonconformity):
            _take_over(action, source)
        action = create(action, actor=actor)
        link(action, source, kind=Link.Kind.ACTS_ON, actor=actor)
        _draft_plan(action)
    return action


def add_member(
    record: CorrectiveAction,
    *,
    name: str,
    function: str,
    actor: Account,
    account: Account | None = None,
    version: int | None = None,
) -> TeamMember:
    """Add somebody to the team, or change what they bring."""
    if function not in TeamMember.Function.values:
        message = _("Name one of these: %(known)s.")
        raise Refused.because(
            message % {"known": ", ".join(TeamMember.Function.values)}, "function"
        )
    if not name.strip():
        raise Refused.because(_("Give a name."), "name")
    with editing(record, actor=actor, permission="correctiveaction.work", version=version) as fresh:
        member, _created = TeamMember.objects.update_or_create(
            action=fresh,
            name=name.strip(),
            defaults={"function": function, "account": account},
        )
    return member


def _take_over(action: CorrectiveAction, source: Nonconformity) -> None:
    action.characteristic, action.machine = source.characteristic, source.machine
    action.defect = source.defect
    action.family = source.product.family if source.product else ""
    action.severity = source.severity or action.severity
    action.is_customer_affected = source.is_customer_affected


def _draft_plan(action: CorrectiveAction) -> None:
    """Begin the plan with the metric that fits what is measured."""
    characteristic = action.characteristic
    if characteristic is None:
        return
    is_counted = characteristic.kind == Characteristic.Kind.ATTRIBUTE
    EffectivenessPlan.objects.create(
        action=action,
        cycle=action.cycle,
        metric=EffectivenessPlan.Metric.RATE if is_counted else EffectivenessPlan.Metric.MEAN,
        characteristic=characteristic,
        machines=[action.machine.code] if action.machine else [],
        target=0.5,
    )
