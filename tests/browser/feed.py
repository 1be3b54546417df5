"""What a test puts into an installation beside its pages: `feed.py build` or `feed.py FIRST LAST`.

It runs in a process of its own, so that the product's settings are those of the installation.
"""

import json
import sys
from datetime import date
from typing import Any

import django

DAY_ONE, DAYS_OF_BASELINE = date(2025, 1, 6), 30
ROLES = {"inspector": "INS", "engineer": "QE", "process": "PE", "lead": "LEAD", "manager": "QM"}


def build() -> None:
    """Create the small factory and one account per role."""
    from andon.records.accounts import create_account, system_account
    from andon.records.trail.context import acting
    from scenarios.walking import working_days
    from small_factory import PASSWORD, build_small_factory

    andon = system_account()
    with acting(andon):
        build_small_factory(baseline_until=working_days(DAY_ONE, DAYS_OF_BASELINE)[-1])
    for name, role in ROLES.items():
        create_account(username=name, name=name, password=PASSWORD, roles=[role], actor=andon)


def measure(first: int, last: int) -> None:
    """Record good days, from one number of the calendar up to but not including another."""
    from andon.identify.measurements.services import record
    from andon.records import clock
    from andon.records.models import Account
    from scenarios.walking import day_of_measurements, evening, working_days

    inspector = Account.objects.get(username="inspector")
    for day in working_days(DAY_ONE, last)[first:]:
        with clock.fixed(evening(day)):
            record(day_of_measurements(day), actor=inspector)


def build_hostile() -> None:
    """Create one object of every kind and records full of hostile text; print their names."""
    from andon.identify.nonconformities.models import Nonconformity
    from andon.records.accounts import create_account, system_account
    from andon.records.services import comment, create
    from hostile_text import TEXTS
    from site_at_hand import build_site
    from small_factory import PASSWORD

    def make(*roles: str, username: str) -> Any:
        named = {"username": username, "name": username, "password": PASSWORD}
        return create_account(**named, roles=roles, actor=system_account())

    people, objects = build_site(make)
    author = people["author"]
    for text in TEXTS[:-1]:
        clean = text.replace("\0", "")
        record = create(Nonconformity(title=clean, defect=clean, description=clean), actor=author)
        comment(record, text=clean, actor=author)
        objects.setdefault("hostile", []).append(record.number)
    sys.stdout.write(json.dumps(objects, default=str))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "build":
        build()
    elif sys.argv[1] == "hostile":
        build_hostile()
    else:
        measure(int(sys.argv[1]), int(sys.argv[2]))
