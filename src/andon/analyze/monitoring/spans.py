"""Which part of a stream a chart shows: the last subgroups, or the days between two dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.records.days import day_of
from andon.records.errors import Refused

ZOOMS = {
    "50": gettext_lazy("Last 50"),
    "200": gettext_lazy("Last 200"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
    "all": gettext_lazy("All"),
}
_DAYS = {"quarter": 91, "year": 366}
_USUAL = "50"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a stream; `last` counts subgroups, the days are both included."""

    zoom: str = ""
    last: int | None = None
    since: date | None = None
    until: date | None = None


def span_of(asked: Mapping[str, str], newest: date) -> Span:
    """Return the span a query string asks for; `newest` is the stream's last day."""
    since, until = day_of(asked, "since"), day_of(asked, "until")
    if since or until:
        if since and until and since > until:
            raise Refused.because(_("The first day lies after the last."), "since")
        return Span(since=since, until=until)
    zoom = asked.get("show") or _USUAL
    if zoom not in ZOOMS:
        raise Refused.because(_("show is one of %(names)s.") % {"names": ", ".join(ZOOMS)}, "show")
    if zoom in _DAYS:
        return Span(zoom, since=newest - timedelta(days=_DAYS[zoom]))
    return Span(zoom, last=int(zoom) if zoom.isdecimal() else None)


def moves(first: date, last: date) -> list[tuple[str, date, date]]:
    """Return the parts next to the days that are shown, each with its word: closer, wider, aside.

    >>> [(str(since), str(until)) for _w, since, until in moves(date(2025, 3, 1), date(2025, 3, 8))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2025-02-25', '2025-03-04'), ('2025-03-03', '2025-03-06'), ('2025-02-25', '2025-03-12'),
     ('2025-03-05', '2025-03-12')]
    """
    days = (last - first).days + 1
    half, quarter = timedelta(days=max(1, days // 2)), timedelta(days=days // 4)
    found = [(_("earlier"), first - half, last - half)]
    if quarter:
        found.append((_("closer"), first + quarter, last - quarter))
    found.append((_("wider"), first - half, last + half))
    return [*found, (_("later"), first + half, last + half)]
