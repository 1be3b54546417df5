"""Envelope: what of very many points a picture can show, so that nothing that matters is lost."""

import polars as pl

MOST = 3000
"""Points up to which a picture shows every one."""


def envelope(table: pl.DataFrame, *, width: int, by: tuple[str, ...], kept: str) -> pl.DataFrame:
    """Return the rows a picture needs: of each pixel column the least and the greatest, and `kept`.

    Args:
        table: rows in order, with their place `x`.
        width: pixel columns of the picture.
        by: the columns whose extremes are kept.
        kept: name of a boolean column; rows in which it is true always stay.

    Up to 3,000 rows all stay. First and last row stay too.

    >>> many = pl.DataFrame({"x": range(9000), "y": [0.0] * 4000 + [9.0] + [0.0] * 4999})
    >>> thin = envelope(many.with_columns(f=pl.col("x") == 77), width=100, by=("y",), kept="f")
    >>> thin.height < 300, thin["y"].max(), 77 in thin["x"]
    (True, 9.0, True)
    """
    if table.height <= MOST:
        return table
    column = (pl.int_range(pl.len()) * width // table.height).alias("column")
    placed = table.with_columns(column, row=pl.int_range(pl.len()))
    extremes = [
        pl.col("row").gather(getattr(pl.col(name), arg)()).first().alias(f"{name}_{arg}")
        for name in by
        for arg in ("arg_min", "arg_max")
    ]
    chosen = placed.group_by("column").agg(*extremes).drop("column").unpivot()["value"]
    ends = [0, table.height - 1]
    wanted = pl.col("row").is_in(chosen.drop_nulls().to_list() + ends) | pl.col(kept)
    return placed.filter(wanted).drop("column", "row")
