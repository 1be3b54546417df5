"""Building the demo: the factory's year taken in day by day through the one door."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from rich.console import Console
from rich.progress import track

from andon.board.work import do_what_is_due
from andon.control.plans.master_data import load_master
from andon.demo.facts import lots_of, rows_of, uses_of
from andon.demo.folder import set_clock
from andon.demo.logins import PASSWORD
from andon.demo.walk import act
from andon.demo.year import ProductionDay, factory_year
from andon.demo.year_studies import study_on
from andon.identify.measurements.services import take_in
from andon.organization.products.services import link_many, state_lots
from andon.records import clock
from andon.records.accounts import system_account
from andon.records.errors import Refused
from andon.records.models import Account
from andon.records.trail.context import acting

_MASTER = Path(__file__).with_name("factory.toml")
_EVENING, _DAWN = time(23, 55), time(5, 0)


def build(*, seed: int, is_healthy: bool) -> None:
    """Load the master data and take the year in, one day after the other."""
    console = Console(stderr=True)
    year = factory_year(seed, healthy=is_healthy)
    days = list(year.days())
    with clock.fixed(_at(days[0].on, _DAWN)):
        _load_master()
    for day in track(days, description="Taking the year in", console=console):
        _take_in_day(day, seed=seed, is_healthy=is_healthy)
    _close_year(days[-1].on)
    _stop_the_clock(days[-1].on)


def welcome(year: str) -> str:
    """Return which year it is, and the logins, one per role."""
    accounts = Account.objects.exclude(username="andon").order_by("pk")
    lines = [f"  {account.username:<18} {account.role_names}" for account in accounts]
    return "\n".join(
        [
            f"\nThe demo factory's year of {year}.",
            f"Password of every login: {PASSWORD}",
            *lines,
            "",
        ]
    )


def _load_master() -> None:
    report = load_master(_MASTER, actor=system_account())
    if report.refused:
        raise Refused.because("; ".join(f"{place}: {text}" for place, text in report.refused))
    with acting(system_account(), reason="demo"):
        for account in Account.objects.exclude(username="andon"):
            account.set_password(PASSWORD)
            account.save()


def _take_in_day(day: ProductionDay, *, seed: int, is_healthy: bool) -> None:
    """Live one day: people act in the morning, results come in, Andon does what is due."""
    actor = system_account()
    if not is_healthy:
        with clock.fixed(_at(day.on, _DAWN)):
            act(day.on)
            study_on(day.on, seed)
    with clock.fixed(_at(day.on, _EVENING)), acting(actor):
        state_lots(lots_of(day), actor=actor)
        link_many(uses_of(day), actor=actor)
        outcome = take_in(rows_of(day), actor=actor)
        if outcome.reported:
            raise Refused.because(str(outcome.reported[0]))
        do_what_is_due()


def _close_year(last: date) -> None:
    with clock.fixed(_at(last + timedelta(days=3), _DAWN)):
        do_what_is_due()


def _stop_the_clock(last: date) -> None:
    """Set the demo's clock to the last afternoon; it goes on from there."""
    now = _at(last, time(15, 0)) + timedelta(days=3)
    offset = settings.CLOCK_OFFSET_SECONDS + (now - clock.now()).total_seconds()
    settings.CLOCK_OFFSET_SECONDS = offset
    set_clock(offset)


def _at(on: date, moment: time) -> datetime:
    return datetime.combine(on, moment, clock.site_zone())
