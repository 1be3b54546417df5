"""What a register of many records costs beside a small one: every figure should stay the same.

Builds a factory's register by SQL on SQLite and on a private PostgreSQL, asks the same pages at
1,000 records and at many, and prints the ratio of the best times. One in twenty records is open,
every record has a link, two entries of the trail and its words in the search.

    python benchmarks/indexes.py                     # 50,000 records, about two minutes
    python benchmarks/indexes.py --records 1000000   # the full figure
    python benchmarks/indexes.py --only sqlite
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from _figures import keep

SMALL, ROUNDS = 1000, 15
LIMIT = 1.2
ROOT = Path(__file__).parents[1]
PEOPLE, CHARACTERISTICS = 40, 300


def main() -> None:
    """Run each database in a process of its own, or measure where one was named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        measure(asked.records)
        return
    command = [sys.executable, __file__, "--here", "--records", str(asked.records)]
    for name in ("sqlite", "postgresql"):
        if asked.only in (None, name):
            before = [] if name == "sqlite" else [sys.executable, str(ROOT / "tests/postgres.py")]
            with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
                there = {**os.environ, "ANDON_DATA_DIR": folder, "ANDON_ALLOWED_HOSTS": "*",
                         "DJANGO_SETTINGS_MODULE": "andon.settings",
                         "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"}  # fmt: skip
                subprocess.run([*before, *command], env=there, check=True)


