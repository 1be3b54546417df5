"""Pictures compile, hold what they are given, and lose nothing that matters."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.analyze.monitoring.envelope import MOST, envelope
from andon.pictures.control_chart import DATA_SETS, Panel, control_chart, control_chart_on_page
from andon.pictures.histogram import histogram

PAIR = (Panel("mean", 260, "", 4), Panel("range", 90, "Range", 4))
COLUMNS = {"when": "Measured"}


def test_a_chart_pair_is_one_picture_whose_panels_share_their_width_and_x() -> None:
    picture = control_chart_on_page(PAIR, columns=COLUMNS)
    scales = {scale["name"]: scale["domain"] for scale in picture["scales"]}
    assert scales["x"] == {"data": "frame_mean", "field": "x"}
    assert scales["concat_1_y"] == {"data": "frame_range", "field": "y"}
    assert "containerSize()" in picture["signals"][0]["init"]
    assert [mark["type"] for mark in picture["marks"]] == ["group", "group"]


def test_every_data_set_of_the_picture_is_a_stated_one() -> None:
    picture = control_chart_on_page([*PAIR, Panel("pieces", 90, "", 3)], columns=COLUMNS)
    roots = {entry["name"] for entry in picture["data"] if "source" not in entry}
    frames = {"frame_mean", "frame_range", "frame_pieces"}
    assert roots - frames <= set(DATA_SETS)
    assert frames <= roots


def test_the_data_table_gets_the_words_of_its_columns() -> None:
    assert control_chart(PAIR, columns=COLUMNS)["usermeta"]["columns"] == COLUMNS
    assert control_chart_on_page(PAIR, columns=COLUMNS)["usermeta"]["columns"] == COLUMNS


@pytest.mark.parametrize("values", [[], [0.74], [0.74] * 50, list(np.linspace(0.73, 0.75, 999))])
def test_a_histogram_counts_every_value(values: list[float]) -> None:
    picture = histogram(values, lower=0.73, resolution=0.001)
    bars, limits = picture["data"][0]["values"], picture["data"][1]["values"]
    assert sum(bar["count"] for bar in bars) == len(values)
    assert [limit["text"] for limit in limits] == ["LSL 0.730"]


def test_bars_never_split_the_resolution_of_the_gauge() -> None:
    values = np.round(np.random.default_rng(1).normal(10, 0.05, 5000), 2)
    bars = histogram(values, resolution=0.01)["data"][0]["values"]
    widths = {round((bar["high"] - bar["low"]) / 0.01, 6) for bar in bars[:-1]}
    assert len(widths) == 1
    assert widths.pop() % 1 == 0


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(MOST + 1, 20_000), st.integers(100, 2000))
def test_an_envelope_keeps_extremes_ends_and_everything_flagged(
    seed: int, count: int, width: int
) -> None:
    drawn = np.random.default_rng(seed)
    table = pl.DataFrame(
        {
            "x": np.arange(count),
            "mean": drawn.normal(0, 1, count),
            "range": drawn.normal(3, 1, count),
            "f": drawn.random(count) < 0.01,
        }
    )
    thin = envelope(table, width=width, by=("mean", "range"), kept="f")
    assert thin.height <= 4 * width + 2 + table["f"].sum()
    assert set(table.filter("f")["x"]) <= set(thin["x"])
    assert (thin["x"][0], thin["x"][-1]) == (0, count - 1)
    for name in ("mean", "range"):
        ends = (table[name].min(), table[name].max())
        assert (thin[name].min(), thin[name].max()) == ends
    assert thin["x"].is_sorted()


def test_up_to_three_thousand_points_every_one_is_drawn() -> None:
    table = pl.DataFrame({"x": range(MOST), "y": [0.0] * MOST, "f": [False] * MOST})
    assert envelope(table, width=100, by=("y",), kept="f").height == MOST
