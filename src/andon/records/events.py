"""Events: the only upward path. A handler runs in the transaction of what it hears."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from andon.records.models.account import Account
from andon.records.models.record import Record
from andon.records.workflow import Transition


@dataclass(frozen=True, slots=True)
class Created:
    """A record was created."""

    record: Record
    actor: Account


@dataclass(frozen=True, slots=True)
class Advancing:
    """A record is about to change state; a handler may refuse by raising `Refused`."""

    record: Record
    transition: Transition
    actor: Account


@dataclass(frozen=True, slots=True)
class Advanced:
    """A record has changed state."""

    record: Record
    transition: Transition
    actor: Account


Handler = Callable[[Any], None]


@cache
def _handlers() -> dict[type, list[Handler]]:
    """Collect the `HANDLERS` of every installed slice, lowest layer first."""
    found: dict[type, list[Handler]] = {}
    for config in reversed(list(apps.get_app_configs())):
        name = f"{config.name}.handlers"
        if not config.name.startswith("andon.") or find_spec(name) is None:
            continue
        for event, handler in import_module(name).HANDLERS:
            found.setdefault(event, []).append(handler)
    return found


def announce(event: object) -> None:
    """Tell every handler of this kind of event, in this transaction."""
    for handler in _handlers().get(type(event), []):
        handler(event)
