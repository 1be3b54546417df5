"""What a check is, and how all of them are run."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

RISKS = ("high", "medium", "low")


class Verdict(StrEnum):
    """What became of a check; only the first counts as good."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"
    DOES_NOT_APPLY = "does not apply"


class Failed(Exception):
    """What was observed is not what was expected; the text says what was."""


class DoesNotApply(Exception):
    """There is nothing here yet that this check could look at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it serves, what would happen if it failed, and how it is done."""

    number: str
    use: str
    risk: str
    why: str
    test: str
    expected: str
    observe: Callable[[], str]
    """Return what was observed, or raise `Failed`."""
    is_undone: bool = False
    """It writes on the installation's own database, in a transaction that is undone."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A check with what was observed."""

    number: str
    use: str
    risk: str
    why: str
    test: str
    expected: str
    observed: str
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return asdict(self)


def run_all(checks: list[Check]) -> Iterator[Observed]:
    """Run the checks, those of the highest risk first."""
    for check in sorted(checks, key=lambda one: (RISKS.index(one.risk), one.number)):
        text, verdict = _observed(check)
        yield Observed(
            check.number, check.use, check.risk, check.why, check.test, check.expected, text,
            verdict,
        )  # fmt: skip


def _observed(check: Check) -> tuple[str, Verdict]:
    try:
        if not check.is_undone:
            return check.observe(), Verdict.PASSED
        with transaction.atomic():
            told = check.observe()
            transaction.set_rollback(True)
    except Failed as error:
        return str(error), Verdict.FAILED
    except DoesNotApply as error:
        return str(error), Verdict.DOES_NOT_APPLY
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:500], Verdict.NOT_RUN
    return told, Verdict.PASSED


def hold(is_so: object, text: str) -> None:
    """Fail with a text unless something is so."""
    if not is_so:
        raise Failed(text)
