"""Titles in plain words, made from what the data say."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from andon.analyze.drivers.factors import PLACE
from andon.analyze.drivers.ranking import DriverLine
from andon.analyze.drivers.words import factor_word, level_word, machine_words
from andon.analyze.monitoring.models import Finding
from andon.stats.findings import Finding as Departure


def title_of(findings: Sequence[Finding], explanation: DriverLine | None) -> str:
    """Return the title of a problem in the language of the installation."""
    with override(settings.LANGUAGE_CODE):
        lead = findings[0]
        if lead.rule == Finding.Rule.GAUGE:
            return _of_instrument(lead)
        if lead.stream is None:
            return lead.place
        if lead.rule == Finding.Rule.RATE:
            return _of_counts(findings, explanation)
        return _of_values(findings, explanation)


def _of_instrument(finding: Finding) -> str:
    detail = finding.detail
    words = {"instrument": detail["instrument"], "what": detail["name"]}
    if not detail["instrument"]:
        return _("%(what)s is not rated alike") % words
    if detail["cause"] == "operators":
        told = _("%(what)s cannot be measured with %(instrument)s: it depends on who measures")
        return told % words
    return _("%(what)s cannot be measured with %(instrument)s") % words


def is_drift(findings: Sequence[Finding]) -> bool:
    """Tell whether a finding saw the mean move further away, not only stand away."""
    shifts = (finding for finding in findings if finding.rule == Finding.Rule.SHIFT)
    return any(Departure.from_dict(finding.detail).is_drift for finding in shifts)


def _of_values(findings: Sequence[Finding], explanation: DriverLine | None) -> str:
    lead = findings[0]
    assert lead.stream is not None
    up = lead.direction > 0
    words = {
        "what": lead.stream.characteristic.name,
        "where": machine_words(lead.stream.machine),
        "level": level_word(explanation.factor, explanation.level) if explanation else "",
        "factor": factor_word(explanation.factor) if explanation else "",
    }
    return _pattern(findings, explanation.factor if explanation else "", up=up) % words


def _pattern(findings: Sequence[Finding], factor: str, *, up: bool) -> str:
    if factor == "instrument":
        high = _("%(what)s reads high with instrument %(level)s")
        return high if up else _("%(what)s reads low with instrument %(level)s")
    if factor == "lot":
        high = _("%(what)s on %(where)s: one lot far too high")
        return high if up else _("%(what)s on %(where)s: one lot far too low")
    if factor == "shift":
        high = _("%(what)s is too high on the %(level)s")
        return high if up else _("%(what)s is too low on the %(level)s")
    if factor in ("", "machine"):
        return _at_machine(findings, up=up)
    high = _("%(what)s is too high with %(factor)s %(level)s")
    return high if up else _("%(what)s is too low with %(factor)s %(level)s")


def _at_machine(findings: Sequence[Finding], *, up: bool) -> str:
    lead = findings[0]
    own = [finding for finding in findings if finding.place == lead.place]
    if is_drift(own):
        upwards = _("%(what)s on %(where)s drifts upwards")
        return upwards if up else _("%(what)s on %(where)s drifts downwards")
    high = _("%(what)s on %(where)s is too high")
    return high if up else _("%(what)s on %(where)s is too low")


def _of_counts(findings: Sequence[Finding], explanation: DriverLine | None) -> str:
    lead = findings[0]
    assert lead.stream is not None
    ratio = explanation.effect if explanation else lead.detail.get("ratio")
    place = _place_of(lead, explanation)
    values = {"what": lead.stream.characteristic.name, "where": place}
    if not isinstance(ratio, float | int):
        return _("%(what)s on %(where)s: none at the other places") % values
    message = _("%(what)s on %(where)s: %(ratio).1f times the rate of the others")
    return message % {**values, "ratio": ratio}


def _place_of(lead: Finding, explanation: DriverLine | None) -> str:
    assert lead.stream is not None
    machine = machine_words(lead.stream.machine)
    shift = level_word("shift", lead.stream.shift) if lead.stream.shift else ""
    if explanation is None or explanation.factor == PLACE:
        return ", ".join(filter(None, (machine, shift)))
    if explanation.factor == "machine":
        return machine
    if explanation.factor == "shift":
        return shift
    level = level_word(explanation.factor, explanation.level)
    return f"{machine}, {factor_word(explanation.factor)} {level}"
