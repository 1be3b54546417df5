"""A sample that was due and not taken is a signal too: nobody knows what it would have shown."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from andon.analyze.monitoring.models import Signal, Stream
from andon.control.plans.sampling import MissedSample, missed_samples
from andon.history import log
from andon.organization.processes.queries import Calendar
from andon.records import clock

RULE = "missed"
_BACK, _GRACE = timedelta(days=2), timedelta(hours=1)


def tell_missed_samples() -> int:
    """Raise a signal for each sample of the last two days that nobody took; again changes nothing.

    Only streams that were measured before are asked for: a line of the plan that nobody has begun
    is a matter of the plan, not a signal.
    """
    until = clock.now() - _GRACE
    since = until - _BACK
    streams = {
        (stream.characteristic.code, stream.machine.code): stream
        for stream in Stream.objects.filter(shift="").select_related("characteristic", "machine")
    }
    missed = missed_samples(since, until, taken=_taken(since, until))
    named = [(streams.get((one.characteristic, one.machine)), one) for one in missed]
    return _raise((stream, one) for stream, one in named if stream is not None)


def _taken(since: datetime, until: datetime) -> dict[tuple[str, str], list[datetime]]:
    """Return when each stream was measured in a span."""
    columns = ["characteristic", "machine", "measured_at"]
    rows = log.scan(columns=columns, since=since - timedelta(hours=12), until=until).unique()
    taken: dict[tuple[str, str], list[datetime]] = {}
    for characteristic, machine, at in rows.collect().iter_rows():
        taken.setdefault((characteristic, machine), []).append(at)
    return taken


def _raise(missed: Iterable[tuple[Stream, MissedSample]]) -> int:
    calendar, raised = Calendar.load(), 0
    for stream, sample in missed:
        day, shift = calendar.production_day(sample.since)
        _signal, is_new = Signal.objects.get_or_create(
            stream=stream, subgroup=f"missed {sample.since:%Y-%m-%dT%H:%M}", rule=RULE,
            defaults={
                "produced_on": day, "shift": shift, "measured_at": sample.until, "value": 0.0,
                "raised_at": clock.now(),
            },
        )  # fmt: skip
        raised += is_new
    return raised
