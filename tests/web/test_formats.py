"""Numbers are shown at the resolution of their characteristic, and limits finer."""

from typing import Any

import pytest

from andon.web import formats


@pytest.mark.parametrize(
    ("value", "resolution", "shown"),
    [
        (0.7438, 0.0001, "0.7438"),
        (0.74, 0.0001, "0.7400"),
        (8640, 1, "8,640"),
        (12.5, 0.5, "12.5"),
        (-3.0, 0.1, "−3.0"),
        (1234567.5, "0.01", "1,234,567.50"),
        (120, 10, "120"),
        (1e30, 0.001, "1" + 10 * ",000" + ".000"),
        (None, 0.1, "–"),
        (float("nan"), 0.1, "–"),
        (float("inf"), 0.1, "–"),
        (0.0340, None, "0.03400"),
    ],
)
def test_a_value_has_the_decimals_of_its_resolution(
    value: Any, resolution: Any, shown: str
) -> None:
    assert formats.at_resolution(value, resolution) == shown


def test_a_limit_never_hides_between_two_values() -> None:
    assert formats.limit_at(0.034012, 0.01) == "0.0340"
    assert formats.limit_at(0.0276, 0.01) == "0.0276"


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(0.0025, 2, "0.25 %"), (0.83, 0, "83 %"), (None, 1, "–"), (-0.5, 0, "−50 %")],
)
def test_a_share_becomes_a_percentage(value: Any, digits: int, shown: str) -> None:
    assert formats.percent(value, digits) == shown


def test_a_share_becomes_parts_per_million() -> None:
    assert formats.ppm(0.01498) == "14,980 ppm"


@pytest.mark.parametrize(
    ("value", "shown"), [(1.1, "+1.1"), (-0.2, "−0.2"), (0, "0.0"), (None, "–")]
)
def test_a_difference_shows_its_sign(value: Any, shown: str) -> None:
    assert formats.signed(value, 1) == shown
