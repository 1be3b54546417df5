"""Words of the driver analysis: what a factor and a level are called, and what the ranking says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from andon.analyze.drivers.factors import OTHER_LOTS, PLACE, WEEKDAY
from andon.analyze.drivers.ranking import ETA_SQUARED, RATE_RATIO, DriverLine, Drivers
from andon.organization.processes.models import Machine, Shift
from andon.web.formats import fixed, percent

FACTORS = {
    "machine": gettext_lazy("machine"),
    "product": gettext_lazy("product"),
    "lot": gettext_lazy("lot"),
    "instrument": gettext_lazy("instrument"),
    "operator": gettext_lazy("operator"),
    "shift": gettext_lazy("shift"),
    "supplier": gettext_lazy("supplier"),
    WEEKDAY: gettext_lazy("weekday"),
    PLACE: gettext_lazy("machine and shift"),
}
"""Factors that Andon can name; a further column is called as its sender calls it."""
WEEKDAYS = {
    "Monday": gettext_lazy("Monday"),
    "Tuesday": gettext_lazy("Tuesday"),
    "Wednesday": gettext_lazy("Wednesday"),
    "Thursday": gettext_lazy("Thursday"),
    "Friday": gettext_lazy("Friday"),
    "Saturday": gettext_lazy("Saturday"),
    "Sunday": gettext_lazy("Sunday"),
    OTHER_LOTS: gettext_lazy("all other lots"),
}


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One line of the driver table component."""

    factor: str
    share: float
    effect: str
    interval: str
    kind: str
    note: str
    url: str = ""


def factor_word(factor: str) -> str:
    """Return what a factor is called."""
    return str(FACTORS.get(factor, factor))


def level_word(factor: str, level: str) -> str:
    """Return what a level is called: machines and shifts by their names."""
    if factor == "machine":
        return _machine(level)
    if factor == "shift":
        return _shift(level)
    if factor == PLACE:
        machine, _slash, shift = level.rpartition("/")
        return f"{_machine(machine)}, {_shift(shift)}"
    return str(WEEKDAYS.get(level, level))


def subject(factor: str, level: str) -> str:
    """Return a level as the subject of a sentence: lathe L3, supplier S-B, night shift."""
    word = level_word(factor, level)
    if factor in ("machine", "shift", PLACE, WEEKDAY):
        return word
    return f"{factor_word(factor)} {word}"


def machine_words(machine: Machine) -> str:
    """Return a machine as people say it: the kind from its name with its code, such as lathe L3.

    >>> machine_words(Machine(code="L3", name="Plunger lathe 3"))
    'lathe L3'
    >>> machine_words(Machine(code="L3", name="L3"))
    'L3'
    """
    words = [word for word in machine.name.split() if word.isalpha()]
    return f"{words[-1]} {machine.code}" if words else machine.code


def driver_rows(drivers: Drivers) -> list[DriverRow]:
    """Return the ranking as lines of the driver table; factors that cannot be tested are left out.

    A factor that cannot be told apart from the best one, or only follows it, says so instead of
    repeating its numbers.
    """
    most = max((line.effect or 0 for line in drivers.lines), default=1) or 1
    acting = [line for line in drivers.lines if line.verdict in ("driver", "not separable")]
    innocent = sorted(drivers.of("innocent"), key=lambda line: -(line.effect or 0))
    return [_row(line, drivers, most) for line in (*acting, *innocent)]


def in_words(drivers: Drivers) -> str:
    """Return the ranking as sentences: what acts, what only follows, what is innocent."""
    if drivers.why_not or not drivers.lines:
        return _("Nothing can be ranked here: too few subgroups, or nothing that varies.")
    following = [line for line in drivers.of("innocent") if line.related]
    free = [line for line in drivers.of("innocent") if not line.related]
    said = [_said_of_best(drivers), _said_of_following(following, drivers), _said_of_innocent(free)]
    return " ".join(part for part in said if part)


def _said_of_best(drivers: Drivers) -> str:
    best = drivers.best
    if best is None:
        return _("No factor explains the variation.")
    values = {
        "what": _capital(subject(best.factor, best.level)),
        "share": percent(best.effect),
        "ratio": fixed(best.effect, 1),
        "interval": interval_words(best, drivers.measure),
        "since": date_format(drivers.since, "j F"),
    }
    if drivers.measure == ETA_SQUARED:
        message = _("%(what)s explains %(share)s of the variation since %(since)s (%(interval)s).")
    else:
        message = _(
            "%(what)s: %(ratio)s times the rate of the others since %(since)s (%(interval)s)."
        )
    return message % values


def _said_of_following(lines: Sequence[DriverLine], drivers: Drivers) -> str:
    best = drivers.best
    if not lines or best is None:
        return ""
    names = ", ".join(factor_word(line.factor) for line in lines)
    message = ngettext("%(names)s only follows it.", "%(names)s only follow it.", len(lines))
    return _capital(message % {"names": names})


def _said_of_innocent(lines: Sequence[DriverLine]) -> str:
    if not lines:
        return ""
    names = ", ".join(factor_word(line.factor) for line in lines)
    message = ngettext("%(names)s is innocent.", "%(names)s are innocent.", len(lines))
    return _capital(message % {"names": names})


def interval_words(line: DriverLine, measure: str) -> str:
    """Return the 95 % interval of a driver's effect; a dash when there is none."""
    if line.low is None or line.high is None:
        return "–"
    digits = 2 if measure == ETA_SQUARED else 1
    return f"{fixed(line.low, digits)}–{fixed(line.high, digits)}"


def _row(line: DriverLine, drivers: Drivers, most: float) -> DriverRow:
    is_eta, effect = drivers.measure == ETA_SQUARED, line.effect or 0.0
    note = _note(line, drivers)
    is_best = line.verdict in ("driver", "not separable")
    return DriverRow(
        factor=_capital(subject(line.factor, line.level) if is_best else factor_word(line.factor)),
        share=effect if is_eta else effect / most,
        effect=fixed(effect, 2 if is_eta else 1),
        interval=interval_words(line, drivers.measure),
        kind="confounded" if note else "best" if is_best else "innocent",
        note=note,
    )


def _note(line: DriverLine, drivers: Drivers) -> str:
    """Return why a factor has no place of its own in the ranking; "" when it has one."""
    best = drivers.best
    if best is None or line is best:
        return ""
    if line.verdict == "not separable":
        return _("not separable from %(what)s") % {"what": subject(best.factor, best.level)}
    if line.verdict == "innocent" and line.related:
        return _("only follows %(what)s") % {"what": _related(line, drivers)}
    return ""


def _related(line: DriverLine, drivers: Drivers) -> str:
    """Return what a factor follows: the best driver where that cannot be told from it."""
    best = drivers.best
    other = next((one for one in drivers.lines if one.factor == line.related), None)
    if best is not None and (other is None or other.verdict == "not separable"):
        return subject(best.factor, best.level)
    return subject(other.factor, other.level) if other is not None else factor_word(line.related)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _machine(code: str) -> str:
    machine = Machine.objects.filter(code=code).first()
    return machine_words(machine) if machine else code


def _shift(code: str) -> str:
    name = Shift.objects.filter(code=code).values_list("name", flat=True).first()
    return _("%(name)s shift") % {"name": name.lower()} if name else code


MEASURES = {
    ETA_SQUARED: pgettext_lazy("effect size", "η²"),
    RATE_RATIO: gettext_lazy("Rate ratio"),
}
"""Headings of the effect's column."""
