"""The jobs of all slices, found by the name of their module."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many minutes; its result is kept as JSON. Safe to repeat."""

    name: str
    run: Callable[[], Any]
    minutes: float


@cache
def declared_jobs() -> dict[str, Job]:
    """Return the `JOBS` of every installed slice by name, lowest layer first."""
    found: dict[str, Job] = {}
    for config in reversed(list(apps.get_app_configs())):
        name = f"{config.name}.jobs"
        if config.name.startswith("andon.") and find_spec(name) is not None:
            found.update({job.name: job for job in import_module(name).JOBS})
    return found
