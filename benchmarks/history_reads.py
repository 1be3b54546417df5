"""Reading a long history, as ratios to plain Polars on the same files in the same run.

python benchmarks/history_reads.py
python benchmarks/history_reads.py --size 100000000 --runs 5
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import _long_history as long_history
import polars as pl
from _figures import keep
from _long_history import CHARTED, SUBGROUP, append_many, begin, medians, watch_charted

POINTS = 100_000


def build(folder: str, size: int) -> list[str]:
    """Append and compact so many values, and return the files of the lake."""
    begin(folder)
    from andon.history.compaction import compact, released
    from andon.history.lake import Lake

    append_many(POINTS * SUBGROUP, stream=CHARTED)
    append_many(size - POINTS * SUBGROUP)
    compact(at=long_history.NOW, is_forced=True)
    watch_charted()
    version = released()
    assert version is not None
    lake = Lake.configured()
    files = lake.at(version.version)
    assert files["rows"].sum() == size
    return [f"{lake.url}/{path}" for path in files["path"]]


def plain_moments(paths: list[str]) -> pl.DataFrame:
    """Stratify the files as anybody would with Polars alone."""
    value = pl.col("value")
    return (
        pl.scan_parquet(paths, glob=False)
        .group_by("stream", "produced_on")
        .agg(
            pl.len().alias("n"), value.mean().alias("mean"), value.var().alias("variance"),
            value.min().alias("min"), value.max().alias("max"),
            pl.col("is_out_of_specification").sum(),
        )
        .collect(engine="streaming")
    )  # fmt: skip


def stratified(paths: list[str], runs: int) -> dict[str, object]:
    """Return how long stratifying takes beside plain Polars."""
    from andon.history.log import moments

    found = moments(["stream", "produced_on"])
    assert found["n"].sum() == plain_moments(paths)["n"].sum()
    ours, plain = medians(
        runs, lambda: moments(["stream", "produced_on"]), lambda: plain_moments(paths)
    )
    name = f"stratify into {found.height:,} groups"
    return figure(name, ours, "plain Polars, same files", plain, "<= 1.5x")


def figure(
    name: str, ours: float, beside: str = "", other: float = 0.0, aim: str = ""
) -> dict[str, object]:
    """Return one line of the table."""
    return {
        "what": name, "ms": round(ours * 1000, 1), "beside": beside,
        "its ms": round(other * 1000, 1) if other else "",
        "ratio": round(ours / other, 2) if other else "", "aim": aim,
    }  # fmt: skip


def charts(runs: int) -> list[dict[str, object]]:
    """Return how long the last subgroups take, and a page with very many points."""
    from django.test import Client

    from andon.analyze.monitoring.chart import chart_data, shown
    from andon.analyze.monitoring.models import Stream
    from andon.analyze.monitoring.spans import Span
    from andon.records.models import Account

    client, stream = Client(), Stream.objects.get(code=CHARTED)
    client.force_login(Account.objects.get(username="bench"))
    span = Span(last=500)

    def got(address: str) -> Callable[[], object]:
        def get() -> object:
            answer = client.get(f"/charts/{CHARTED}/{address}")
            assert answer.status_code == 200
            return answer

        get()  # the first one compiles the picture
        return get

    last, page, data = medians(
        runs, lambda: chart_data(shown(stream, span), "means"),
        got("?show=all"), got("data/?show=all"),
    )  # fmt: skip
    return [
        figure("last 500 subgroups, judged and drawn", last, aim="<= 100 ms"),
        figure(f"chart page with {POINTS:,} points", page, aim="<= 1000 ms"),
        figure(f"its data with {POINTS:,} points", data, aim="<= 1000 ms"),
    ]


def computed(paths: list[str], runs: int) -> list[dict[str, object]]:
    """Return how long control chart and capability of a column take beside reading it."""
    from andon.history.log import scan
    from andon.stats.capability import capability
    from andon.stats.charts_subgroups import mean_range_chart

    code = CHARTED.split("/", maxsplit=1)[0]

    def bare() -> pl.DataFrame:
        rows = pl.scan_parquet(paths, glob=False).filter(pl.col("characteristic") == code)
        return rows.select("value").collect()

    def read() -> pl.DataFrame:
        return scan({"characteristic": code}, columns=["value"]).collect()

    def judged() -> object:
        groups = read()["value"].to_numpy().reshape(-1, SUBGROUP)
        return mean_range_chart(groups), capability(groups, lower=0.73, upper=0.75)

    both, ordered, plain = medians(runs, judged, read, bare)
    name = f"chart and capability of {POINTS * SUBGROUP:,} values"
    return [
        figure("read a column in order of measurement", ordered, "plain Polars, unordered", plain),
        figure(name, both, "reading the column in order", ordered, "<= 3x"),
    ]


def kept(line: dict[str, object], size: int) -> tuple[str, str, str, bool | None]:
    """Return a line as the table of all benchmarks has it: a ratio where the aim is one."""
    aim = str(line["aim"])
    told = f"{line['ratio']}x" if aim.endswith("x") else str(line["ms"])
    if not aim:
        return (f"{line['what']}, of {size:,}", told, "", None)
    most, figure = (float(text.strip("<=xmsB ")) for text in (aim, told))
    return (f"{line['what']}, of {size:,}", told, aim, figure <= most)


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = build(folder, given.size)
        stored = sum(Path(path).stat().st_size for path in paths)
        per_value = round(stored / given.size, 2)
        lines = [
            stratified(paths, given.runs),
            *charts(given.runs),
            *computed(paths, given.runs),
            {**figure("bytes a value with 4 decimals", 0), "ms": f"{per_value} B", "aim": "<= 10"},
        ]
        print(f"{given.size:,} values in {len(paths)} files, medians of {given.runs} runs")
        long_history.told("history_reads", lines)
    keep("history_reads", [kept(line, given.size) for line in lines])


if __name__ == "__main__":
    main()
