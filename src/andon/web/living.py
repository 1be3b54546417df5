"""Sample content of the living page: a week of the probe factory, as illustration."""

import math
from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator

from andon.web.bars import BalancePart
from andon.web.living_chart import control_chart

_TILES = (
    ("Turning", "L1 L2 L3 L4 L5 L6", "Plunger Ø"),
    ("Heat", "HT1", "Hardness"),
    ("Plating", "PL1 PL2", "Gold"),
    ("Assembly", "A1 A2 A3", "Spring force"),
    ("Final test", "T1 T2", "Resistance"),
)
_JUDGED = {
    "L3": ("problem", "Drift"),
    "PL2": ("idle", "Sample late 25 min"),
    "A3": ("attention", "1 signal"),
}


class SampleForm(forms.Form):
    """A form with each kind of field, one of them wrong."""

    title = forms.CharField(label="What is wrong?", help_text="One sentence, as you would say it.")
    quantity = forms.IntegerField(label="Pieces", min_value=1)
    found_at = forms.ChoiceField(
        label="Found at", choices=(("turning", "Turning"), ("assembly", "Assembly"))
    )
    found_on = forms.DateField(
        label="Found on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    severity = forms.ChoiceField(
        label="Class",
        choices=(("minor", "Minor"), ("major", "Major")),
        widget=forms.RadioSelect,
    )
    description = forms.CharField(label="Description", required=False, widget=forms.Textarea)
    is_stopped = forms.BooleanField(label="The line was stopped", required=False)


def _wave(seed: int, count: int = 20, drift: float = 0.0) -> list[float]:
    """Return quiet values between −1 and 1 that look like a process, the same each time."""
    values = (
        0.45 * math.sin(seed + 1.7 * i) + 0.35 * math.sin(2.3 * seed + 2.9 * i)
        for i in range(count)
    )
    return [value + drift * max(0, i - count * 0.6) for i, value in enumerate(values)]


def _tile(name: str, subject: str, seed: int) -> Sample:
    kind, word = _JUDGED.get(name, ("ok", "In control"))
    values = _wave(seed, drift=0.28 if kind == "problem" else 0)
    flagged = [i for i, value in enumerate(values) if abs(value) > 1.2]
    return Sample(
        name=name,
        subject=subject,
        url="#",
        kind=kind,
        word=word,
        values=values,
        lower=-1.2,
        upper=1.2,
        flagged=flagged,
    )


def _tile_groups() -> list[Sample]:
    return [
        Sample(
            label=label,
            tiles=[_tile(name, subject, 3 * at + i) for i, name in enumerate(names.split())],
        )
        for at, (label, names, subject) in enumerate(_TILES)
    ]


_PROBLEMS = (
    (
        ("problem", "New", "Plunger diameter on lathe L3 drifts upwards"),
        "since 5 March, now +1.1 σ; reaches the upper specification in about 9 working days",
        ("PD · L3", "€ 210 / day", "2 d old", "Owner: you"),
        "Contain 4 lots",
    ),
    (
        ("attention", "Effect due", "Burr at assembly: check whether the new brush worked"),
        "5,973 ppm since 15 April against 5,909 before; check date is tomorrow",
        ("BURR · A1–A3", "€ 95 / day", "58 d old", "Owner: process engineer"),
        "Show effect",
    ),
    (
        ("watched", "Watched", "Spring force on A3: one point beyond the limit, acknowledged"),
        "no sign of a lasting shift in the 6 samples after it",
        ("SF · A3", "1 d old", "Owner: shift lead"),
        "Open",
    ),
)


def _problems() -> list[Sample]:
    found = []
    for (kind, word, title), text, facts, action in _PROBLEMS:
        values = _wave(len(title), 40, 0.09 if kind == "problem" else 0)
        curve = {"values": values, "lower": -1.2, "upper": 1.2}
        flagged = [i for i, value in enumerate(values) if value > 1.2]
        step = Sample(label=action, url="#", is_primary=kind == "problem")
        words = {"kind": kind, "word": word, "title": title, "text": text, "url": "#"}
        found.append(Sample(**words, **curve, facts=facts, flagged=flagged, action=step))
    return found


def _todos() -> list[Sample]:
    rows = (
        ("Approve disposition", "NC-2025-0014 · 38 pieces on hold", "yesterday", "late"),
        ("Verify root cause", "CA-2025-0005 · on/off test result", "today", "today"),
        ("Read document", "WI-112 rev. C · roll-crimp set-up", "Mon", "later"),
        ("Supplier S-B answers 8D", "SCAR-2025-0002 · asked 6 days ago", "Fri", "watched"),
    )
    return [Sample(title=t, note=n, due=d, urgency=u, url="#") for t, n, d, u in rows]


def _steps(now: int, *rows: str) -> list[Sample]:
    pairs = [row.split(": ") for row in rows]
    return [
        Sample(
            label=label,
            note=note,
            state="done" if i < now else "now" if i == now else "open",
            url="#" if i <= now else "",
        )
        for i, (label, note) in enumerate(pairs)
    ]


