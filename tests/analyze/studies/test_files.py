"""Real files by `andon analyze`: CSV, XLSX and Parquet, columns assigned, hostile files refused."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

import andon.stats as quality
from andon.analyze.studies.tables import BadTable, read_table
from andon.cli import main

RNG = np.random.default_rng(5)
FRAME = pl.DataFrame(
    {
        "diameter": RNG.normal(10.0, 0.1, 60).round(3),
        "after": RNG.normal(10.1, 0.1, 60).round(3),
        "machine": [f"M{at % 2}" for at in range(60)],
        "part": [at // 6 for at in range(60)],
        "operator": [f"O{at // 2 % 3}" for at in range(60)],
        "bad": RNG.poisson(4, 60),
        "inspected": [100] * 60,
    }
)
X = FRAME["diameter"].to_numpy()


def analyze(*words: object) -> Result:
    return CliRunner().invoke(main, ["analyze", *map(str, words)])


def told(*words: object) -> Any:
    done = analyze(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(params=["csv", "xlsx", "parquet", "semicolon", "utf-16"])
def file(request: Any, tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """The same table in every kind of file, with what the command must be told of it."""
    kind = request.param
    path = tmp_path / f"d.{kind if kind in ('xlsx', 'parquet') else 'csv'}"
    if kind == "xlsx":
        FRAME.write_excel(path)
    elif kind == "parquet":
        FRAME.write_parquet(path)
    elif kind == "semicolon":
        path.write_text(FRAME.write_csv(separator=";").replace(".", ","))
        return path, ("--decimal", ",")
    else:
        path.write_text(FRAME.write_csv(), encoding="utf-8-sig" if kind == "csv" else "utf-16")
    return path, ()


def test_every_kind_of_file_gives_the_figures_of_the_function(file: Any) -> None:
    path, more = file
    expected = quality.individuals_chart(X, rules=quality.NELSON).to_dict()
    assert (
        told("individuals_chart", path, "--value", 1, "--option", "rules=nelson", *more) == expected
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "d.csv"
    FRAME.write_csv(path)
    return path


def test_columns_find_their_inputs_by_order(table: Path) -> None:
    frame = FRAME.to_dict(as_series=False)
    is_first = np.array(frame["machine"]) == "M0"
    expected = {
        ("compare_pairs", "--value", "diameter", "--value", "after"):
            quality.compare_pairs(X, frame["after"]),
        ("compare_means", "--value", "diameter", "--by", "machine"):
            quality.compare_means(X[is_first], X[~is_first]),
        ("p_chart", "--value", "bad", "--value", "inspected"):
            quality.p_chart(frame["bad"], frame["inspected"]),
        ("mean_range_chart", "--value", "diameter", "--by", "part"):
            quality.mean_range_chart(X.reshape(10, 6)),
        ("gauge_stability", "--value", "diameter", "--by", "part"):
            quality.gauge_stability(X.reshape(10, 6)),
        ("gauge_crossed", "--value", "diameter", "--by", "part", "--by", "operator"):
            quality.gauge_crossed(X, frame["part"], frame["operator"]),
        ("t2_chart", "--value", "diameter", "--value", "after"):
            quality.t2_chart(np.column_stack([X, frame["after"]])),
        ("compare_group_ranks", "--value", "diameter", "--by", "operator"):
            quality.compare_group_ranks(
                [X[np.array(frame["operator"]) == name] for name in ("O0", "O1", "O2")]),
        ("analyze_groups", "--column", "groups=operator", "--column", "values=diameter"):
            quality.analyze_groups(X, frame["operator"]),
        ("rank_drivers_of_values", "--value", "diameter", "--by", "machine", "--by", "operator"):
            quality.rank_drivers_of_values(
                X, {"machine": frame["machine"], "operator": frame["operator"]}),
        ("rank_causes", "--value", "machine", "--column", "counts=bad"):
            quality.rank_causes(frame["machine"], frame["bad"]),
    }  # fmt: skip
    for (method, *words), result in expected.items():
        assert told(method, table, *words) == result.to_dict(), method


def test_a_result_in_a_file_feeds_the_next_method(tmp_path: Path) -> None:
    design = tmp_path / "design.json"
    design.write_text(analyze("plan_factorial", "--option", "factors=heat,time", "--json").stdout)
    options = (f"design=@{design}", "lows=1,2", "highs=3,4", "seed=7")
    sheet = told("write_run_sheet", *(word for each in options for word in ("--option", each)))
    assert sorted(sheet["settings"]) == [[1.0, 2.0], [1.0, 4.0], [3.0, 2.0], [3.0, 4.0]]


def test_pages_and_pictures_are_written(table: Path, tmp_path: Path) -> None:
    out = {kind: tmp_path / f"o.{kind}" for kind in ("html", "pdf", "png")}
    words = [word for kind, path in out.items() for word in (f"--{kind}", path)]
    limits = ("--option", "lower=9.7", "--option", "upper=10.3")
    done = analyze("capability", table, "--value", "diameter", *limits, *words)
    assert done.exit_code == 0, done.output
    page = out["html"].read_text()
    assert "<svg" in page and "Bissell" in page and "prefers-color-scheme:dark" in page
    assert page.count("<summary>Data table: ") == 6
    assert re.findall(r"""(?:src|href|url\(|@import)[=\s]*["']?[^"')\s]+""", page) == []
    places = set(re.findall(r"https?://[^\"' <]+", page))
    assert places <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert out["pdf"].read_bytes()[:5] == b"%PDF-"
    assert out["png"].read_bytes()[:4] == b"\x89PNG"


def test_without_a_picture_it_says_so_and_writes_the_figures(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.png"
    done = analyze("box_cox", table, "--value", 1, "--option", "power=0.5", "--png", out)
    assert done.exit_code == 0 and "no picture: bare figures" in done.stderr
    assert out.read_bytes()[:4] == b"\x89PNG"


def test_markup_in_a_file_stays_text(tmp_path: Path) -> None:
    path, out = tmp_path / "d.csv", tmp_path / "o.html"
    path.write_text("cause\n<script>alert(1)</script>\n#import\n[red]x[/red]\n")
    done = analyze(
        "rank_causes", path, "--value", "cause", "--html", out, "--pdf", tmp_path / "o.pdf"
    )
    assert done.exit_code == 0, done.output
    assert "[red]x[/red]" in done.stdout
    assert "<script>alert" not in out.read_text()


@pytest.mark.parametrize(
    ("content", "words", "place"),
    [
        (b"", ("--value", "a"), "empty"),
        (b"a\n", ("--value", "a"), "no row"),
        (b"\x00\x01\x02", ("--value", "a"), "not text"),
        (b"a,b\n1,2\n3,4,5,6\n", ("--value", "a"), "cannot be read"),
        (b"a\n1\n2\n", ("--value", "c"), "no column 'c'"),
        (b"a\n1\n2\n", ("--value", "7"), "no column '7'"),
        (b"a\n1\nx\n3\n", ("--value", "a"), "row 2"),
        (b"a,b\n1,1\n,1\n3,1\n4,1\n", ("--value", "a"), "row 2"),
        (b"a,b\n1,1\ninf,1\n3,1\n4,1\n", ("--value", "a"), "row 2"),
        (b"a\n1\n1\n1\n", ("--value", "a"), "do not vary"),
        (b"a\n1\n", ("--value", "a"), "at least 2"),
        (b"a\n1\n2\n", (), "--value"),
        (b"a\n1\n2\n", ("--value", "a", "--option", "sigmas=x"), "sigmas"),
        (b"a\n1\n2\n", ("--value", "a", "--option", "sigmas"), "NAME=VALUE"),
        (b"a\n1\n2\n", ("--value", "a", "--option", "baseline=@/nowhere.json"), "nowhere"),
        (b"a\n1\n2\n", ("--column", "nothing=a"), "nothing"),
    ],
)
def test_a_hostile_csv_ends_in_one_line(
    tmp_path: Path, content: bytes, words: Any, place: str
) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(content)
    done = analyze("individuals_chart", path, *words)
    assert done.exit_code == 2, (done.output, done.exception)
    assert place in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["d.xlsx", "d.parquet", "d.exe", "absent.csv", "absent.xlsx"])
def test_a_broken_or_absent_file_ends_in_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not name.startswith("absent"):
        path.write_bytes(b"PK\x03\x04 this is nothing of the kind")
    done = analyze("individuals_chart", path, "--value", "a")
    assert done.exit_code == 2, (done.output, done.exception)
    assert name in done.stderr and done.stderr.count("\n") == 1


def test_three_groups_for_two_samples_are_refused_by_name(table: Path) -> None:
    done = analyze("compare_means", table, "--value", "diameter", "--by", "operator")
    assert done.exit_code == 2 and "O0, O1, O2" in done.stderr


def test_an_output_that_cannot_be_written_is_told(table: Path) -> None:
    done = analyze("count_runs", table, "--value", 1, "--html", "/nowhere/o.html")
    assert done.exit_code == 2 and "/nowhere/o.html" in done.stderr


def test_methods_are_listed_and_described() -> None:
    assert {"p_chart"} <= {each["name"] for each in json.loads(analyze("--list", "--json").stdout)}
    described = analyze("p_chart", "--help-method").stdout
    assert "--column defective" in described and "false alarms per 1,000" in described


def test_each_rule_switch_says_what_it_costs_in_false_alarms(table: Path) -> None:
    assert "nelson; expected false alarms per 1,000 points by rule: 1: 2.7, 2: 3.91" in (
        analyze("--list").stdout
    )
    words = ("--value", "diameter", "--option", "rules=nelson:1,5")
    shown = " ".join(analyze("individuals_chart", table, *words).stdout.split())
    assert "rule 1: 2.7, rule 5: 2" in shown and "together at most 4.7" in shown
    wide = " ".join(
        analyze("individuals_chart", table, *words, "--option", "sigmas=2").stdout.split()
    )
    assert "rule 1: 46" in wide
    parameters = json.loads(analyze("p_chart", "--help-method", "--json").stdout)["parameters"]
    rules = next(each for each in parameters if each["name"] == "rules")
    assert rules["false_alarms"]["nelson"]["1"] == pytest.approx(2.6998, abs=1e-3)


def test_a_point_beside_decimal_commas_is_never_read_as_a_decimal_point(tmp_path: Path) -> None:
    file = tmp_path / "marked.csv"
    file.write_text("v;w\n1.234;1,5\n2.345,5;2\n")
    table = read_table(file, ",")
    assert table.values("w").tolist() == [1.5, 2.0]
    assert "thousands" in table.misfit("v") and "'1.234'" in table.misfit("v")
    assert "--decimal ," in read_table(file, ".").misfit("w")
    file.write_text("v;w\n1.234;1.1\n2.345;1.2\n")
    with pytest.raises(BadTable, match="thousands"):
        read_table(file, ",").values("v")
    assert read_table(file, ",").values("w").tolist() == ["1.1", "1.2"]
