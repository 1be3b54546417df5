"""What one database tells and the other stores is the same value, and nothing else is."""

from typing import Any

import pytest

from andon.records.trail.alike import is_alike

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("kind", "told", "stored"),
    [
        ("real", "0.10000000000000001", "0.1"),
        ("real", "1e-07", "0.0000001"),
        ("decimal", "12.5", "12.500"),
        ("decimal", 12, "12.000"),
        ("binary", "00FFA0", "\\x00ffa0"),
        ("json", '{"a": [0.5, true, null, "x"]}', {"a": ["0.5", True, None, "x"]}),
        ("json", "null", None),
        ("json", {"a": "1e-7"}, '{"a": 0.0000001}'),
        ("text", 1, True),
        ("text", "2025-03-13 12:00:00", "2025-03-13T12:00:00+00:00"),
        ("text", "2025-03-13 12:00:00.5", "2025-03-13T13:00:00.500000+01:00"),
    ],
)
def test_the_same_value_in_the_words_of_both(kind: str, told: Any, stored: Any) -> None:
    assert is_alike(kind, told, stored)
    assert is_alike(kind, stored, told)


@pytest.mark.parametrize(
    ("kind", "told", "stored"),
    [
        ("real", "0.1", "0.10000000000000002"),
        ("decimal", "12.5", "12.501"),
        ("binary", "00FFA0", "\\x00ffa1"),
        ("json", '{"a": 1}', {"a": True}),
        ("json", '{"a": 1}', {"a": 1, "b": 2}),
        ("json", {"a": "1.0"}, {"a": "1.00"}),
        ("json", "no json", {"a": 1}),
        ("text", "1.0", "1.00"),
        ("text", None, "0"),
        ("text", "00FFA0", "\\x00ffa0"),
        ("text", "2025-03-13 12:00:00", "2025-03-13T12:00:01+00:00"),
        ("text", "not-a-day-but-as-long", "2025-03-13T12:00:01+00:00"),
    ],
)
def test_another_value_is_told(kind: str, told: Any, stored: Any) -> None:
    assert not is_alike(kind, told, stored)
    assert not is_alike(kind, stored, told)
