"""The one direction: foreign keys point down, and every slice states its place."""

import configparser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[1]


def layers() -> list[str]:
    """Return the slices from the highest to the lowest, as the import contracts state them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    order: list[str] = []
    outer = contracts["importlinter:contract:layers"]["layers"].split("\n")
    for layer in [part.strip() for line in outer for part in line.split("|") if part.strip()]:
        section = f"importlinter:contract:{layer}"
        inner = contracts[section]["layers"].split() if contracts.has_section(section) else [""]
        order += [f"andon.{layer}.{name}".rstrip(".") for name in inner]
    return order


def height(model: type[models.Model]) -> int:
    """Return how far down the slice of a model stands; Django's own tables lie lowest."""
    module = model.__module__
    places = [place for place, name in enumerate(layers()) if f"{module}.".startswith(f"{name}.")]
    return places[0] if places else len(layers())


def test_foreign_keys_point_down_or_stay_in_the_slice() -> None:
    wrong = []
    ours = apps.get_models(include_auto_created=True)
    # The tables of sessions and second factors come from outside and name our account.
    for model in (one for one in ours if not one.__module__.startswith("allauth.")):
        for field in model._meta.get_fields():
            related = getattr(field, "related_model", None)
            if field.concrete and isinstance(related, type) and height(related) < height(model):
                wrong.append(f"{model.__name__}.{field.name} -> {related.__name__}")
    assert wrong == []


def test_installed_slices_stand_in_the_order_of_the_layers() -> None:
    places = [layers().index(app) for app in settings.ANDON_APPS]
    assert places == sorted(places)
