"""Reading: hot blocks and lake as one, from one snapshot.

The lake's version is taken first, then the blocks whose plan that version does not contain. So a
row is seen once, whatever the compactor does meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Self

import polars as pl
from django.db.models import Exists, OuterRef, QuerySet

from andon.history.frame import INSTANT, decoded, empty, instant
from andon.history.lake import Lake
from andon.history.models import Block, BlockStream, LakeVersion, PlannedBlock, SupersededPlace

Where = Mapping[str, str | Sequence[str]]
"""Column -> the value, or the values, that a row must have."""
_ORDER = ("measured_at", "batch", "position")
_PLACE = {"batch": pl.Int64, "position": pl.Int32}
_FILES: dict[str, pl.DataType | type[pl.DataType]] = {
    "path": pl.String,
    "month": pl.String,
    "rows": pl.Int64,
    "min.measured_at": INSTANT,
    "max.measured_at": INSTANT,
}
_LONG = 65_536
"""Rows of one group of a file."""
_LAST_HOURS = timedelta(hours=12)
_ROUNDED = timedelta(seconds=1)
"""The log of the lake may round what a file spans."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are wanted; `since` is included and `until` is not."""

    where: Where
    since: datetime | None = None
    until: datetime | None = None

    def values(self, column: str) -> list[str] | None:
        """Return the values wanted of a column; None when any will do."""
        wanted = self.where.get(column)
        return [wanted] if isinstance(wanted, str) else wanted if wanted is None else list(wanted)

    def narrowed(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return the wanted ones of some rows."""
        for column in self.where:
            values = self.values(column) or []
            named = pl.col(column)
            rows = rows.filter(named == values[0] if len(values) == 1 else named.is_in(values))
        if self.since is not None:
            rows = rows.filter(pl.col("measured_at") >= instant(self.since))
        if self.until is not None:
            rows = rows.filter(pl.col("measured_at") < instant(self.until))
        return rows


class Snapshot:
    """One moment of the history: a version of the lake, and the blocks that it lacks."""

    def __init__(self, lake: Lake, version: LakeVersion | None) -> None:
        self._lake = lake
        self._version = version

    @classmethod
    def now(cls) -> Self:
        """Return the present moment."""
        return cls(Lake.configured(), LakeVersion.objects.order_by("-version").first())

    def rows(self, asked: Asked) -> pl.LazyFrame:
        """Return the wanted rows in no order, superseded ones left out."""
        hot = self.hot_of(asked)
        return self.without_superseded(self.all_rows(asked, hot), hot)

    def hot_of(self, asked: Asked) -> pl.DataFrame:
        """Return the rows of the blocks that can hold wanted ones."""
        return self.hot(Block.objects.filter(pk__in=self.places(asked).values("block_id")))

    def all_rows(self, asked: Asked, hot: pl.DataFrame) -> pl.LazyFrame:
        """Return the wanted rows of blocks and lake, superseded ones too."""
        files, parts = self.files(asked), []
        if files.height:
            paths = files.sort("min.measured_at")["path"].to_list()
            parts.append(asked.narrowed(self._lake.read(paths)))
        if hot.height:
            parts.append(asked.narrowed(hot.lazy()))
        if not parts:
            return empty().lazy()
        return pl.concat(parts) if len(parts) > 1 else parts[0]

    def places(self, asked: Asked) -> QuerySet[BlockStream]:
        """Return where in the blocks that the lake lacks matching rows can be."""
        places = BlockStream.objects.all()
        if self._version is not None:
            taken = PlannedBlock.objects.filter(
                block=OuterRef("block_id"), plan__lte=self._version.plans_until
            )
            places = places.filter(~Exists(taken))
        for column in ("stream", "characteristic"):
            if (values := asked.values(column)) is not None:
                places = places.filter(**{f"{column}__in": values})
        if asked.since is not None:
            places = places.filter(until__gte=asked.since)
        return places if asked.until is None else places.filter(since__lt=asked.until)

    def files(self, asked: Asked) -> pl.DataFrame:
        """Return the files of the lake that can hold matching rows."""
        if self._version is None:
            return pl.DataFrame(schema=_FILES)
        files = self._lake.at(self._version.version)
        for column in ("characteristic", "stream"):
            if (values := asked.values(column)) is not None:
                files = files.filter(_can_hold(column, values))
        least, greatest = pl.col("min.measured_at"), pl.col("max.measured_at")
        if asked.since is not None:
            files = files.filter((greatest >= asked.since - _ROUNDED).fill_null(value=True))
        if asked.until is not None:
            files = files.filter((least < asked.until + _ROUNDED).fill_null(value=True))
        return files

    def last_of_files(self, asked: Asked, files: pl.DataFrame, n: int) -> pl.DataFrame:
        """Return at least the last n wanted rows of some files, or all, superseded ones too.

        Of long files the last hours are tried; if they do not hold enough, the instants alone tell
        from when on the other columns are needed.
        """
        rows, at = asked.narrowed(self._lake.read(files["path"].to_list())), pl.col("measured_at")
        if files["rows"].sum() <= _LONG:
            return rows.collect()
        newest = files["max.measured_at"].max()
        if isinstance(newest, datetime):
            newest = min(newest, asked.until or newest)
            last = rows.filter(at >= newest - _LAST_HOURS).collect()
            if last.height >= n:
                return last
        instants = rows.select(at).collect()["measured_at"]
        if not instants.len():
            return empty()
        return rows.filter(at >= instants.top_k(n).min()).collect()

    @property
    def corrections(self) -> int:
        """How many rows of the lake, at most, later ones correct."""
        return self._superseded.height

    @staticmethod
    def hot(blocks: Iterable[Block]) -> pl.DataFrame:
        """Return the rows of blocks."""
        frames = [decoded(block.payload) for block in blocks]
        return pl.concat(frames, rechunk=False) if frames else empty()

    def without_superseded(self, rows: pl.LazyFrame, hot: pl.DataFrame) -> pl.LazyFrame:
        """Leave out rows that a later row corrects."""
        parts = [part for part in (self._superseded, corrected_by(hot)) if part.height]
        if not parts:
            return rows
        places = pl.concat(parts).unique()
        return rows.join(places.lazy(), on=["batch", "position"], how="anti")

    @cached_property
    def _superseded(self) -> pl.DataFrame:
        places = list(SupersededPlace.objects.values_list("batch", "position"))
        return pl.DataFrame(places, schema=_PLACE, orient="row")


def scan(
    where: Where | None = None,
    *,
    columns: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.LazyFrame:
    """Return the rows that match, superseded ones left out, in order of measurement.

    `since` is included and `until` is not. Only blocks, files and row groups that can hold such
    rows are read, and only the columns that are used.
    """
    rows = Snapshot.now().rows(Asked(where or {}, since, until))
    if not columns:
        return rows.sort(_ORDER)
    needed = rows.select(list(dict.fromkeys((*columns, *_ORDER))))
    # What puts in order is a function: a column left out or rows cut off before it would be wrong.
    ordered = needed.map_batches(in_order, projection_pushdown=False, slice_pushdown=False)
    return ordered.select(columns)


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows in order of measurement; those of one stream mostly lie in it already."""
    at, batch, position = (rows[name].to_physical() for name in _ORDER)
    if not at.is_sorted():
        return rows.sort(_ORDER)
    is_later = (at[1:] > at[:-1]) | (batch[1:] > batch[:-1])
    is_later |= (batch[1:] == batch[:-1]) & (position[1:] > position[:-1])
    return rows if is_later.all() else rows.sort(_ORDER)


def tail(
    where: str | Where, n: int, *, since: datetime | None = None, until: datetime | None = None
) -> pl.DataFrame:
    """Return the last n rows of a stream, or of those that match, oldest first.

    `since` is included and `until` is not. The newest blocks and months are read first, and no more
    of them than are needed.
    """
    matching = {"stream": where} if isinstance(where, str) else where
    now, asked = Snapshot.now(), Asked(matching, since, until)
    room = now.corrections
    rows, corrected = _last(now, asked, n, room)
    if corrected > room:  # of a long month too little may have been read
        rows, _corrected = _last(now, asked, n, corrected)
    return rows


def _last(now: Snapshot, asked: Asked, n: int, room: int) -> tuple[pl.DataFrame, int]:
    """Return the last n rows, and how many corrected ones were read beside them."""
    found = rows = empty()
    corrected = 0
    for part, nothing_after in _newest_first(now, asked, n + room):
        found = pl.concat([found, part])
        standing = now.without_superseded(found.lazy(), found).collect()
        corrected, rows = found.height - standing.height, in_order(standing).tail(n)
        if nothing_after is None or (rows.height == n and rows["measured_at"][0] > nothing_after):
            break
    return rows, corrected


def moments(
    by: Sequence[str],
    where: Where | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Return n, mean, M2 (sum of squared deviations), min, max and out-of-specification count."""
    value = pl.col("value")
    return (
        Snapshot.now()
        .rows(Asked(where or {}, since, until))
        .group_by(by)
        .agg(
            pl.len().alias("n"),
            value.mean().alias("mean"),
            (value.var(ddof=0) * value.count()).alias("M2"),
            value.min().alias("min"),
            value.max().alias("max"),
            pl.col("is_out_of_specification").sum().alias("out_of_specification"),
        )
        .sort(by)
        .collect(engine="streaming")
    )


def corrected_by(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the places that these rows correct."""
    names = rows["supersedes"]
    if not (names != "").any():
        return pl.DataFrame(schema=_PLACE)
    parts = names.filter(names != "").str.split_exact(":", 1).struct.unnest()
    batch, position = (
        parts.to_series(place).cast(kind, strict=False).alias(name)
        for place, (name, kind) in enumerate(_PLACE.items())
    )
    return pl.DataFrame([batch, position]).drop_nulls()


def _newest_first(
    now: Snapshot, asked: Asked, n: int
) -> Iterator[tuple[pl.DataFrame, datetime | None]]:
    """Yield rows with the instant after which no unread row can lie; None at the end.

    Of the lake's months one is read, then two, then four: where a stream has long been silent, it
    is soon found, or soon known to be nowhere.
    """
    files, together = now.files(asked), 1
    months = sorted(set(files["month"]), reverse=True) if files.height else []
    places = iter(now.places(asked).order_by("-until").values_list("until", "block_id", "rows"))
    place = next(places, None)
    while place is not None or months:
        if place is not None and (not months or place[0] >= month_after(months[0])):
            chosen, rows = [], 0
            while (
                place is not None
                and rows < n
                and (not months or place[0] >= month_after(months[0]))
            ):
                chosen.append(place[1])
                rows, place = rows + place[2], next(places, None)
            hot = now.hot(Block.objects.filter(pk__in=chosen))
            part = asked.narrowed(hot.lazy()).collect()
        else:
            chosen, months = months[:together], months[together:]
            part = now.last_of_files(asked, files.filter(pl.col("month").is_in(chosen)), n)
            together *= 2
        ends = [place[0]] if place is not None else []
        ends += [month_after(months[0])] if months else []
        yield part, max(ends, default=None)


def _can_hold(column: str, values: Sequence[str]) -> pl.Expr:
    """Tell of each file whether one of the values lies between its least and its greatest."""
    least, greatest = pl.col(f"min.{column}"), pl.col(f"max.{column}")
    spans = [(least <= value) & (greatest >= value) for value in values]
    return pl.any_horizontal(spans).fill_null(value=True) if spans else pl.lit(value=False)


def month_after(month: str) -> datetime:
    """Return the first instant of the month after, in UTC."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return (first + timedelta(days=32)).replace(day=1)
