"""A subgroup of another size than the limits were frozen from has limits of its own."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from chart_story import USUAL, days, sample, weeks_of_l3
from django.test import Client

from andon.analyze.monitoring.freezing import baseline_of
from andon.analyze.monitoring.models import Finding, FrozenLimits, Signal, Stream
from andon.analyze.monitoring.queries import recent_means
from andon.analyze.monitoring.standing import all_streams, standings
from andon.identify.measurements.services import record
from small_factory import build_small_factory

DAY = days(40)[35]


@pytest.fixture(autouse=True)
def _stable(db: None, engineer: Any) -> None:
    build_small_factory()
    weeks_of_l3(engineer, stable=30, shifted=0)


def limits() -> FrozenLimits:
    """Return the limits frozen from subgroups of five."""
    found = FrozenLimits.objects.get(stream__code="PD/L3")
    assert found.size == 5
    return found


def rules_of(subgroup_day: date) -> set[str]:
    """Return the rules that fired on a day."""
    return set(Signal.objects.filter(produced_on=subgroup_day).values_list("rule", flat=True))


def test_a_single_value_is_not_judged_like_a_mean_of_five(engineer: Any) -> None:
    frozen = limits()
    value = frozen.mean + 4.5 * frozen.sigma_of_means
    assert value < frozen.mean + 3 * frozen.sigma_within
    record(sample(DAY, [value]), actor=engineer)
    assert rules_of(DAY) == set()


def test_a_mean_of_twenty_is_judged_more_closely_than_one_of_five(engineer: Any) -> None:
    frozen = limits()
    room = 3 * baseline_of(frozen).sigma_for(20)
    centre = frozen.mean + (room + 3 * frozen.sigma_of_means) / 2
    assert frozen.mean + room < centre < frozen.upper
    record(sample(DAY, list(centre + np.linspace(-2, 2, 20) * frozen.sigma_within)), actor=engineer)
    assert rules_of(DAY) == {"1"}
    assert not Finding.objects.filter(found_on=DAY).exists()


def test_a_range_of_more_values_may_be_wider(engineer: Any) -> None:
    frozen = limits()
    assert frozen.spread_upper is not None
    pieces = list(USUAL + np.linspace(-0.5, 0.5, 40) * frozen.spread_upper * 1.05)
    record(sample(DAY, pieces), actor=engineer)
    assert rules_of(DAY) == set()
    record(sample(days(40)[36], [pieces[0], pieces[-1], *[USUAL] * 3]), actor=engineer)
    assert rules_of(days(40)[36]) == {"range"}


def test_what_is_drawn_is_what_judges(engineer: Any, client: Client) -> None:
    frozen = limits()
    record(sample(DAY, [frozen.mean + 4.5 * frozen.sigma_of_means]), actor=engineer)
    record(sample(days(40)[36], [USUAL] * 5), actor=engineer)
    client.force_login(engineer)
    told = client.get("/charts/PD/L3/data/").json()
    points, lines = told["points"], told["lines"]
    odd = points["n"].index(1)
    assert not points["is_beyond_mean"][odd]
    assert not points["is_beyond_range"][odd]
    upper = {
        (x, x2): value
        for panel, kind, x, x2, value in zip(
            *(lines[name] for name in ("panel", "kind", "x", "x2", "value")), strict=True
        )
        if panel == "mean" and kind == "control" and value > frozen.mean
    }
    at = points["x"][odd]
    assert upper[at - 0.5, at + 0.5] > points["mean"][odd] > frozen.upper
    assert upper[-0.5, at - 0.5] == upper[at + 0.5, at + 1.5] == pytest.approx(frozen.upper)
    assert lines["text"].count(next(text for text in lines["text"] if "UCL" in text)) == 1


def test_small_pictures_flag_what_the_chart_does(engineer: Any) -> None:
    frozen = limits()
    value = frozen.mean + 4.5 * frozen.sigma_of_means
    record(sample(DAY, [value]), actor=engineer)
    row = standings(all_streams().filter(code="PD/L3"))[0]
    assert row.flagged == ()
    assert row.last.startswith(f"{value:.4f}")
    stream = Stream.objects.get(code="PD/L3")
    assert recent_means([stream])["PD/L3"].flagged == []
