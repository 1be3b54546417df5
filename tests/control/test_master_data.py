"""Master data: loaded once, changed never by loading again, exported and loaded back the same."""

import zipfile
from pathlib import Path
from typing import Any

import fastexcel
import pytest
import xlsxwriter

from andon.control.instruments.models import Instrument
from andon.control.plans.master_data import export_master, load_master
from andon.control.plans.master_data.headings import headings
from andon.control.plans.master_data.sheets import SHEETS, stored
from andon.control.plans.models import ControlPlan, PlanLine
from andon.control.plans.queries import line_for
from andon.control.plans.services import tighten
from andon.organization.processes.models import Machine, Process, WorkWeek
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import Characteristic
from andon.records.errors import Forbidden
from andon.records.models import Account, Entry, RoleAssignment
from andon.records.trail.context import acting

FACTORY = Path(__file__).parents[2] / "src" / "andon" / "demo" / "factory.toml"


@pytest.fixture
def load(system: Any, tmp_path: Path) -> Any:
    """Return a loader of a TOML text under Andon's own account."""

    def run(text: str, actor: Any = system) -> Any:
        path = tmp_path / "master.toml"
        path.write_text(text, encoding="utf-8")
        return load_master(path, actor=actor)

    return run


TURNING = '[[process]]\ncode = "turning"\nname = "Turning"\nposition = 1\n'
PD = '[[characteristic]]\ncode = "PD"\nname = "Diameter"\nprocess = "turning"\nunit = "mm"\n'


def test_the_demo_factory_loads_whole(system: Any) -> None:
    report = load_master(FACTORY, actor=system)
    assert report.refused == []
    assert (report.changed, report.unchanged) == (0, 0)
    assert list(Process.objects.values_list("code", flat=True)) == [
        "turning", "heat-treatment", "plating", "assembly", "test",
    ]  # fmt: skip
    assert Instrument.objects.count() == 24
    assert len(Calendar.load().working_days(*_year())) == 239
    assert len(Calendar.load().weeks_of_year(2025)) == 49
    plunger = Characteristic.objects.get(code="PD")
    line = line_for(plunger, Machine.objects.get(code="L3"))
    assert line is not None
    assert [instrument.code for instrument in line.instruments.all()] == ["MIC-03"]
    assert line.reaction.startswith("Stop lathe L3. Check the insert life counter T-0312")
    resistance = Characteristic.objects.get(code="CR")
    assert (resistance.lower_specification, resistance.upper_specification) == (None, 50.0)
    assert Account.objects.get(username="engineer").roles() == {"QE"}
    assert not Account.objects.get(username="engineer").has_usable_password()


def test_loading_again_changes_nothing_and_tells_nothing(system: Any) -> None:
    first = load_master(FACTORY, actor=system)
    entries = Entry.objects.count()
    again = load_master(FACTORY, actor=system)
    assert (again.created, again.changed, again.unchanged) == (0, 0, first.created)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("name", ["master.toml", "master.xlsx"])
def test_what_is_exported_loads_back_without_a_change(
    system: Any, tmp_path: Path, name: str
) -> None:
    first = load_master(FACTORY, actor=system)
    export_master(tmp_path / name)
    entries = Entry.objects.count()
    report = load_master(tmp_path / name, actor=system)
    assert report.refused == []
    # The work week is the usual one, so the export leaves it out.
    assert (report.created, report.changed, report.unchanged) == (0, 0, first.created - 1)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("name", ["master.toml", "master.xlsx"])
def test_what_is_exported_builds_the_same_organization_elsewhere(
    system: Any, tmp_path: Path, name: str
) -> None:
    load_master(FACTORY, actor=system)
    export_master(tmp_path / "first.toml")
    export_master(tmp_path / name)
    with acting(system):
        RoleAssignment.objects.exclude(account=system).delete()
        for sheet in reversed(SHEETS):
            stored(sheet).exclude(pk=system.pk if sheet.name == "account" else 0).delete()
    assert load_master(tmp_path / name, actor=system).refused == []
    export_master(tmp_path / "second.toml")
    assert (tmp_path / "second.toml").read_bytes() == (tmp_path / "first.toml").read_bytes()


