"""One clock tells every instant that is stored."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import DateField
from django.test import Client

from andon.records.accounts import create_token
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


def test_who_calls_too_fast_waits_for_the_next_minute(engineer: Any, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    secret = create_token(engineer, name="script", actor=engineer)
    caller = Client(headers={"authorization": f"Bearer {secret}"})
    # A minute may begin between two of them, not between each two.
    answers = [caller.get("/api/v1/nc/") for _ in range(3)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert late
    assert all(1 <= int(answer["Retry-After"]) <= 60 for answer in late)
