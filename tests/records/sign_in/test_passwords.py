"""Passwords: long, not among the first that are guessed, hashed slowly, never told apart."""

import time
from statistics import median
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from andon import settings as product
from andon.records.accounts import create_account, deactivate
from andon.records.errors import Refused
from records.sign_in.door import signed_in

REFUSED = (
    "short", "elevenchars", "password1234", "Password1234!", "123456789012", "qwertyuiop12",
    "abcabcabcabc", "letmeinletmein", "aaaaaaaaaaaa", "iloveyou2026!", "!!!superman!!!",
)  # fmt: skip
TAKEN = (
    "correct horse battery",
    "larkfield-probe-works",
    "eine Nadel im Kontakt",
    "七个柱塞在测试台上排成一行呢",
)


@pytest.mark.parametrize("password", REFUSED)
def test_a_short_or_common_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", TAKEN)
def test_a_long_one_needs_no_special_composition(password: str) -> None:
    validate_password(password)


def test_spaces_and_64_characters_and_more_are_kept_as_typed(system: Any) -> None:
    long = " two spaces  and " + "a word each time " * 6
    account = create_account(username="long", name="long", password=long, roles=(), actor=system)
    assert account.check_password(long)
    assert not account.check_password(long.strip())
    assert not account.check_password(long[:64])


def test_argon2_is_the_only_hasher_of_the_product() -> None:
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_a_name_that_nobody_has_is_told_like_a_wrong_password(engineer: Any) -> None:
    wrong = Client().post("/login/", {"username": "engineer", "password": "guess"})
    unknown = Client().post("/login/", {"username": "engineex", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 200
    words = [str(a.context["form"].non_field_errors()) for a in (wrong, unknown)]
    assert words[0] == words[1] != ""


def test_a_deactivated_account_is_told_like_a_wrong_password(engineer: Any, system: Any) -> None:
    wrong = Client().post("/login/", {"username": "engineer", "password": "guess"})
    deactivate(engineer, actor=system)
    left = signed_in("engineer")[1]
    assert left.status_code == 200
    assert left.context["form"].errors == wrong.context["form"].errors


def test_unknown_names_take_as_long_as_known_ones(engineer: Any, settings: Any) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    engineer.set_password("correct horse battery")
    engineer.save(update_fields=["password"])
    settings.LOGGING_CONFIG = None
    known, unknown = [], []
    for place in range(4):
        known.append(_seconds("engineer", place))
        unknown.append(_seconds(f"nobody {place}", place))
    assert 0.5 < median(unknown) / median(known) < 2.0


def test_a_user_name_is_never_given_again(engineer: Any, system: Any) -> None:
    deactivate(engineer, actor=system)
    for name in ("engineer", "ENGINEER"):
        with pytest.raises(Refused, match="given already"):
            create_account(
                username=name, name="x", password="seven plungers in a row", roles=(), actor=system
            )


def _seconds(name: str, place: int) -> float:
    browser = Client(REMOTE_ADDR=f"10.9.{place}.1")
    begun = time.perf_counter()
    browser.post("/login/", {"username": name, "password": "a wrong guess of a password"})
    return time.perf_counter() - begun
