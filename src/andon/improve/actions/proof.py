"""The proof of effect as a page shows it: verdict, picture, side effects, what stays."""

from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.improve.actions.effect import METHODS, baseline_of, window_of
from andon.improve.actions.guards import plan_of, result_of
from andon.improve.actions.measuring import Window, by_week
from andon.improve.actions.models import CorrectiveAction, EffectivenessPlan, EffectivenessResult
from andon.improve.actions.queries import changed_for_good
from andon.improve.actions.services.checking import check_date
from andon.improve.actions.side_effects import side_effects_in_words
from andon.improve.actions.words import KINDS, figures, rate, sentence
from andon.pictures.before_after import Phase, before_after
from andon.records import clock
from andon.web.formats import percent, significant

CONTEXT = timedelta(days=28)
"""What is shown of the time before the baseline."""


def proof_of(record: CorrectiveAction) -> dict[str, Any]:
    """Return the parts of the page; without a registered plan only that there is none."""
    plan = plan_of(record)
    if plan is None or plan.registered_at is None:
        return {"plan": plan, "verdict": _waiting(_("The effectiveness plan is not registered."))}
    result = result_of(record)
    begun = record.implementations.filter(cycle=record.cycle).first()
    spec = picture(record, plan, result) if begun else None
    return {
        "plan": plan,
        "result": result,
        "chips": _chips(record, plan),
        "verdict": _verdict(result) if result else _waiting(_when(plan)),
        "chart_spec": spec,
        "side_effects": side_effects_in_words(result) if result else "",
        "changed": changed_for_good(record),
        "is_due": record.state == "monitoring" and check_date(plan) <= clock.today(),
    }


def picture(
    record: CorrectiveAction, plan: EffectivenessPlan, result: EffectivenessResult | None
) -> dict[str, Any]:
    """Return the chart of the metric by week, from before the baseline to the check date."""
    begun = record.implementations.get(cycle=record.cycle)
    before = baseline_of(plan)
    until = min(check_date(plan), clock.today()) if result is None else result.until
    after = window_of(plan, begun.implemented_on, max(until, begun.implemented_on))
    weeks = by_week(window_of(plan, before.since - CONTEXT, after.until))
    items = record.items.filter(cycle=record.cycle).order_by("pk").values_list("text", flat=True)
    levels = _level(plan, before), _level(plan, after)
    columns = {"week": _("Week"), "value": str(plan.characteristic), "n": _("n")}
    picture = before_after(
        weeks,
        before=Phase(before.since, before.until, levels[0], _named(_("before"), plan, levels[0])),
        after=Phase(after.since, after.until, levels[1], _named(_("after"), plan, levels[1])),
        change=f"{date_format(begun.implemented_on, 'j M')}: {next(iter(items), '')[:60]}",
        target=_target(plan, levels[0]),
        target_words=_("target −%(much)s") % {"much": percent(1 - (plan.target or 0))},
        axis=str(plan.characteristic),
        number_format="~%" if plan.metric == "rate" else "~g",
        from_zero=plan.metric == "rate",
    )
    return {**picture, "usermeta": {"columns": columns}}


def _level(plan: EffectivenessPlan, window: Window) -> float | None:
    """Return the level of a window as it is drawn: a rate, or the mean in the unit of values."""
    if plan.metric == "rate":
        level = METHODS["rate"].tell(METHODS["rate"].read(window))["rate"]
        return None if level is None else float(level)
    weeks = by_week(window)
    n = sum(week["n"] for week in weeks)
    return sum(week["value"] * week["n"] for week in weeks) / n if n else None


def _target(plan: EffectivenessPlan, before: float | None) -> float | None:
    """Return the target as a level, where it is one: a rate's."""
    if plan.metric != "rate" or before is None or plan.target is None:
        return None
    return before * plan.target


def _named(word: str, plan: EffectivenessPlan, level: float | None) -> str:
    if level is None:
        return word
    return f"{word} {rate(level) if plan.metric == 'rate' else significant(level)}"


def _verdict(result: EffectivenessResult) -> dict[str, Any]:
    return {
        "kind": KINDS[result.verdict],
        "title": result.get_verdict_display().capitalize(),
        "text": sentence(result),
        "figures": figures(result),
    }


def _waiting(text: str) -> dict[str, Any]:
    return {"kind": "watched", "title": _("Not computed yet"), "text": text, "figures": ()}


def _when(plan: EffectivenessPlan) -> str:
    on = date_format(check_date(plan), "j F Y")
    return _("The effect is computed on %(day)s, with test and target set in advance.") % {
        "day": on
    }


def _chips(record: CorrectiveAction, plan: EffectivenessPlan) -> list[tuple[str, str]]:
    assert plan.registered_at is not None
    registered = plan.registered_at.astimezone(clock.site_zone())
    dates = {"day": date_format(check_date(plan), "j F"), "set": date_format(registered, "j F")}
    return [
        (_("Check date %(day)s, set on %(set)s") % dates, ""),
        (_("Test and target set in advance"), ""),
        (_("Owner: %(name)s") % {"name": record.owner or _("nobody yet")}, ""),
    ]
