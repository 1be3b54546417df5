"""A stream's state told in a sentence: the headline of its chart."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.analyze.monitoring.chart import Shown
from andon.analyze.monitoring.chart_events import episodes
from andon.analyze.monitoring.models import Finding
from andon.analyze.monitoring.standing import Standing, finding_word


def overview(rows: Sequence[Standing]) -> str:
    """Return how all streams stand: what departs from control, or what is judged at all."""
    kinds = Counter(row.kind for row in rows)
    if n := kinds["problem"]:
        found = ngettext("One stream has a finding", "%(n)d streams have a finding", n)
        return found % {"n": n}
    if n := kinds["attention"]:
        return ngettext("One stream has an open signal", "%(n)d streams have open signals", n) % {
            "n": n
        }
    if not kinds["ok"]:
        return _("No stream is judged yet")
    if kinds["idle"]:
        return _("Every stream that is judged is in control")
    return _("Every stream is in control")


def headline(standing: Standing) -> str:
    """Return the finding, or that there is none."""
    place = _place(standing)
    if standing.finding is not None:
        return _found(place, standing.finding)
    if standing.stream.characteristic.is_counted:
        return _("%(place)s: no raised defect rate") % {"place": place}
    if standing.limits is None:
        return _("%(place)s has no control limits yet") % {"place": place}
    if standing.kind == "attention":
        return _("%(place)s: %(word)s to look at") % {"place": place, "word": standing.word}
    return _("%(place)s is in control") % {"place": place}


def _was_tried(standing: Standing) -> bool:
    """Tell whether limits were wanted of phase I, in vain."""
    state = getattr(standing.stream, "state", None)
    return state is not None and "phase_one_again" in state.content


def lead(standing: Standing) -> str:
    """Return what the headline rests on."""
    if standing.stream.characteristic.is_counted:
        return _("Counted by week against the other places that do the same work.")
    if standing.limits is None:
        word = {"word": standing.word}
        if not _was_tried(standing):
            return _("Limits are frozen when phase I is over. %(word)s so far.") % word
        return (
            _(
                "%(word)s so far, which carry no limits: fewer than 25 of the usual size, or no"
                " variation. Then record more digits, or check the instrument's resolution."
            )
            % word
        )
    judged = ngettext(
        "%(n)s subgroup judged since %(day)s", "%(n)s subgroups judged since %(day)s",
        standing.judged,
    ) % {"n": f"{standing.judged:,}", "day": day_of(standing.limits.until)}  # fmt: skip
    return f"{judged}, {_open(standing.open_signals)}."


def _open(count: int) -> str:
    if not count:
        return _("no open signal")
    return ngettext("%(n)d signal not acknowledged", "%(n)d signals not acknowledged", count) % {
        "n": count
    }


def _place(standing: Standing) -> str:
    stream = standing.stream
    shift = _(", shift %(shift)s") % {"shift": stream.shift} if stream.shift else ""
    return f"{stream.characteristic.name} {_('on')} {stream.machine.code}{shift}"


def _found(place: str, finding: Finding) -> str:
    told = {"place": place, "day": day_of(finding.began_on)}
    if finding.rule == Finding.Rule.RATE:
        ratio = finding.detail.get("ratio")
        more = _(": %(x).1f times the other places") % {"x": ratio} if ratio else ""
        return _("%(place)s has a raised defect rate") % told + more
    is_up = finding.direction > 0
    if finding.rule == Finding.Rule.SHIFT:
        up, down = (
            _("%(place)s shifted up about %(day)s"),
            _("%(place)s shifted down about %(day)s"),
        )
        return (up if is_up else down) % told
    up = _("%(place)s was extremely high on %(day)s")
    return (up if is_up else _("%(place)s was extremely low on %(day)s")) % told


def past_headline(chart: Shown) -> str:
    """Return what the days that are shown say, when they are over."""
    stream, found = chart.stream, episodes(chart.stream, chart.table)
    told = {"place": f"{stream.characteristic.name} {_('on')} {stream.machine.code}"}
    if not found:
        return _("%(place)s: no finding in these days") % told
    shifts = [one for one in found if one.rule == Finding.Rule.SHIFT]
    return _found(told["place"], (shifts or found)[0])


def span_sentence(chart: Shown) -> str:
    """Return what the part that is shown says, in numbers."""
    table = chart.table
    if not table.height:
        return _("Nothing was measured in these days.")
    days = _days(table["produced_on"].min(), table["produced_on"].max())  # type: ignore[arg-type]
    beyond = int(table["is_beyond_mean"].sum()) + int(table["is_beyond_range"].sum())
    out = int(table["out"].sum() or 0)
    count = ngettext("%(n)s subgroup", "%(n)s subgroups", table.height) % {"n": f"{table.height:,}"}
    said = _("%(count)s, %(days)s: %(beyond)s, %(out)s.") % {
        "count": count, "days": days, "beyond": _beyond(chart, beyond), "out": _out(out),
    }  # fmt: skip
    return " ".join([said, *(_episode(one) for one in episodes(chart.stream, table)[-3:])])


def _episode(finding: Finding) -> str:
    told = {"what": finding_word(finding), "found": day_of(finding.found_on),
            "began": day_of(finding.began_on)}  # fmt: skip
    if finding.rule == Finding.Rule.SHIFT:
        return _("%(what)s about %(began)s, found on %(found)s.") % told
    return _("%(what)s on %(found)s.") % told


def _beyond(chart: Shown, count: int) -> str:
    if not chart.phases:
        return _("not judged, there are no limits yet")
    if not count:
        return _("none beyond a control limit")
    words = ngettext(
        "%(n)d point beyond a control limit", "%(n)d points beyond a control limit", count
    )
    return words % {"n": count}


def _out(count: int) -> str:
    if not count:
        return _("no piece outside specification")
    words = ngettext(
        "%(n)d piece outside specification", "%(n)d pieces outside specification", count
    )
    return words % {"n": count}


def _days(first: date, last: date) -> str:
    if first == last:
        return day_of(first)
    return _("%(first)s to %(last)s") % {"first": day_of(first), "last": day_of(last)}


def day_of(day: date) -> str:
    """Return a day as a sentence tells it."""
    return date_format(day, "j F Y")
