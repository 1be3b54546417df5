"""The chart of counted defects: the share of each week beside that of the other places."""

from typing import Any

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.analyze.monitoring.chart_lines import frame_of
from andon.analyze.monitoring.models import Finding, Stream, WeekTally
from andon.pictures.control_chart import DATA_SETS, Panel, control_chart_on_page
from andon.web.formats import percent

_TICKS = 8


def picture() -> dict[str, Any]:
    """Return the compiled picture of weekly shares, without data."""
    columns = {
        "when": _("Week of"), "told": _("Share"), "n": _("Pieces"), "defective": _("Defective"),
        "others": _("Other places"),
    }  # fmt: skip
    return control_chart_on_page([Panel("rate", 290, _("defective, %"), 2)], columns=columns)


def findings(stream: Stream) -> list[Finding]:
    """Return the standing findings of a stream, newest first."""
    return list(stream.findings.filter(withdrawn_at=None).order_by("-found_at"))


def sentence(stream: Stream) -> str:
    """Return the year's share here and at the other places."""
    own = WeekTally.objects.filter(stream=stream).aggregate(n=Sum("inspected"), d=Sum("defective"))
    rest = _others(stream).aggregate(n=Sum("inspected"), d=Sum("defective"))
    if not own["n"]:
        return _("Nothing was counted yet.")
    return _("%(d)s of %(n)s pieces: %(own)s, against %(rest)s at the other places.") % {
        "d": f"{own['d']:,}", "n": f"{own['n']:,}", "own": percent(own["d"] / own["n"], 2),
        "rest": percent(rest["d"] / rest["n"], 2) if rest["n"] else "–",
    }  # fmt: skip


def columns(stream: Stream) -> dict[str, dict[str, list[Any]]]:
    """Return all data sets of the weekly chart as columns."""
    weeks = list(WeekTally.objects.filter(stream=stream, inspected__gt=0).order_by("week"))
    others = {
        row["week"]: 100 * row["d"] / row["n"]
        for row in _others(stream).values("week").annotate(n=Sum("inspected"), d=Sum("defective"))
        if row["n"]
    }
    raised = {finding.began_on for finding in findings(stream)}
    points = [_point(x, week, others.get(week.week), raised) for x, week in enumerate(weeks)]
    reference = [
        {"x": x, "value": others[week.week]} for x, week in enumerate(weeks) if week.week in others
    ]
    sets: dict[str, list[dict[str, Any]]] = {name: [] for name in DATA_SETS}
    sets |= {"points": points, "reference": reference, **_edges(points, reference)}
    first = next((point["x"] for point in points if point["is_beyond_rate"]), None)
    sets["events"] = [] if first is None else [{"x": first, "word": _("found"), "kind": "found"}]
    return {
        name: {key: [row[key] for row in rows] for key in (rows[0] if rows else ())}
        for name, rows in sets.items()
    }


def _others(stream: Stream) -> Any:
    """Return the tallies of the same defect at the other places of its process."""
    same = WeekTally.objects.filter(stream__characteristic=stream.characteristic)
    return same.exclude(stream=stream)


def _point(x: int, week: WeekTally, others: float | None, raised: set[Any]) -> dict[str, Any]:
    share = week.defective / week.inspected
    return {
        "x": x, "rate": 100 * share, "is_beyond_rate": week.week in raised, "codes_rate": "",
        "is_excluded": False, "has_note": False, "dot": 24, "key": "",
        "when": date_format(week.week, "j M Y"), "told": percent(share, 2),
        "n": week.inspected, "defective": week.defective,
        "others": percent(None if others is None else others / 100, 2),
    }  # fmt: skip


def _edges(points: list[dict[str, Any]], reference: list[dict[str, Any]]) -> dict[str, Any]:
    """Return ticks, corners, and the name of the other places' line."""
    ends = (-0.5, max(len(points), 1) - 0.5)
    values = [0.0, *(p["rate"] for p in points), *(r["value"] for r in reference)]
    step = -(-len(points) // _TICKS) or 1
    label = {"panel": "rate", "text": _("other places"), "kind": "reference"}
    return {
        "frame_rate": frame_of("rate", values, ends, is_log=False),
        "ticks": [{"x": p["x"], "label": p["when"].rsplit(" ", 1)[0]} for p in points[::step]],
        "labels": [{**label, "at": reference[-1]["value"]}] if reference else [],
    }
