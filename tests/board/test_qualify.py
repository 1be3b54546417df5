"""Qualification: a sound installation passes and keeps nothing of it; each fault is the check's."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from andon.board.qualifying.checks import Check, Failed, Observed, Verdict, run_all
from andon.board.qualifying.figures import figure_checks
from andon.board.qualifying.installation import installation_checks
from andon.board.qualifying.operation import operation_checks
from andon.board.qualifying.report import write_report
from andon.history.log import scan
from andon.organization.products.models import Characteristic
from andon.records.models import Record, SecurityEvent
from andon.records.trail.anchoring import anchor
from andon.records.trail.evidence import verify_all

# These look at what a test's database or folder does not have: a file of its own, a copy of it.
ELSEWHERE = {"IQ-01", "IQ-03", "OQ-21"}


@pytest.fixture
def qualified(engineer: Any, data_folder: Path, settings: Any) -> dict[str, Observed]:
    """What every check observes on an anchored installation with one account."""
    settings.DATA_DIR = data_folder
    anchor()
    checks = [*installation_checks(), *operation_checks(), *figure_checks()]
    kept = [one for one in checks if one.number not in ELSEWHERE]
    return {one.number: one for one in run_all(kept)}


def test_a_sound_installation_passes_every_check(qualified: dict[str, Observed]) -> None:
    wrong = {n: one.observed for n, one in qualified.items() if one.verdict != Verdict.PASSED}
    assert wrong == {"OQ-22": "there is no record yet"}
    assert qualified["OQ-22"].verdict == Verdict.DOES_NOT_APPLY
    risks = [one.risk for one in qualified.values()]
    assert risks == sorted(risks, key=("high", "medium", "low").index)


def test_nothing_of_it_stays(qualified: dict[str, Observed]) -> None:
    assert not Record.objects.exists()
    assert not Characteristic.objects.exists()
    assert not scan().collect().height
    assert verify_all().is_whole


def test_the_report_is_signed_and_in_the_trail(
    qualified: dict[str, Observed], engineer: Any, tmp_path: Path
) -> None:
    written = write_report(tmp_path / "out", list(qualified.values()), actor=engineer)
    told = json.loads(written.data.read_text())
    assert written.pdf.read_bytes().startswith(b"%PDF")
    assert (told["verdict"], told["signature"]["meaning"]) == ("passed", "performed")
    assert told["signature"]["username"] == "engineer"
    assert told["counts"]["passed"] == len(qualified) - 1
    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.QUALIFIED)
    assert written.sha256 in event.about
    assert verify_all().is_whole


def observed(number: str, checks: list[Check]) -> Observed:
    """Return what one check observes."""
    return next(run_all([one for one in checks if one.number == number]))


def test_a_missing_trigger_fails_the_check_of_the_trail(engineer: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='records_entry'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("ALTER TABLE records_entry DISABLE TRIGGER ALL")
    one = observed("OQ-02", operation_checks())
    assert one.verdict == Verdict.FAILED
    assert "was not refused" in one.observed


def test_unsafe_settings_fail_their_checks(engineer: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = True
    assert observed("IQ-21", installation_checks()).verdict == Verdict.FAILED
    assert observed("IQ-05", installation_checks()).verdict == Verdict.FAILED


def test_no_anchor_is_told_with_what_to_do(engineer: Any) -> None:
    one = observed("IQ-22", installation_checks())
    assert (one.verdict, "andon anchor" in one.observed) == (Verdict.FAILED, True)


@pytest.mark.django_db
def test_a_check_that_breaks_did_not_run_and_is_not_good(engineer: Any, tmp_path: Path) -> None:
    def break_down() -> str:
        raise OSError("no paper")

    def fail() -> str:
        raise Failed("not so")

    told = [
        next(run_all([Check("X", "use", "low", "why", "test", "expected", act)]))
        for act in (break_down, fail)
    ]
    assert [one.verdict for one in told] == [Verdict.NOT_RUN, Verdict.FAILED]
    assert not write_report(tmp_path, told[:1], actor=engineer).is_good
