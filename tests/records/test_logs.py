"""What the log shows, and what it cannot be made to show."""

import json
import logging
import sys

import pytest

from andon.records.logs import configuration, formatter


def record_of(message: str, **extra: object) -> logging.LogRecord:
    """Return a log record as a library would make it."""
    made = logging.LogRecord("andon.request", logging.WARNING, "file", 1, message, (), None)
    made.__dict__.update(extra)
    return made


def test_a_line_tells_instant_level_logger_sentence_and_figures() -> None:
    line = formatter("line").format(record_of("answered", status=200, ms=12))
    assert line.endswith("warning andon.request answered status=200 ms=12")


@pytest.mark.parametrize("hostile", ["a\nb", "a\r\nb", "a\x1b[2Jb", "a\u2028b", "a\u202eb", "a\0b"])
def test_hostile_text_stays_within_its_line(hostile: str) -> None:
    line = formatter("line").format(record_of(f"Not Found: /{hostile}"))
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_an_error_begins_no_line_of_its_own_either() -> None:
    try:
        raise ValueError("x\n2025-01-01 info andon forged")
    except ValueError:
        record = record_of("failed")
        record.exc_info = sys.exc_info()
    first, *others = formatter("line").format(record).splitlines()
    assert "failed" in first
    assert others
    assert all(line.startswith("    ") for line in others)


def test_json_is_one_object_a_line_and_tells_nothing_unasked() -> None:
    told = json.loads(formatter("json").format(record_of("answered\n", status=500, password="p")))
    assert (told["event"], told["status"], told["level"]) == ("answered\n", 500, "warning")
    assert "password" not in told


def test_an_unknown_form_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match='"line" or "json", not "xml"'):
        configuration("xml", "INFO")
