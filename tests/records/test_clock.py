"""One clock tells every instant that is stored."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import DateField

from andon.settings import ANDON_APPS


def test_an_account_is_made_at_the_instant_of_the_clock(noon: datetime, engineer: Any) -> None:
    assert engineer.created_at == noon


def test_no_field_asks_the_machine_for_the_time() -> None:
    fields = [
        field
        for config in apps.get_app_configs()
        if config.name in ANDON_APPS
        for model in config.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, DateField)
    ]
    assert len(fields) > 30
    assert [str(field) for field in fields if field.auto_now or field.auto_now_add] == []
