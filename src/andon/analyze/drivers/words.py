"""Words of the driver analysis: what a factor and a level are called, and what the ranking says."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from andon.analyze.drivers.factors import OTHER_LOTS, PLACE, WEEKDAY
from andon.analyze.drivers.ranking import ETA_SQUARED, DriverLine, Drivers
from andon.organization.processes.models import Shift
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
    """Return what a level is called: a shift by its name, a place as machine and shift."""
    if factor == "shift":
        return _shift(level)
    if factor == PLACE:
        machine, _slash, shift = level.rpartition("/")
        return f"{machine} · {_shift(shift)}"
    return str(WEEKDAYS.get(level, level))


def driver_rows(drivers: Drivers) -> list[DriverRow]:
    """Return the ranking as lines of the driver table; factors that cannot be tested are left out.

    A factor that cannot be told apart from the best one says so instead of repeating its numbers.
    """
    best = drivers.best
    most = max((line.effect or 0 for line in drivers.lines), default=1) or 1
    shown = [line for line in drivers.lines if line.verdict != "not testable"]
    return [_row(line, drivers, best, most) for line in shown]


def in_words(drivers: Drivers) -> str:
    """Return the ranking as one or two sentences."""
    if drivers.why_not or not drivers.lines:
        return _("Nothing can be ranked here: too few subgroups, or nothing that varies.")
    said = [_said_of_best(drivers), _said_of_innocent(drivers)]
    return " ".join(part for part in said if part)


def confounded_note(line: DriverLine, best: DriverLine) -> str:
    """Return why a factor has no place of its own in the ranking."""
    level = level_word(best.factor, best.level)
    return _("not separable from %(level)s") % {"level": level}


def _said_of_best(drivers: Drivers) -> str:
    best = drivers.best
    if best is None:
        return _("No factor explains the variation.")
    values = {
        "factor": factor_word(best.factor),
        "level": level_word(best.factor, best.level),
        "share": percent(best.effect),
        "ratio": fixed(best.effect, 1),
        "interval": interval_words(best, drivers.measure),
    }
    if drivers.measure == ETA_SQUARED:
        message = _(
            "The %(factor)s explains %(share)s of the variation (%(interval)s);"
            " %(level)s stands out."
        )
        return message % values
    message = _("%(level)s has %(ratio)s times the rate of the others (%(interval)s).")
    return message % values


def _said_of_innocent(drivers: Drivers) -> str:
    names = [factor_word(line.factor) for line in drivers.of("innocent")]
    if not names:
        return ""
    told = ", ".join(names)
    message = ngettext("%(names)s is innocent.", "%(names)s are innocent.", len(names))
    said = message % {"names": told}
    return said[:1].upper() + said[1:]


def interval_words(line: DriverLine, measure: str) -> str:
    """Return the 95 % interval of a driver's effect; a dash when there is none."""
    if line.low is None or line.high is None:
        return "–"
    digits = 2 if measure == ETA_SQUARED else 1
    return f"{fixed(line.low, digits)}–{fixed(line.high, digits)}"


def _row(line: DriverLine, drivers: Drivers, best: DriverLine | None, most: float) -> DriverRow:
    is_eta = drivers.measure == ETA_SQUARED
    effect = line.effect or 0.0
    label = factor_word(line.factor)
    acts = line.verdict in ("driver", "not separable")
    confounded = line.verdict == "not separable" and best is not None and line is not best
    if acts:
        label = f"{label[:1].upper()}{label[1:]} {level_word(line.factor, line.level)}"
    return DriverRow(
        factor=label if acts else label[:1].upper() + label[1:],
        share=effect if is_eta else effect / most,
        effect=fixed(effect, 2 if is_eta else 1),
        interval=interval_words(line, drivers.measure),
        kind="confounded" if confounded else "best" if acts else "innocent",
        note=confounded_note(line, best) if confounded and best else "",
    )


def _shift(code: str) -> str:
    name = Shift.objects.filter(code=code).values_list("name", flat=True).first()
    return _("%(name)s shift") % {"name": name.lower()} if name else code


MEASURES = {
    ETA_SQUARED: pgettext_lazy("effect size", "η²"),
    "rate ratio": gettext_lazy("Rate ratio"),
}
"""Headings of the effect's column."""
