"""Signals of a station that wait for a reaction, in words."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from andon.analyze.monitoring.missed import RULE
from andon.analyze.monitoring.models import Signal
from andon.analyze.monitoring.queries import open_signals
from andon.board.capture import Station
from andon.control.plans.queries import reaction_for, rules_of
from andon.records import clock
from andon.stats.rules import Rule, RuleKind

_RECENT = timedelta(days=4)


def recent_signals(station: Station) -> list[Signal]:
    """Return the open signals of the newest subgroup that has any, of the last days."""
    if station.stream is None:
        return []
    recent = open_signals().filter(stream=station.stream, measured_at__gte=clock.now() - _RECENT)
    newest = recent.first()
    return list(recent.filter(subgroup=newest.subgroup)) if newest else []


def reaction_to(station: Station) -> dict[str, object] | None:
    """Return the signal in words with what the control plan says to do; None when all is quiet."""
    signals = recent_signals(station)
    if not signals:
        return None
    plan = reaction_for(station.characteristic, station.machine)
    address = reverse(
        "capture_acknowledge", args=[station.characteristic.code, station.machine.code]
    )
    return {
        "title": " ".join(dict.fromkeys(signal_words(station, one) for one in signals)),
        "text": _("Reaction plan: %(plan)s") % {"plan": plan} if plan else "",
        "action": {"label": _("Done as the plan says"), "post": address},
    }


def signal_words(station: Station, signal: Signal) -> str:
    """Return what a signal says about the process, without the number of its rule."""
    if signal.rule == "range":
        return _("The values within the last sample scatter more than usual.")
    if signal.rule == RULE:
        return _("A sample that was due was not taken.")
    rules = {str(rule.number): rule for rule in (rules_of(station.line) if station.line else ())}
    rule = rules.get(signal.rule)
    is_above = bool(station.limits and signal.value > station.mean_level())
    return _of_rule(rule, is_above=is_above)


def _of_rule(rule: Rule | None, *, is_above: bool) -> str:
    if rule is None or rule.kind == RuleKind.LIMIT:
        if is_above:
            return _("The mean of the last sample lies above the control band.")
        return _("The mean of the last sample lies below the control band.")
    words = {
        RuleKind.TREND: _("The mean of the last samples is drifting."),
        RuleKind.ALTERNATING: _("The means of the last samples go up and down in turn."),
        RuleKind.WITHIN: _("The means of the last samples lie closer together than usual."),
        RuleKind.OUTSIDE: _("The means of the last samples lie far from the middle."),
    }
    upward = _("The means of the last samples lie above the middle.")
    downward = _("The means of the last samples lie below the middle.")
    return words.get(rule.kind, upward if is_above else downward)