def test_the_file_of_an_empty_installation_is_the_form_to_fill_in(
    system: Any, tmp_path: Path
) -> None:
    export_master(form := tmp_path / "form.xlsx")
    book = fastexcel.read_excel(form)
    for sheet in SHEETS:
        first = book.load_sheet(sheet.name, dtypes="string", header_row=None).to_polars().row(0)
        assert first == sheet.columns
    with zipfile.ZipFile(form) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist())
    for note in (
        "Must be filled: write a code of the sheet process.",
        "Must be filled: write a time as 06:00.",
        "May be empty: write codes of the sheet instrument with semicolons between.",
        "May be empty: write one of: special, major, minor.",
    ):
        assert note in text, note
    assert '>"per piece,per hour,per shift,per day,per lot"<' in text
    report = load_master(form, actor=system)
    assert (report.created, report.changed, report.refused) == (0, 0, [])
    export_master(text_form := tmp_path / "form.toml")
    assert "# [[process]] code*, name*, position*, owner\n" in text_form.read_text()
    assert load_master(text_form, actor=system).refused == []


def test_what_the_form_says_must_be_filled_is_what_is_refused(load: Any) -> None:
    for sheet in SHEETS:
        wanted = {heading.column for heading in headings(sheet) if heading.is_needed}
        refused = load(f"[[{sheet.name}]]\n").refused
        missing = {place.rpartition("column ")[2] for place, told in refused if "filled" in told}
        assert missing == wanted, sheet.name


@pytest.mark.parametrize("name", ["master.toml", "master.xlsx"])
def test_numbers_survive_the_file_to_the_last_digit(
    load: Any, system: Any, tmp_path: Path, name: str
) -> None:
    exact = 0.1 + 0.2
    load(TURNING + PD + f"target = {exact!r}\nupper_specification = 123456789.12345679\n")
    export_master(tmp_path / name)
    Characteristic.objects.get().target = None
    report = load_master(tmp_path / name, actor=system)
    assert (report.created, report.changed, report.refused) == (0, 0, [])
    assert Characteristic.objects.get().target == exact


def test_a_row_says_everything_about_its_entry(load: Any) -> None:
    load(TURNING + PD + "upper_specification = 0.75\n")
    report = load(TURNING + PD)
    assert (report.created, report.changed, report.unchanged) == (0, 1, 1)
    assert Characteristic.objects.get().upper_specification is None


