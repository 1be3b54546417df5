"""Every operation of the interface, called with what its OpenAPI document allows and forbids.

Prints how many calls were made by each role, and every answer that is an error of the server, or a
status, type or body that the document does not state. `make trust` runs it.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

from _figures import keep

ROOT = Path(__file__).parents[1]
# In place of this folder, whose trust.py would hide the tests of that name.
sys.path[0] = str(ROOT / "tests")
CASES, ROLES = 6, ("ADM", "QE", "OP")


def main() -> int:
    """Build a site in an empty database, call everything, and tell what was wrong."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings_for_tests"
    import django
    from django.conf import settings

    django.setup()
    logging.disable(logging.CRITICAL)  # every refusal is told below, where it is wrong
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections, connection, transaction
    from django.test.utils import setup_databases, teardown_databases

    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = settings.DATA_DIR = Path(folder)
        settings.ANCHOR_FILE = str(Path(folder) / "anchors.jsonl")
        kept = setup_databases(verbosity=0, interactive=False)
        for signal in (request_started, request_finished):  # all happens in one transaction
            signal.disconnect(close_old_connections)
        with transaction.atomic():
            calls, found = fuzzed()
            transaction.set_rollback(True)
        teardown_databases(kept, verbosity=0)
    figure = f"{calls} calls, {len(set(found))} wrong"
    keep(f"fuzz_{connection.vendor}", [("API fuzz", figure, ">= 1000, 0", not found)])
    return 1 if found else 0


def fuzzed() -> tuple[int, list[str]]:
    """Call every operation as each role; return the number of calls, and what was wrong."""
    from andon.records.accounts import create_account, system_account
    from site_at_hand import build_site
    from small_factory import PASSWORD
    from trust.calling import Caller

    def make(*roles: str, username: str = "") -> object:
        return create_account(username=username, name=username, password=PASSWORD, roles=roles,
                              actor=system_account())  # fmt: skip

    people, objects = build_site(make)
    calls, wrong = 0, list[str]()
    for role in ROLES:
        caller = Caller(people[role], objects)
        found = caller.call_all(CASES)
        calls, wrong = calls + caller.calls, wrong + [f"{role} {one}" for one in found]
        print("\n".join(sorted(set(found))), flush=True)
        print(f"{role}: {caller.calls} calls of {caller.operations} operations", flush=True)
    print(f"{calls} calls, {len(set(wrong))} wrong")
    return calls, wrong


if __name__ == "__main__":
    sys.exit(main())
