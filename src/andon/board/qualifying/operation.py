"""Operation checks: does this installation do what it is for? What they write is undone."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_urlsafe
from zipfile import ZipFile

from django.db import DatabaseError, connection, transaction

from andon.analyze.monitoring.models import Finding
from andon.board.qualifying.checks import Check, DoesNotApply, Failed, hold
from andon.history.log import scan
from andon.identify.measurements.services import take_in
from andon.identify.measurements.submission import Outcome
from andon.identify.nonconformities.models import Nonconformity
from andon.organization.processes.models import Machine, Process
from andon.organization.products.models import Characteristic
from andon.records import clock, services
from andon.records.accounts import create_account, system_account
from andon.records.errors import Forbidden, Refused, Stale
from andon.records.keeping.backup import back_up
from andon.records.keeping.inspection import write_inspection
from andon.records.models import Entry, Record
from andon.records.trail.context import acting
from andon.records.trail.evidence import verify_all

_SCRATCH = "QUALIFY"
_SUBGROUPS = 40


def operation_checks() -> list[Check]:
    """Return the checks of what the installation does."""
    return [
        Check("OQ-01", "Every change is told", "high", "A change nobody can trace.",
              "Create and change a nonconformity.", "one entry each, who, old and new", _told,
              is_undone=True),
        Check("OQ-02", "The trail cannot be changed", "high", "History written anew.",
              "Change and delete an entry by SQL.", "the database refuses both", _unbendable,
              is_undone=True),
        Check("OQ-03", "Only lawful steps", "high", "A record closed without proof.",
              "Close a nonconformity that was just begun.", "refused, nothing changed", _lawful,
              is_undone=True),
        Check("OQ-04", "Only who may", "high", "Somebody without the right changes the record.",
              "Create a nonconformity without any role.", "refused", _permitted, is_undone=True),
        Check("OQ-05", "No lost update", "medium", "One person's change overwrites another's.",
              "Change a version that is no longer the present one.", "refused", _not_stale,
              is_undone=True),
        Check("OQ-10", "Bad measurements are told, not stored", "high", "Wrong data judged right.",
              "Send no number, an unknown characteristic and another unit.",
              "each named with record, column and reason; nothing stored", _refused,
              is_undone=True),
        Check("OQ-11", "Measurements are stored once, as typed", "high", "Data lost or doubled.",
              "Send five values twice.", "five stored, the second time none", _once,
              is_undone=True),
        Check("OQ-12", "A changed process is found", "high", "Bad product goes on to be made.",
              "40 subgroups in control, then one of them far away.",
              "limits frozen, one finding, at that subgroup", _found, is_undone=True),
        Check("OQ-20", "The whole record is as it was written", "high", "Unseen manipulation.",
              "`andon verify`: every entry, signature, file and block.", "0 problems", _whole),
        Check("OQ-21", "The record can be kept", "high", "All is lost with the disk.",
              "Write a backup and verify what was written.", "as many rows and files, 0 problems",
              _backed_up),
        Check("OQ-22", "An inspector can check a copy without Andon", "medium",
              "Evidence that nobody else can read.",
              "Write three records for an inspector; run verify.py with Python alone.",
              "it finds no fault", _inspected),
    ]  # fmt: skip


def _begun() -> Nonconformity:
    record = services.create(Nonconformity(title="Qualification"), actor=system_account())
    assert isinstance(record, Nonconformity)
    return record


def _entries(record: Record) -> list[Entry]:
    return list(Entry.objects.filter(chain=f"record:{record.pk}").order_by("sequence"))


def _told() -> str:
    record, system = _begun(), system_account()
    services.change(record, actor=system, values={"title": "Changed"}, version=record.version)
    made, changed = _entries(record)[0], _entries(record)[-1]
    hold(made.action == "create" and changed.action == "change", "an entry is missing")
    hold(made.actor == changed.actor == system.username, "an entry names somebody else")
    hold("Qualification" in changed.old and "Changed" in changed.new, "old or new is missing")
    return f"{made.action} and {changed.action}, by {changed.actor}, with old and new"


def _unbendable() -> str:
    entry = _entries(_begun())[0]
    for statement in (
        "UPDATE records_entry SET actor = 'nobody' WHERE id = %s",
        "DELETE FROM records_entry WHERE id = %s",
    ):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [entry.pk])
        except DatabaseError:
            continue
        raise Failed(f"{statement.split(maxsplit=1)[0]} was not refused: run `andon migrate`")
    return "UPDATE and DELETE refused by the database"


def _lawful() -> str:
    record = _begun()
    try:
        services.advance(record, "close", actor=system_account())
    except (Refused, KeyError) as error:
        hold(Record.objects.get(pk=record.pk).state == record.state, "refused, but changed")
        return f"refused: {error}"[:200]
    raise Failed("closed without anything being proven")


def _permitted() -> str:
    nobody = create_account(
        username=f"qualify-{token_urlsafe(6).lower()}", name="Qualification",
        password=token_urlsafe(24), roles=(), actor=system_account(),
    )  # fmt: skip
    try:
        services.create(Nonconformity(title="Qualification"), actor=nobody)
    except Forbidden as error:
        return f"refused: {error}"[:200]
    raise Failed("an account without a role could create a record")


def _not_stale() -> str:
    record, system = _begun(), system_account()
    services.change(record, actor=system, values={"title": "first"}, version=1)
    try:
        services.change(record, actor=system, values={"title": "second"}, version=1)
    except Stale:
        return "the second change was refused with both versions"
    raise Failed("the second change overwrote the first")


@contextmanager
def _scratch_stream() -> Iterator[list[dict[str, str]]]:
    """Give a process, a machine and a characteristic, and 41 subgroups of which the last is far."""
    with acting(system_account()):
        process = Process.objects.create(code=_SCRATCH, name="Qualification", position=9999)
        Machine.objects.create(code=_SCRATCH, name="Qualification", process=process, position=9999)
        Characteristic.objects.create(
            code=_SCRATCH, name="Qualification", process=process, unit="mm", resolution=0.001,
            target=10.0, lower_specification=9.0, upper_specification=11.0,
        )  # fmt: skip
    begin = clock.now() - timedelta(days=60)
    yield [
        {
            "characteristic": _SCRATCH, "machine": _SCRATCH, "unit": "mm",
            "subgroup": f"{_SCRATCH} {group}", "serial": f"{_SCRATCH} {group}-{place}",
            "measured_at": (begin + timedelta(days=group, minutes=place)).isoformat(),
            "value": f"{10 + 0.01 * ((3 * group + 7 * place) % 11 - 5) + far:.3f}",
        }
        for group in range(_SUBGROUPS + 1)
        for place in range(5)
        for far in [0.4 if group == _SUBGROUPS else 0.0]
    ]  # fmt: skip


def _taken(rows: list[dict[str, str]]) -> Outcome:
    return take_in(rows, actor=system_account())


def _refused() -> str:
    with _scratch_stream() as rows:
        bad = [
            rows[0] | {"value": "ten"},
            rows[1] | {"characteristic": "no such"},
            rows[2] | {"unit": "inch"},
        ]
        reported = _taken(bad).reported
        hold(len(reported) == 3, f"{len(reported)} of 3 were reported")
        hold(not scan({"characteristic": _SCRATCH}).collect().height, "something was stored")
    return "; ".join(f"record {one.record}, {one.column}: {one.reason}" for one in reported)[:400]


def _once() -> str:
    with _scratch_stream() as rows:
        first, second = _taken(rows[:5]), _taken(rows[:5])
        kept = scan({"characteristic": _SCRATCH}).collect()
        hold(first.stored == kept.height == 5, f"{kept.height} of 5 are stored")
        hold(second.repeated == 5, "the second time was not known as a repetition")
        hold(kept["text"].to_list() == [row["value"] for row in rows[:5]], "not as typed")
    return "5 stored as typed, the second time 0"


def _found() -> str:
    with _scratch_stream() as rows:
        _taken(rows[: 5 * _SUBGROUPS])
        early = Finding.objects.filter(place__startswith=_SCRATCH).count()
        hold(early == 0, f"{early} findings in a process in control")
        _taken(rows[5 * _SUBGROUPS :])
        found = Finding.objects.filter(place__startswith=_SCRATCH)
        hold(found.count() == 1, f"{found.count()} findings")
        hold(found[0].subgroup.endswith(str(_SUBGROUPS)), "found at another subgroup")
        return f"{found[0].rule} on {found[0].place} at the changed subgroup; none before it"


def _whole() -> str:
    report = verify_all()
    hold(report.is_whole, f"{report.found} problems: run `andon verify`")
    return f"{report.entries} entries in {report.chains} chains, 0 problems"


def _backed_up() -> str:
    with tempfile.TemporaryDirectory() as folder:
        made = back_up(Path(folder) / "qualify.zip")
    hold(not made.problems, f"{made.problems} problems in the copy")
    return f"{made.rows} rows in {made.tables} tables, {made.files} files, verified"


def _inspected() -> str:
    numbers = list(Record.objects.order_by("-pk").values_list("number", flat=True)[:3])
    if not numbers:
        raise DoesNotApply("there is no record yet")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "inspection.zip"
        made = write_inspection(file, numbers=numbers, username="andon")
        with ZipFile(file) as copy:
            # nosemgrep: archive-unpacked-unseen - what was written a line before
            copy.extractall(Path(folder) / "copy")
        done = subprocess.run(  # noqa: S603 - the program that the copy itself brings
            [sys.executable, "-I", "verify.py", ".", made.anchor], cwd=Path(folder) / "copy",
            check=False, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    hold(done.returncode == 0, (done.stdout + done.stderr)[-300:])
    return f"{made.records} records: {done.stdout.strip().splitlines()[-1]}"
