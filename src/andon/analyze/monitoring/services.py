"""What people do on a chart: acknowledge, annotate, exclude, begin a new phase."""

from datetime import date

from django.utils.translation import gettext as _

from andon.analyze.monitoring.freezing import freeze, phase_one
from andon.analyze.monitoring.models import (
    Annotation,
    Exclusion,
    FrozenLimits,
    Signal,
    Stream,
    StreamState,
)
from andon.analyze.monitoring.window import Window
from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.trail.context import acting


def acknowledge(signal: Signal, *, actor: Account, reaction: str) -> Signal:
    """Say that a signal was seen and what was done; the first to say it stands."""
    require(actor, "monitoring.acknowledge")
    if not reaction.strip():
        raise Refused.because(_("Say what was done, as the reaction plan asks."), "reaction")
    with acting(actor):
        fresh = Signal.objects.select_for_update().get(pk=signal.pk)
        if fresh.acknowledged_at is not None:
            who = fresh.acknowledged_by
            raise Conflict(_("%(name)s has acknowledged it already.") % {"name": who})
        fresh.acknowledged_at, fresh.acknowledged_by = clock.now(), actor
        fresh.reaction = reaction.strip()[:500]
        fresh.save()
    return fresh


def annotate(stream: Stream, *, subgroup: str, text: str, actor: Account) -> Annotation:
    """Note something at a point of a chart."""
    require(actor, "monitoring.annotate")
    if not text.strip():
        raise Refused.because(_("Write something."), "text")
    with acting(actor):
        return Annotation.objects.create(
            stream=stream, subgroup=subgroup, text=text.strip()[:500],
            written_by=actor, written_at=clock.now(),
        )  # fmt: skip


def exclude(stream: Stream, *, subgroup: str, reason: str, actor: Account) -> Exclusion:
    """Leave a subgroup out of the next phase I; frozen limits stay as they are."""
    require(actor, "monitoring.exclude")
    if not reason.strip():
        raise Refused.because(_("Name the assignable cause."), "reason")
    with acting(actor, reason=reason):
        found, _is_new = Exclusion.objects.get_or_create(
            stream=stream,
            subgroup=subgroup,
            defaults={
                "reason": reason.strip()[:300], "excluded_by": actor, "excluded_at": clock.now(),
            },
        )  # fmt: skip
    return found


def begin_phase(
    stream: Stream, *, since: date, until: date, reason: str, actor: Account
) -> FrozenLimits:
    """Freeze new limits from a phase I between two days; older points are not judged again."""
    require(actor, "monitoring.begin_phase")
    if not reason.strip():
        raise Refused.because(_("Say why new limits are needed."), "reason")
    with acting(actor, reason=reason):
        state = StreamState.objects.select_for_update().filter(stream=stream).first()
        phase = phase_one(stream, since=since, until=until)
        limits = freeze(stream, phase, actor=actor, reason=reason) if phase else None
        if limits is None or state is None:
            raise Refused.because(
                _("These days hold fewer than 25 subgroups, or no variation."), "since"
            )
        state.content.update(window=Window().to_dict(), told={})
        state.save()
    return limits
