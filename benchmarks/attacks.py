"""Attacks on the trail by direct SQL, at ten places each, on SQLite and PostgreSQL.

Every one must be found and told at its place; a hundred verifications of what nobody touched must
find nothing, while work goes on between them. Prints the speed of verification per entry.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
PLACES, CLEAN_RUNS, RECORDS = 10, 100, 24


def main() -> int:
    """Run the attacks in this process's database, or in a process for each of both."""
    if "--here" in sys.argv:
        return attack_here()
    here = [sys.executable, __file__, "--here"]
    own = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
           "DJANGO_SETTINGS_MODULE": "settings_for_tests"}  # fmt: skip
    commands = [here, [sys.executable, str(ROOT / "tests" / "postgres.py"), *here]]
    return max(subprocess.run(command, env=own, check=False).returncode for command in commands)


def attack_here() -> int:
    """Build a small factory, attack it, and tell what was found."""
    import django
    from django.conf import settings

    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_databases, teardown_databases

    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = Path(folder) / "files"
        settings.ANCHOR_FILE = str(Path(folder) / "anchors.jsonl")
        kept = setup_databases(verbosity=0, interactive=False)
        with transaction.atomic():
            build()
            wrong = attacked() + false_alarms()
            print(f"{connection.vendor}: {speed()}")
            transaction.set_rollback(True)
        teardown_databases(kept, verbosity=0)
    return 1 if wrong else 0


def build() -> None:
    """Build the factory that is attacked."""
    from andon.records.accounts import create_account, system_account
    from attacked_world import build_attacked_world
    from small_factory import PASSWORD

    def account_with(*roles: str) -> object:
        name = "-".join(roles).lower()
        return create_account(
            username=name, name=name, password=PASSWORD, roles=roles, actor=system_account()
        )

    build_attacked_world(account_with, records=RECORDS)


def attacked() -> int:
    """Attack at ten places each and return how many were not found at their place."""
    from attacks_at_hand import ATTACKS, found_after

    missed = 0
    for attack in ATTACKS:
        found = 0
        for seed in range(PLACES):
            texts, place = found_after(attack, Random(seed))
            found += any(text.startswith(place) for text in texts)
        missed += PLACES - found
        print(f"  {attack.__name__:<18} {found}/{PLACES}  {attack.__doc__}")
    print(f"  found and located: {len(ATTACKS) * PLACES - missed}/{len(ATTACKS) * PLACES}")
    return missed


def false_alarms() -> int:
    """Work on and verify, again and again; return how often something was found."""
    from andon.identify.nonconformities.models import Nonconformity
    from andon.records.models import Account
    from andon.records.services import comment
    from andon.records.trail.anchoring import anchor
    from andon.records.trail.evidence import verify_all

    engineer = Account.objects.get(username="qe-ins")
    records, wrong = list(Nonconformity.objects.all()), 0
    for number in range(CLEAN_RUNS):
        comment(records[number % len(records)], text=f"clean {number}", actor=engineer)
        if number % 5 == 0:
            anchor()
        wrong += not verify_all().is_whole
    print(f"  false alarms: {wrong}/{CLEAN_RUNS}")
    return wrong


def speed() -> str:
    """Return how long the verification of all evidence takes, per entry."""
    from andon.records.trail.evidence import verify_all

    start = time.perf_counter()
    report = verify_all()
    seconds = time.perf_counter() - start
    each = f"{1e6 * seconds / report.entries:.0f} µs an entry, {report.entries / seconds:,.0f} a s"
    return f"{report.entries} entries, {report.anchors} anchors in {seconds:.2f} s: {each}"


if __name__ == "__main__":
    sys.exit(main())
