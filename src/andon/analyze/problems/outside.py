"""Pieces outside specification: held with the open problem of their stream, or by themselves."""

from collections.abc import Sequence

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.drivers.words import machine_words
from andon.analyze.monitoring.models import Stream
from andon.analyze.problems.containing import add_lots, hold
from andon.analyze.problems.models import Problem
from andon.analyze.problems.workflow import OPEN
from andon.control.plans.models import PlanLine
from andon.control.plans.queries import line_for
from andon.identify.measurements.submission import Note
from andon.identify.nonconformities.models import Nonconformity
from andon.identify.nonconformities.services import raise_nonconformity
from andon.identify.nonconformities.services.raising import Facts
from andon.organization.products.models import Lot
from andon.records.accounts import system_account
from andon.records.models import Account
from andon.records.trail.context import acting
from andon.web.formats import at_resolution


def hold_outside(stream: Stream, rows: pl.DataFrame, *, notes: list[Note]) -> None:
    """Hold the lots of pieces outside specification as the control plan says."""
    line = line_for(stream.characteristic, stream.machine)
    if line is None or line.on_out_of_specification != PlanLine.Consequence.RAISE:
        return
    lots = [lot for lot in rows["lot"].unique(maintain_order=True).to_list() if lot]
    actor = system_account()
    with acting(actor):
        problem = open_problem_of(stream)
        if problem is not None:
            record = hold(problem, lots=lots, actor=actor)
        else:
            record = _held_alone(stream, rows, lots, actor)
    if record is not None:
        notes.append(_note(stream, rows, record, line.reaction))


def open_problem_of(stream: Stream) -> Problem | None:
    """Return the open problem a stream's findings belong to."""
    found = Problem.objects.filter(
        memberships__finding__stream=stream,
        memberships__finding__withdrawn_at=None,
        state__in=OPEN,
    )
    return found.order_by("-pk").first()


def _held_alone(
    stream: Stream, rows: pl.DataFrame, lots: Sequence[str], actor: Account
) -> Nonconformity | None:
    """Return one open nonconformity per stream and lot: a second piece of a lot adds nothing."""
    known = Nonconformity.objects.filter(
        characteristic=stream.characteristic,
        machine=stream.machine,
        origin=Nonconformity.Origin.OUT_OF_SPECIFICATION,
        closed_at=None,
    )
    held = Lot.objects.filter(suspicions__nonconformity__in=known)
    fresh = list(Lot.objects.filter(code__in=lots).exclude(pk__in=held.values("pk")))
    if not fresh and known.exists():
        return None
    early = known.filter(state="draft").order_by("-pk").first()
    if early is not None:
        return add_lots(early, fresh, actor=actor)
    return raise_nonconformity(_facts(stream, rows, fresh), actor=actor)


def _facts(stream: Stream, rows: pl.DataFrame, lots: Sequence[Lot]) -> Facts:
    count = rows.height
    message = ngettext(
        "%(what)s on %(where)s: %(n)d piece outside specification",
        "%(what)s on %(where)s: %(n)d pieces outside specification",
        count,
    )
    words = {
        "what": stream.characteristic.name, "where": machine_words(stream.machine), "n": count,
    }  # fmt: skip
    return Facts(
        title=message % words,
        characteristic=stream.characteristic,
        machine=stream.machine,
        lots=dict.fromkeys(lots),
        origin=Nonconformity.Origin.OUT_OF_SPECIFICATION.value,
        description=f"{message % words}: {_values(stream, rows)}",
    )


def _values(stream: Stream, rows: pl.DataFrame) -> str:
    resolution = stream.characteristic.resolution
    values = [at_resolution(value, resolution) for value in rows["value"].to_list()[:20]]
    return f"{', '.join(values)} {stream.characteristic.unit}"


def _note(stream: Stream, rows: pl.DataFrame, record: Nonconformity, reaction: str) -> Note:
    text = _("%(values)s is outside specification: %(number)s holds the lot.")
    values = {"values": _values(stream, rows), "number": record.number}
    return Note("nonconformity", stream.code, text % values, reaction, record.get_absolute_url())
