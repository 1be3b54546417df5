"""Run rules by name: the family and the number of a rule, such as "nelson 1"."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.stats.errors import StatisticsError
from andon.stats.rules import FAMILIES, Rule, choose_rules


def rules_named(names: list[str]) -> tuple[Rule, ...]:
    """Return the rules of names such as "nelson 1"; ValueError tells a wrong one.

    >>> [rule.number for rule in rules_named(["nelson 1", "nelson 5"])]
    [1, 5]
    """
    chosen: dict[str, list[int]] = {}
    for name in names:
        family, _space, number = name.rpartition(" ")
        if family not in FAMILIES or not number.isdecimal():
            raise ValueError(name)
        chosen.setdefault(family, []).append(int(number))
    if len(chosen) != 1:
        raise ValueError(", ".join(names))
    return choose_rules(*chosen.popitem())


def validate_rules(names: Any) -> None:
    """Refuse a list with a rule that does not exist or with rules of two families."""
    try:
        if names:
            rules_named(names)
    except (ValueError, AttributeError, TypeError, StatisticsError):
        message = _("Write rules of one family, such as nelson 1; families: %(families)s.")
        raise ValidationError(message % {"families": ", ".join(FAMILIES)}) from None