def _drivers() -> list[Sample]:
    rows = (
        ("Machine L3", 0.71, "0.71", "0.58–0.80", "best"),
        ("Tool life counter T-0312", 0.64, "0.64", "0.49–0.75", "best"),
        ("Shift", 0.01, "0.01", "0.00–0.06", "innocent"),
        ("Operator", 0.02, "0.02", "0.00–0.09", "innocent"),
        ("Bar lot", 0.03, "0.03", "0.00–0.11", "innocent"),
        ("Instrument MIC-03", 0, "", "", "confounded"),
    )
    return [
        Sample(
            factor=f, share=s, effect=e, interval=i, kind=k, url="", note="not separable from L3"
        )
        for f, s, e, i, k in rows
    ]


def _workflow() -> Sample:
    names = ["Reported", "Contained", "Under_review", "Dispositioned", "Executed", "Closed"]
    states = [Sample(name=name, label=name.replace("_", " ")) for name in names]
    pairs = [*pairwise(names), (names[3], names[2]), (names[2], names[5])]
    return Sample(states=states, transitions=[Sample(sources=(a,), target=b) for a, b in pairs])


def _entries() -> list[Sample]:
    rows = (
        (13, 9, 41, "Process engineer", "signed “approved as process”", "re-authenticated"),
        (12, 16, 20, "Quality engineer", "added disposition “sort”, 2,160 pieces", ""),
        (11, 15, 10, "Shift lead", "contained: 5 of 5 places answered", ""),
        (11, 14, 2, "Andon", "raised this record from a finding on PD · L3", ""),
    )
    return [
        Sample(at=datetime(2025, 3, day, h, m, tzinfo=UTC), actor=who, text=text, note=note)
        for day, h, m, who, text, note in rows
    ]


def _parts() -> list[BalancePart]:
    rows = (("use as is", 5360, "use"), ("sort", 2160, "sort"), ("scrap", 256, "scrap"))
    return [BalancePart(label, quantity, kind) for label, quantity, kind in rows]


_TOKENS = (
    *("ground", "surface", "surface-soft", "ink", "muted", "line", "accent", "accent-soft"),
    *("ok", "ok-soft", "attention", "attention-soft", "problem", "problem-soft"),
    *("watched", "watched-soft"),
)


def living_context() -> dict[str, Any]:
    """Return what the living page shows."""
    return {**_story(), **_start_page(), **_record(), **_capture(), "tokens": _TOKENS}


def _story() -> dict[str, Any]:
    places = ((4, "lots from L3", ""), (2, "in plating", ""), (1, "in assembly", ""))
    opens = "opens NC-2025-0016, filled in"
    return {
        "problem_crumbs": (("Problems", "#"), ("PR-2025-0007", "")),
        "problem_chips": (
            ("Found 11 March, early shift", "problem"),
            ("PD · plunger diameter · special", ""),
            ("Owner: quality engineer", ""),
        ),
        "contain": Sample(label="Contain 4 lots", url="#", consequence=opens),
        "steps": _steps(
            2,
            "Found: 11 Mar, CUSUM shift",
            "Where: lathe L3",
            "Affected: 4 lots, 8,640 pieces",
            "Contain: due in 3 h",
            *("Cause: –", "Action: –", "Proof: –"),
        ),
        "chart_spec": control_chart(),
        "drivers": _drivers(),
        "places": [
            Sample(count=count, label=label, kind=kind)
            for count, label, kind in (*places, (0, "shipped", "clear"))
        ],
    }


def _start_page() -> dict[str, Any]:
    rows = (
        ("Rate ratio", "0.168", "0.123–0.231"),
        ("Needed", "≤ 0.50", "upper bound"),
        ("Saved", "€ 1,940", "a month"),
    )
    return {
        "tile_groups": _tile_groups(),
        "problems": _problems(),
        "todos": _todos(),
        "figures": [Sample(label=label, value=value, note=note) for label, value, note in rows],
    }


def _record() -> dict[str, Any]:
    wrong = SampleForm({"title": "Burr on the plunger tip", "quantity": "0", "severity": "major"})
    entries = _entries()
    return {
        "parts": _parts(),
        "workflow": _workflow(),
        "visited": ("Reported", "Contained"),
        "entries": entries,
        "form": wrong,
        "page": Paginator(range(143), 25).page(2),
        "comments": [Sample(author=e.actor, written_at=e.at, text=e.text) for e in entries[:2]],
        "attachments": [
            Sample(name="burr-under-microscope.jpg", url="#", size=482_113, note="11 Mar"),
            Sample(name="certificate-lot-B-2231.pdf", url="#", size=91_034, note="S-B"),
        ],
    }


def _capture() -> dict[str, Any]:
    return {
        "typed": (0.7438, 0.7441, 0.7429),
        "band": (0.7367, 0.7431),
        "react": Sample(label="Counter checked, offset set", post="#"),
        "keys": "789456123",
    }
