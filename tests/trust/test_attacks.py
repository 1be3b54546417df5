"""Whoever rules the database bends nothing unseen: each attack is found, and found at its place.

One place per attack here; ten by `make trust` (benchmarks/attacks.py).
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from andon.records.trail.evidence import verify_all
from attacked_world import build_attacked_world
from attacks_at_hand import ATTACKS, found_after


@pytest.fixture
def world(account_with: Callable[..., Any], data_folder: Path) -> None:
    """A factory with records, signatures, files and measurements, anchored twice."""
    build_attacked_world(account_with, records=6)


def test_requirement_05_an_untouched_trail_raises_no_alarm(world: None) -> None:
    assert [str(problem) for problem in verify_all().problems] == []


def test_requirement_05_every_attack_is_found_at_its_place(world: None) -> None:
    missed = []
    for seed, attack in enumerate(ATTACKS):
        texts, place = found_after(attack, Random(seed))
        if not any(text.startswith(place) for text in texts):
            missed.append((attack.__name__, place, texts[:5]))
    assert missed == []
    assert verify_all().is_whole