def measure(many: int) -> None:
    """Build, ask, build more, ask again, and print the table."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    register = Register()
    print(f"\n{connection.vendor:<44}{SMALL:>10,}{many:>12,}   ratio")
    figures = []
    begun = time.perf_counter()
    for size in (SMALL, many):
        register.grow_to(size)
        figures.append(dict(register.timed()))
    lines: list[tuple[str, str, str, bool | None]] = []
    for name, first in figures[0].items():
        second = figures[1][name]
        mark = "" if second / first <= LIMIT else "  <"
        print(f"{name:<44}{first:>8.1f} ms{second:>9.1f} ms{second / first:>8.2f}{mark}")
        ratio = second / first
        lines.append((f"{name}, {many:,} records", f"{ratio:.2f}x", f"<= {LIMIT}x", not mark))
    keep(f"indexes_{connection.vendor}", lines)
    print(f"{'built and measured in':<44}{time.perf_counter() - begun:>8.0f} s")


class Register:
    """A register that grows by SQL from one record made as every other."""

    def __init__(self) -> None:
        from django.db import connection, transaction

        from andon.identify.nonconformities.services import raise_nonconformity
        from andon.identify.nonconformities.services.raising import Facts
        from andon.organization.products.models import Characteristic
        from andon.records.accounts import create_account, system_account
        from andon.records.models import Account
        from andon.records.trail import install
        from andon.records.trail.context import acting
        from small_factory import build_small_factory

        self.connection, self.size = connection, 0
        system = system_account()
        with acting(system):
            build_small_factory()
        self.engineer = create_account(
            username="engineer", name="Engineer", password="a long enough word",
            roles=("QE", "QM"), actor=system,
        )  # fmt: skip
        drift = Characteristic.objects.get(code="PD")
        facts = Facts(title="template", characteristic=drift)
        self.template = raise_nonconformity(facts, actor=self.engineer)
        with transaction.atomic():
            install.remove()
            Characteristic.objects.bulk_create(
                Characteristic(code=f"X{n}", name=f"X {n}", process=drift.process, unit="mm",
                               resolution=0.001, upper_specification=50.0)
                for n in range(CHARACTERISTICS)
            )  # fmt: skip
            Account.objects.bulk_create(
                Account(username=f"p{n}", name=f"P {n}", password="!") for n in range(PEOPLE)
            )
        self.first_person = Account.objects.get(username="p0").pk
        self.first_characteristic = Characteristic.objects.get(code="X0").pk

    def grow_to(self, size: int) -> None:
        """Add records until there are so many; then let the database count its values."""
        with self.connection.cursor() as cursor:
            for statement in self._statements(self.size + 1, size):
                cursor.execute(statement)
            cursor.execute("ANALYZE")
            if self.connection.vendor == "postgresql":
                cursor.execute("VACUUM ANALYZE")
        self.size = size

    def timed(self) -> Iterator[tuple[str, float]]:
        """Yield each question with the best of its times: what others do here only adds."""
        for name, ask in self._questions():
            ask()
            times = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                ask()
                times.append((time.perf_counter() - begun) * 1000)
            yield name, min(times)

    def _questions(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        from django.db import transaction
        from django.test import Client

        from andon.records.models import Record
        from andon.records.numbering import next_number

        browser = Client()
        browser.force_login(self.engineer)
        number = Record.objects.order_by("-id")[self.size // 3].number

        def page(address: str) -> Callable[[], Any]:
            def ask() -> None:
                answer = browser.get(address)
                assert answer.status_code == 200, (address, answer.status_code)

            return ask

        def take_number() -> None:
            with transaction.atomic():
                next_number("NC")

        yield "inbox", page("/inbox/")
        yield "list, first page", page("/nc/")
        yield "list, one state, sorted by due", page("/nc/?state=reported&sort=due_at")
        yield "list, open ones of mine", page("/nc/?open=yes&owner=me")
        yield "list, sorted by title", page("/nc/?sort=title")
        yield "list, an own field, sorted by it", page("/nc/?severity=major&sort=-severity")
        yield "list, sorted by characteristic", page("/nc/?sort=characteristic")
        yield "list, that contains a common word", page("/nc/?q=drift")
        yield "search, a rare word", page("/search/?q=rare777")
        yield "search, a common word", page("/search/?q=drift")
        yield "search, two common words", page("/search/?q=drift+burr")
        yield "record, one third down", page(f"/nc/{number}/")
        yield "interface, a page", page("/api/v1/nc/?limit=50")
        yield "next number", take_number

    def _statements(self, first: int, last: int) -> Iterator[str]:
        """Yield what copies the template to the records first..last."""
        key = self.template.pk
        person = f"{self.first_person} + n % {PEOPLE}"
        is_open = "n % 20 = 0"
        owner = f"CASE WHEN n % 400 = 0 THEN {self.engineer.pk} ELSE {person} END"
        words = (
            "CASE WHEN n % 2 = 0 THEN 'drift' ELSE 'scratch' END ||"
            " CASE WHEN n % 3 = 0 THEN ' burr' ELSE ' chip' END"
        )
        day = self._day_of("n % 700")
        yield self._copied(
            "records_record", first, last, f"id = {key}",
            id=f"{key} + n", number="'NC-2024-' || n", title=f"{words} || ' ' || n",
            owner_id=owner, created_by_id=person, due_at=day, created_at=day,
            state=f"CASE WHEN {is_open} THEN state ELSE 'closed' END",
            closed_at=f"CASE WHEN {is_open} THEN NULL ELSE {day} END",
        )  # fmt: skip
        yield self._copied(
            "nonconformities_nonconformity", first, last, f"record_ptr_id = {key}",
            record_ptr_id=f"{key} + n",
            characteristic_id=f"{self.first_characteristic} + n % {CHARACTERISTICS}",
            split_from_id=f"CASE WHEN n % 50 = 0 THEN {key} + n - 1 ELSE NULL END",
            severity="CASE WHEN n % 3 = 0 THEN 'major' ELSE 'minor' END",
        )  # fmt: skip
        rare = "CASE WHEN n % 997 = 0 THEN ' rare777' ELSE '' END"
        yield self._copied(
            "records_searchtext", first, last, f"record_id = {key}",
            record_id=f"{key} + n", text=f"'nc 2024 ' || n || ' ' || {words} || {rare}",
        )  # fmt: skip
        for sequence in (1, 2):
            yield self._copied(
                "records_entry", first, last, f"chain = 'record:{key}' AND sequence = 1",
                id=f"1000000 + 2 * ({key} + n) + {sequence}", sequence=str(sequence),
                chain=f"'record:' || ({key} + n)", row=f"CAST({key} + n AS TEXT)",
                actor=f"'p' || n % {PEOPLE}",
            )  # fmt: skip
        yield (
            "INSERT INTO records_link (source_id, target_id, kind, note, created_by_id, created_at)"
            f" SELECT {key} + n, {key} + n - 1, 'related to', '', {self.engineer.pk},"
            f" CURRENT_TIMESTAMP FROM {self._series(first, last)}"
        )

    def _copied(self, table: str, first: int, last: int, where: str, **changed: str) -> str:
        with self.connection.cursor() as cursor:
            told = self.connection.introspection.get_table_description(cursor, table)
        names = [column.name for column in told]
        values = ", ".join(changed.get(name, f't."{name}"') for name in names)
        into = ", ".join(f'"{name}"' for name in names)
        source = f'(SELECT * FROM "{table}" WHERE {where}) t'
        return (
            f'INSERT INTO "{table}" ({into}) SELECT {values}'
            f" FROM {self._series(first, last)} CROSS JOIN {source}"
        )

    def _series(self, first: int, last: int) -> str:
        if self.connection.vendor == "postgresql":
            return f"generate_series({first}, {last}) AS s(n)"
        return (
            f"(WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s"
            f" WHERE n < {last}) SELECT n FROM s) AS s"
        )

    def _day_of(self, days: str) -> str:
        if self.connection.vendor == "postgresql":
            return f"(TIMESTAMPTZ '2024-01-01' + ({days}) * INTERVAL '1 day')"
        return f"strftime('%Y-%m-%d %H:%M:%S', '2024-01-01', '+' || ({days}) || ' days')"


if __name__ == "__main__":
    main()
