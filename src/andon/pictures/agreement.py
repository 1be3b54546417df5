"""Agreement of appraisers: with themselves, with each other, with the reference."""

from typing import Any

from andon.pictures.figures import convention_of, percent, told
from andon.pictures.intervals import Estimated, interval_panel
from andon.pictures.marks import Named
from andon.pictures.picture import Panel, Picture
from andon.stats.gauge_agreement import AttributeAgreement, Rate
from andon.stats.gauge_kappa import Kappa

__all__ = ["draw_agreement", "draw_kappa"]


def draw_agreement(result: AttributeAgreement, inputs: Any = None) -> Picture:
    """Return effectiveness, repeated agreement and kappa, each with its interval."""
    repeated = [(each.name, each.repeated) for each in result.appraisers]
    right = [(each.name, each.effectiveness) for each in result.appraisers]
    panels = [_rates("Agreement with themselves", [*repeated, ("all together", result.all_agree)])]
    if result.all_right is not None:
        panels.append(
            _rates("Agreement with the reference", [*right, ("all", result.all_right)], 0.9)
        )
        miss = [(f"{each.name}: missed", each.miss) for each in result.appraisers]
        false = [(f"{each.name}: false alarm", each.false_alarm) for each in result.appraisers]
        panels.append(_rates("Bad parts accepted, good parts rejected", [*miss, *false]))
    kappas = [(f"{each.first} – {each.second}", each.kappa) for each in result.between]
    kappas += [(f"{each.name} – reference", each.against_reference) for each in result.appraisers]
    kappas.append(("all (Fleiss)", result.fleiss))
    rows = [
        Estimated(label, each.kappa, each.interval) for label, each in kappas if each is not None
    ]
    panels.append(interval_panel("Kappa", "kappa", rows, lines=[Named(0.75, "", "attention")]))
    words = {True: "● Usable", False: "■ Not usable", None: "○ Not judged: no reference was given"}
    verdict = (
        f"{words[result.is_good]}: all appraisers always agree on "
        f"{percent(result.all_agree.share)} of {result.parts} parts; "
        f"Fleiss' kappa {told(result.fleiss.kappa, 3)}."
    )
    caption = convention_of(result)
    return Picture("Agreement of appraisers", verdict, caption, tuple(panels))


def _rates(title: str, rates: list[tuple[str, Rate | None]], least: float | None = None) -> Panel:
    rows = [Estimated(label, 100 * each.share, _in_percent(each))
            for label, each in rates if each is not None]  # fmt: skip
    lines = [Named(100 * least, "", "attention")] if least is not None else []
    return interval_panel(title, "%", rows, lines=lines)


def _in_percent(rate: Rate) -> Any:
    one = rate.interval
    return type(one)(100 * one.low, 100 * one.high, one.level)


def draw_kappa(result: Kappa, inputs: Any = None) -> Picture:
    """Return kappa with its interval, and that of each category where there is one."""
    rows = [Estimated("kappa", result.kappa, result.interval)]
    rows += [Estimated(label, each) for label, each in
             zip(result.categories, result.by_category, strict=False)]  # fmt: skip
    panel = interval_panel("Kappa", "kappa", rows, lines=[Named(0.75, "", "attention")])
    share = f"observed agreement {percent(result.agreement)}, by chance {percent(result.expected)}"
    verdict = f"Kappa {told(result.kappa, 3)}: {share}, {result.count} subjects."
    caption = convention_of(result)
    return Picture("Agreement beyond chance", verdict, caption, (panel,))