def test_what_the_file_does_not_name_stays(load: Any) -> None:
    load(TURNING + PD)
    load(TURNING.replace("turning", "plating"))
    assert Characteristic.objects.count() == 1
    assert Process.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[[process]\n", "master.toml", "line 5"),
        ('process = "turning"\n', "process", "[[process]]"),
        ("[[proces]]\n", "proces", "process"),
        (TURNING + 'colour = "red"\n', "[[process]] 1, column colour", "position"),
        (TURNING.replace('"turning"', '""'), "[[process]] 1, column code", "must be filled"),
        (TURNING.replace("= 1", '= "one"'), "[[process]] 1, column position", "number"),
        (TURNING.replace("= 1", "= 1.5"), "[[process]] 1, column position", "whole number"),
        (TURNING.replace("= 1", "= true"), "[[process]] 1, column position", "number"),
        (TURNING.replace("= 1", "= -1"), "[[process]] 1, column position", "0"),
        (TURNING.replace("= 1", "= 99999999999"), "[[process]] 1, column position", "whole"),
        (TURNING + TURNING, "[[process]] 2", "[[process]] 1"),
        (TURNING + PD.replace("turning", "turnin"), "[[characteristic]] 1, column process",
         "Did you mean “turning”?"),
        (TURNING + PD + "target = nan\n", "[[characteristic]] 1, column target", "finite"),
        (TURNING + PD + 'target = "0,74"\n', "[[characteristic]] 1, column target", "0.74"),
        (TURNING + PD + 'kind = "colour"\n', "[[characteristic]] 1, column kind", "attribute"),
        (TURNING + PD + 'is_active = "maybe"\n', "[[characteristic]] 1, column is_active", "true"),
        (TURNING + PD + "target = 2\nupper_specification = 1\n", "[[characteristic]] 1", "target"),
        ('[[shift]]\ncode = "E"\nname = "E"\nposition = 1\nends_at = 14:00:00\nstarts_at = "6"\n',
         "[[shift]] 1, column starts_at", "06:00"),
        ('[[closed_day]]\non = "2 May"\nreason = "x"\n', "[[closed_day]] 1, column on",
         "2025-06-02"),
        ('[[account]]\nusername = "x"\nname = "x"\nroles = ["BOSS"]\n',
         "[[account]] 1, column roles", "QE"),
        ('[[account]]\nusername = "x"\nname = "x"\nroles = ["SYS"]\n',
         "[[account]] 1, column roles", "QE"),
    ],
)  # fmt: skip
def test_an_error_names_its_place_and_what_to_do_and_nothing_is_stored(
    load: Any, text: str, place: str, words: str
) -> None:
    partner = '[[partner]]\ncode = "S-A"\nname = "A"\nkind = "supplier"\n'
    report = load(partner + text if text.startswith("[[") else text + partner)
    assert [told for told, _message in report.refused] == [place]
    assert words in report.refused[0][1]
    assert (report.created, report.changed, report.unchanged) == (0, 0, 0)
    assert Process.objects.count() == Entry.objects.filter(table="partners_partner").count() == 0


def test_all_errors_are_told_at_once_and_each_cause_once(load: Any) -> None:
    wrong = TURNING.replace("= 1", '= "one"')
    report = load(wrong + PD + PD.replace('"PD"', '"BO"') + 'target = "x"\n')
    # The characteristics that wait for the process are not blamed for it.
    assert [place for place, _message in report.refused] == [
        "[[process]] 1, column position",
        "[[characteristic]] 2, column target",
    ]


def test_a_spreadsheet_row_is_named_as_the_spreadsheet_counts(system: Any, tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("process")
        sheet.write_row(0, 0, ["code", "name", "position"])
        sheet.write_row(1, 0, ["turning", "Turning", 1])
        sheet.write_row(3, 0, ["plating", "Plating", "last"])
    report = load_master(path, actor=system)
    assert report.refused == [
        ("sheet process, row 4, column position",
         "write a number with a decimal point, such as 0.74."),
    ]  # fmt: skip


def test_dates_and_times_typed_into_a_spreadsheet_are_read(system: Any, tmp_path: Path) -> None:
    from datetime import date, time

    path = tmp_path / "master.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("instrument")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["code", "name", "kind", "due_on"])
        sheet.write_row(1, 0, ["MIC-01", "Micrometer", "micrometer"])
        sheet.write_datetime(1, 3, date(2025, 6, 2), day)
        sheet = book.add_worksheet("shift")
        hour = book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["code", "name", "position", "starts_at", "ends_at"])
        sheet.write_row(1, 0, ["E", "Early", 1])
        sheet.write_datetime(1, 3, time(6, 0), hour)
        sheet.write_datetime(1, 4, time(14, 30), hour)
    report = load_master(path, actor=system)
    assert report.refused == []
    assert Instrument.objects.get().due_on == date(2025, 6, 2)
    assert Calendar.load().shifts[0].ends_at == time(14, 30)


