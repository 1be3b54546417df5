"""What an engine does, and which one the setting names."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

import polars as pl
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from andon.history.engines.expressions import Rows
from andon.history.reading import Asked, Snapshot


class Engine(Protocol):
    """Gives the history, and small tables beside it, as lazy frames of its own kind."""

    def rows(self, now: Snapshot, asked: Asked) -> Rows:
        """Return the wanted rows of a snapshot, superseded ones left out, in no order."""

    def table(self, table: pl.DataFrame) -> Rows:
        """Return a small table as a frame that can be joined with the rows."""

    def collected(self, found: Rows, by: Sequence[str]) -> pl.DataFrame:
        """Compute, and return what was found in order of some columns."""


_ENGINES = {
    "embedded": "andon.history.engines.embedded",
    "spark": "andon.history.engines.spark",
}


def configured() -> Engine:
    """Return the engine of this installation."""
    place = _ENGINES.get(settings.ENGINE)
    if place is None:
        message = f"ANDON_ENGINE is {settings.ENGINE!r}; it is embedded or spark."
        raise ImproperlyConfigured(message)
    engine: Engine = import_module(place).engine()
    return engine
