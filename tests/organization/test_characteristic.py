"""A characteristic that contradicts itself cannot be stored, by any door."""

import math
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from andon.organization.products.models import Characteristic
from andon.records.trail.context import acting


def _stored(factory: Any, system: Any, **values: Any) -> Characteristic:
    with acting(system):
        return Characteristic.objects.create(
            code="PD", name="Plunger diameter", process=factory["turning"], unit="mm", **values
        )


@pytest.mark.parametrize(
    "values",
    [
        {"lower_specification": 2.0, "upper_specification": 1.0},
        {"lower_specification": 1.0, "upper_specification": 1.0},
        {"target": 0.5, "lower_specification": 1.0},
        {"target": 3.0, "upper_specification": 2.0},
        {"resolution": 0.0},
        {"target": math.inf},
        {"upper_specification": -math.inf},
        {"kind": "attribute", "target": 1.0},
        {"kind": "attribute", "upper_specification": 1.0},
        {"model": "log", "upper_specification": -1.0},
        {"model": "log", "target": 0.0},
    ],
)
def test_a_contradiction_is_refused_by_the_database(
    factory: Any, system: Any, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _stored(factory, system, **values)


def test_not_a_number_is_never_a_limit(factory: Any, system: Any) -> None:
    # PostgreSQL refuses it; SQLite has no NaN and keeps the absence of a limit.
    try:
        with transaction.atomic():
            _stored(factory, system, upper_specification=math.nan)
    except DatabaseError:
        return
    assert Characteristic.objects.get().upper_specification is None


@pytest.mark.parametrize(
    ("limits", "inside", "outside"),
    [
        ({}, [-5.0, 0.0, 1e9], []),
        ({"upper_specification": 50.0}, [-1.0, 50.0], [50.1]),
        ({"lower_specification": 0.1 + 0.2}, [0.1 + 0.2], [0.3]),
        ({"lower_specification": 0.73, "upper_specification": 0.75}, [0.73, 0.75], [0.7299, 0.76]),
    ],
)
def test_none_one_or_two_limits_are_kept_in_full_precision(
    factory: Any, system: Any, limits: dict[str, float], inside: list[float], outside: list[float]
) -> None:
    _stored(factory, system, **limits)
    characteristic = Characteristic.objects.get()
    assert all(characteristic.is_inside(value) for value in inside)
    assert not any(characteristic.is_inside(value) for value in outside)
    assert {name: getattr(characteristic, name) for name in limits} == limits
