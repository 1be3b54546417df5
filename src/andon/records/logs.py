"""What the server writes to its log: one line per event, as words or as JSON, never two lines."""

import re
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

TOLD = ("method", "route", "status", "ms")
"""What a log call may tell beside its sentence."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def configuration(form: str, level: str) -> dict[str, Any]:
    """Return the logging configuration: `form` is "line" or "json", `level` a name such as INFO.

    Raises:
        ValueError: the form is none of the two.

    >>> sorted(configuration("json", "INFO")["handlers"])
    ['stderr']
    """
    if form not in ("line", "json"):
        message = f'ANDON_LOG_FORMAT is "line" or "json", not "{form}".'
        raise ValueError(message)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"form": {"()": formatter, "form": form}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "form"}},
        "root": {"handlers": ["stderr"], "level": level},
        # One line per request is Andon's own, with its number, route and duration.
        "loggers": {"andon": {"level": level}},
    }


def formatter(form: str) -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter through which every logger of the process writes."""
    last: tuple[Processor, ...] = (_in_one_line,)
    if form == "json":
        last = (structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer())
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=TOLD),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


def _in_one_line(_logger: Any, _name: str, event: EventDict) -> str:
    """Return an event in words; what somebody typed cannot begin a line of its own."""
    trouble = event.pop("exc_info", None)
    parts = [str(event.pop(name, "-")) for name in ("timestamp", "level", "logger", "event")]
    parts += [f"{name}={value}" for name, value in event.items()]
    lines = [" ".join(parts)]
    if trouble:
        told = "".join(traceback.format_exception(*trouble))
        lines += [f"    {line}" for line in told.rstrip().split("\n")]
    return "\n".join(_CONTROL.sub(_escaped, line) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
