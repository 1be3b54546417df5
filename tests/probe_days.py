"""Days of the demo factory through the door: its master data and the characteristics asked."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import andon.demo
from andon.control.plans.master_data import load_master
from andon.demo.facts import lots_of, rows_of, uses_of
from andon.demo.year import FactoryYear, ProductionDay, factory_year
from andon.identify.measurements.services import take_in
from andon.organization.products.services import link_many, state_lots
from andon.records import clock
from andon.records.accounts import system_account

BASELINE = (date(2025, 1, 2), date(2025, 2, 28))


@cache
def year() -> FactoryYear:
    """Return the year of the published results."""
    return factory_year(20250101)


def build_factory() -> None:
    """Load organization and standards of the demo factory."""
    report = load_master(
        Path(andon.demo.__file__).with_name("factory.toml"), actor=system_account()
    )
    assert not report.refused


def feed(*characteristics: str, since: date, until: date, has_lots: bool = False) -> list[Any]:
    """Take in what was measured of some characteristics between two days; return the notes."""
    notes = []
    for day in _days(since, until):
        with clock.fixed(datetime.combine(day.on, time(23, 55), clock.site_zone())):
            notes += _fed(day, set(characteristics), has_lots=has_lots)
    return notes


def feed_baseline(*characteristics: str) -> None:
    """Take in phase I of some characteristics at once."""
    rows = [row for day in _days(*BASELINE) for row in _rows(day, set(characteristics))]
    with clock.fixed(datetime(2025, 2, 28, 23, 55, tzinfo=clock.site_zone())):
        take_in(rows, actor=system_account())


def _fed(day: ProductionDay, wanted: set[str], *, has_lots: bool) -> list[Any]:
    actor = system_account()
    if has_lots:
        state_lots(lots_of(day), actor=actor)
        link_many(_known_uses(day), actor=actor)
    outcome = take_in(_rows(day, wanted), actor=actor)
    assert not outcome.reported
    return list(outcome.notes)


def _known_uses(day: ProductionDay) -> list[tuple[str, str, int | None]]:
    """Leave out what was made from lots of days that are not fed."""
    from andon.organization.products.models import Lot

    uses = uses_of(day)
    known = set(
        Lot.objects.filter(code__in={code for use in uses for code in use[:2]}).values_list(
            "code", flat=True
        )
    )
    return [use for use in uses if use[0] in known and use[1] in known]


def _rows(day: ProductionDay, wanted: set[str]) -> list[dict[str, str]]:
    return [row for row in rows_of(day) if row["characteristic"] in wanted]


def _days(since: date, until: date) -> Iterator[ProductionDay]:
    return (day for day in year().days() if since <= day.on <= until)
