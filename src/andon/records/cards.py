"""Cards: what a slice shows on the page of every record, found in its `beside` module.

A slice states `card(record, request)`, which returns a `Card` or None. So a page can show what
hangs on its record although the slice of that lies higher.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.http import HttpRequest

from andon.records.models import Record


@dataclass(frozen=True, slots=True)
class Card:
    """A template with what it shows, as `card`."""

    template: str
    shows: Mapping[str, Any]


def cards_of(record: Record, request: HttpRequest) -> list[Card]:
    """Return the cards of every installed slice for a record."""
    found = (module.card(record, request) for module in slices_with("beside"))
    return [card for card in found if card is not None]


def slices_with(name: str) -> Iterator[Any]:
    """Yield the modules of that name of every installed slice."""
    for config in apps.get_app_configs():
        place = f"{config.name}.{name}"
        if config.name.startswith("andon.") and find_spec(place) is not None:
            yield import_module(place)
