"""Correcting a measurement: a later row supersedes it, and nothing is overwritten."""

from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from andon.history.frame import decoded, empty
from andon.history.log import Batch, Receipt, append
from andon.history.models import Block, SupersededPlace
from andon.history.reading import Asked, Snapshot


def row_at(batch: int, position: int) -> dict[str, Any] | None:
    """Return the row at a place, superseded or not; None when there is none.

    Blocks are looked through from the newest, which is where corrections are made.
    """
    here = (pl.col("batch") == batch) & (pl.col("position") == position)
    now = Snapshot.now()
    hot = now.places(Asked({})).values("block_id")
    for block in Block.objects.filter(pk__in=hot).order_by("-pk").iterator(chunk_size=50):
        found = decoded(block.payload).filter(here)
        if found.height:
            return found.row(0, named=True)
    found = now.all_rows(Asked({}), empty()).filter(here).collect()
    return found.row(0, named=True) if found.height else None


def supersede(place: tuple[int, int], batch: Batch, *, at: datetime) -> Receipt:
    """Append the one row that corrects a place, and remember the place for every reader."""
    with transaction.atomic():
        receipt = append([batch], at=at)[0]
        if receipt.is_new:
            SupersededPlace.objects.get_or_create(batch=place[0], position=place[1])
    return receipt


def is_superseded(place: tuple[int, int]) -> bool:
    """Tell whether a later row corrects this place."""
    return SupersededPlace.objects.filter(batch=place[0], position=place[1]).exists()
