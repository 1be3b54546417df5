"""How many subgroups given limits would have called out: one on a limit is not beyond it."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from andon.history.engines.questions import alarm_counts
from history.rows_at_hand import START, rows_of, stored

# Its mean is 0.743; summed up in this order it is a little more.
ON_THE_LIMIT = [0.7428, 0.7417, 0.7446, 0.7451, 0.7408]


@pytest.fixture
def limits(db: None, tmp_path: Path, settings: Any) -> pl.DataFrame:
    """Limits whose upper one is the mean of the only subgroup."""
    settings.LAKE_URL = str(tmp_path / "lake")
    stored("a subgroup", rows_of("PD/L3", ON_THE_LIMIT, start=START))
    return pl.DataFrame({"stream": ["PD/L3"], "lower": [0.737], "upper": [0.743]})


def test_a_mean_on_a_limit_is_not_beyond_it(limits: pl.DataFrame) -> None:
    assert sum(ON_THE_LIMIT) / 5 > 0.743
    assert alarm_counts(limits).rows() == [("PD/L3", 1, 0)]


def test_a_mean_beyond_either_limit_is_counted(limits: pl.DataFrame) -> None:
    closer = limits.with_columns(upper=pl.col("upper") - 1e-9)
    assert alarm_counts(closer).rows() == [("PD/L3", 1, 1)]
    higher = limits.with_columns(lower=pl.lit(0.743 + 1e-9), upper=pl.lit(0.75))
    assert alarm_counts(higher).rows() == [("PD/L3", 1, 1)]
    assert alarm_counts(limits.with_columns(stream=pl.lit("PD/L4"))).height == 0
