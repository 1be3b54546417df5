"""Prepares an installation for a drill: a small factory, one account, limits to judge by."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

ROLES = ("INS", "QE", "QM", "PE", "LEAD", "MET", "ADM", "TM")


def build(*, has_tables: bool) -> dict[str, str]:
    """Build it and return what a client has to know."""
    from django.core.management import call_command

    if not has_tables:
        call_command("migrate", verbosity=0, interactive=False)
    from andon.analyze.problems.models import Problem
    from andon.records.accounts import create_account, create_token, system_account
    from andon.records.services import create
    from andon.records.trail.context import acting
    from small_factory import PASSWORD, build_small_factory

    with acting(system_account()):
        build_small_factory()
    account, signer = (
        create_account(
            username=name, name=name, password=PASSWORD, roles=ROLES, actor=system_account()
        )
        for name in ("gauge", "signer")
    )
    days = measure_days(account)
    token = create_token(account, name="gauge", actor=account)
    days["signer"] = create_token(signer, name="signer", actor=signer)
    day = date.fromisoformat(days["since"])
    problem = Problem(title="Two peaks", began_on=day, found_on=day)
    days["problem"] = create(problem, actor=system_account()).number
    told = {"token": token, "username": account.username, "password": PASSWORD}
    return told | days


def measure_days(account: Any) -> dict[str, str]:
    """Record thirty subgroups of five on one machine; return the days they span."""
    from andon.identify.measurements.services import record
    from small_factory import measured

    chance, first = Random(7), datetime.now(UTC) - timedelta(days=40)
    rows = [
        measured(
            f"{chance.gauss(0.74, 0.002):.4f}", machine="L1", serial=f"base/{day}/{place}",
            subgroup=f"base-{day}", lot="BASE",
            measured_at=(first + timedelta(days=day)).isoformat(timespec="seconds"),
        )
        for day in range(30)
        for place in range(5)
    ]  # fmt: skip
    record(rows, actor=account)
    spans = {"since": 0, "middle": 15, "until": 30, "today": 40}
    return {name: (first + timedelta(days=days)).date().isoformat() for name, days in spans.items()}
