"""What the data say drives the problem stands on the diagram before people argue about causes."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.analyze.causes.models import Cause
from andon.analyze.causes.services import DriverFact, feed_drivers
from andon.analyze.drivers.ranking import CONFIRMED, DriverLine, Drivers
from andon.analyze.problems.services import problems_behind
from andon.improve.actions.models import CorrectiveAction
from andon.records.accounts import system_account

_SUSPECT = ("driver", "not separable")


def put_suspects(record: CorrectiveAction) -> list[Cause]:
    """Put what the problems behind an action name as drivers on its diagram, and what they clear.

    A factor that could not be tested is left out, and so is one that too few data show to be
    innocent: it is ruled out only when even its greatest likely effect would not explain it.
    """
    facts = [fact for problem in problems_behind(record) for fact in _facts(problem.drivers)]
    return feed_drivers(record, drivers=_once(facts), actor=system_account())


def _facts(told: dict[str, object]) -> Iterator[DriverFact]:
    """Yield the suspects of a ranking, and the factors that it found innocent."""
    if not told:
        return
    drivers = Drivers.from_dict(told)
    for line in drivers.lines:
        if line.effect is not None and (line.verdict in _SUSPECT or _is_cleared(drivers, line)):
            yield _fact(drivers, line)


def _is_cleared(drivers: Drivers, line: DriverLine) -> bool:
    """Tell whether the data speak against a factor, not only not for it."""
    is_small = line.high is not None and line.high < CONFIRMED[drivers.measure]
    return line.verdict == "innocent" and is_small


def _fact(drivers: Drivers, line: DriverLine) -> DriverFact:
    is_innocent = line.verdict == "innocent"
    said = {
        "measure": drivers.measure, "effect": f"{line.effect:.2g}", "high": f"{line.high or 0:.2g}",
        "since": date_format(drivers.since, "j F Y"), "until": date_format(drivers.until, "j F Y"),
    }  # fmt: skip
    return DriverFact(
        factor=line.factor, level="" if is_innocent else line.level,
        measure=drivers.measure, effect=line.effect or 0.0, is_innocent=is_innocent,
        words=_(
            "No difference beyond chance from %(since)s to %(until)s: %(measure)s %(effect)s, at"
            " most %(high)s."
        )
        % said,
    )  # fmt: skip


def _once(facts: list[DriverFact]) -> list[DriverFact]:
    """Return one fact for each factor: what one problem suspects, another does not clear."""
    found: dict[str, DriverFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.is_innocent):
        found.setdefault(fact.factor, fact)
    return list(found.values())
