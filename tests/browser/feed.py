"""What a test puts into an installation beside its pages: `feed.py build` or `feed.py FIRST LAST`.

It runs in a process of its own, so that the product's settings are those of the installation.
"""

import sys
from datetime import date

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


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "build":
        build()
    else:
        measure(int(sys.argv[1]), int(sys.argv[2]))