@pytest.mark.parametrize("name", ["broken.xlsx", "data.csv", "absent.toml"])
def test_a_file_that_cannot_be_read_is_told_by_name(system: Any, tmp_path: Path, name: str) -> None:
    if name != "absent.toml":
        (tmp_path / name).write_bytes(b"PK not a workbook")
    report = load_master(tmp_path / name, actor=system)
    assert [place for place, _message in report.refused] == [name]


def test_a_change_of_a_plan_needs_a_new_revision(load: Any) -> None:
    plan = '[[control_plan]]\ncode = "CP"\nname = "Plan"\nrevision = {}\n'
    line = (
        '[[plan_line]]\nplan = "CP"\ncharacteristic = "PD"\nposition = 1\nsample_size = {}\n'
        'frequency = "per shift"\nreaction = "Stop."\n'
    )
    load(TURNING + PD + plan.format(1) + line.format(5))
    refused = load(plan.format(1) + line.format(3)).refused
    message = "this changes CP; set its revision to 2 in control_plan."
    assert refused == [("[[plan_line]] 1", message)]
    assert PlanLine.objects.get().sample_size == 5
    assert load(plan.format(2) + line.format(3)).changed == 2
    assert load(line.format(3)).unchanged == 1


def test_an_old_file_does_not_undo_a_tightened_plan(system: Any) -> None:
    load_master(FACTORY, actor=system)
    tighten(PlanLine.objects.get(machine__code="L3"), actor=system, reason="P1", sample_size=10)
    report = load_master(FACTORY, actor=system)
    assert "is at revision 2 already" in report.refused[0][1]
    assert PlanLine.objects.get(machine__code="L3").sample_size == 10
    assert ControlPlan.objects.get().revision == 2


def test_roles_are_given_and_taken_as_the_file_says(load: Any) -> None:
    row = '[[account]]\nusername = "lead"\nname = "Shift lead"\nroles = {}\n'
    load(row.format('["LEAD", "QE"]'))
    assert load(row.format('["LEAD", "INS"]')).changed == 1
    assert Account.objects.get(username="lead").roles() == {"LEAD", "INS"}


def test_andons_own_account_is_not_master_data(load: Any, tmp_path: Path) -> None:
    report = load('[[account]]\nusername = "andon"\nname = "x"\nroles = ["QM"]\n')
    assert report.refused[0][0] == "[[account]] 1, column username"
    export_master(tmp_path / "out.toml")
    assert "andon" not in (tmp_path / "out.toml").read_text().partition("\n")[2]


def test_an_operator_may_not_load_and_a_manager_may_not_give_roles(
    load: Any, account_with: Any, manager: Any
) -> None:
    with pytest.raises(Forbidden):
        load(TURNING, actor=account_with("OP"))
    assert load(TURNING, actor=manager).created == 1
    with pytest.raises(Forbidden):
        load('[[account]]\nusername = "x"\nname = "x"\nroles = ["QM"]\n', actor=manager)


def test_the_work_week_is_one_row(load: Any) -> None:
    assert load("[[work_week]]\nweekdays = [1, 2, 3, 4, 5, 6]\n").created == 1
    assert WorkWeek.objects.get().weekdays == [1, 2, 3, 4, 5, 6]
    assert load("[[work_week]]\nweekdays = [1, 8]\n").refused[0][0].endswith("column weekdays")


def test_a_rule_that_does_not_exist_is_refused(load: Any) -> None:
    text = (
        TURNING + PD + '[[control_plan]]\ncode = "CP"\nname = "Plan"\n'
        '[[plan_line]]\nplan = "CP"\ncharacteristic = "PD"\nposition = 1\n'
        'frequency = "per shift"\nreaction = "Stop."\nrules = ["nelson 9"]\n'
    )
    assert load(text).refused[0][0] == "[[plan_line]] 1, column rules"


def _year() -> tuple[Any, Any]:
    from datetime import date

    return date(2025, 1, 1), date(2025, 12, 31)
