"""What the pages of instruments ask of their studies: fit for what, by which, how well."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from andon.analyze.studies.fitness import Fitness, judged_studies, worst_of
from andon.analyze.studies.models import Evidence
from andon.control.instruments.fitness import InstrumentFitness
from andon.control.instruments.models import Instrument
from andon.control.plans.models import PlanLine
from andon.records import clock


def fitness(instruments: Sequence[Instrument]) -> list[InstrumentFitness]:
    """Return for each characteristic that an instrument was studied for how fit it is."""
    found = worst_of(judged_studies(instruments))
    results = _results([one.study.pk for one in found])
    reactions = _reactions(found)
    return [_told(one, results.get(one.study.pk, {}), reactions) for one in found]


def _told(
    one: Fitness, result: dict[str, Any], reactions: dict[tuple[int, int], str]
) -> InstrumentFitness:
    study = one.study
    assert study.instrument is not None
    assert study.characteristic is not None
    assert study.judged_at is not None
    pair = (study.instrument.pk, study.characteristic.pk)
    plain = _("Do not decide by its readings: measure again with another instrument.")
    return InstrumentFitness(
        instrument=study.instrument.code, characteristic=study.characteristic.code,
        name=study.characteristic.name, kind=one.kind, words=one.verdict, study=study.number,
        url=study.get_absolute_url(),
        judged_on=study.judged_at.astimezone(clock.site_zone()).date(),
        percent_study=result.get("percent_study"),
        percent_tolerance=result.get("percent_tolerance"), categories=result.get("categories"),
        reaction=(reactions.get(pair) or plain) if one.kind == "problem" else "",
    )  # fmt: skip


def _results(studies: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the main result of each study: the first that was kept."""
    found: dict[int, dict[str, Any]] = {}
    rows = Evidence.objects.filter(record_id__in=studies).order_by("pk")
    for study, result in rows.values_list("record_id", "result"):
        found.setdefault(study, result)
    return found


def _reactions(found: Sequence[Fitness]) -> dict[tuple[int, int], str]:
    """Return the reaction plan of the lines that name an unfit instrument."""
    unfit = [one.study.instrument_id for one in found if one.kind == "problem"]
    lines = PlanLine.objects.filter(instruments__in=unfit, plan__is_effective=True)
    told = lines.order_by("plan__code", "position").values_list(
        "instruments", "characteristic", "reaction"
    )
    return {(instrument, characteristic): text for instrument, characteristic, text in told}
