"""The picture of a measure before and after an action."""

import json
from datetime import date, timedelta
from typing import Any

import vl_convert

from andon.pictures.before_after import Phase, before_after

WEEKS = [
    {"week": date(2025, 7, 7) + timedelta(weeks=n), "value": 0.015 if n < 10 else 0.0025, "n": 2000}
    for n in range(19)
]


def picture(**changed: Any) -> dict[str, Any]:
    """Return the picture of a rate that fell."""
    told: dict[str, Any] = {
        "before": Phase(date(2025, 7, 7), date(2025, 9, 12), 0.015, "before 1.50 %"),
        "after": Phase(date(2025, 9, 15), date(2025, 11, 14), 0.0025, "after 0.25 %"),
        "change": "15 Sep: crew trained", "target": 0.0075, "target_words": "target −50 %",
        "axis": "Crimp", "number_format": "~%",
    } | changed  # fmt: skip
    return before_after(WEEKS, **told)


def drawn(spec: dict[str, Any]) -> str:
    """Return the picture as SVG; a specification with a mistake is refused."""
    return str(vl_convert.vegalite_to_svg(json.dumps(spec)))


def test_both_levels_the_change_and_the_target_are_named_in_the_picture() -> None:
    svg = drawn(picture())
    for words in ("before 1.50 %", "after 0.25 %", "15 Sep: crew trained", "target −50 %"):
        assert words in svg


def test_without_a_target_or_data_the_picture_is_still_drawn() -> None:
    empty = Phase(date(2025, 7, 7), date(2025, 9, 12), None, "before")
    assert "target" not in drawn(picture(target=None))
    assert "before" in drawn(picture(before=empty))


def test_a_rate_begins_at_zero_and_a_mean_need_not() -> None:
    def lowest(spec: dict[str, Any]) -> float:
        return float(spec["layer"][-1]["encoding"]["y"]["scale"]["domain"][0])

    assert lowest(picture()) == 0
    assert 0 < lowest(picture(from_zero=False)) < 0.0025


def test_every_week_carries_its_number_of_pieces() -> None:
    rows = picture()["layer"][-1]["data"]["values"]
    assert rows[0] == {"week": "2025-07-07T00:00", "value": 0.015, "n": 2000}
