"""A study hears its own steps, and what control plans choose: an unfit instrument is refused."""

from andon.analyze.studies.fitness import refusal_of
from andon.analyze.studies.models import Study
from andon.analyze.studies.services import draw_sheet, judge
from andon.control.plans.events import InstrumentsChosen
from andon.records.errors import Refused
from andon.records.events import Advancing
from andon.records.workflow import Refusal


def act(event: Advancing) -> None:
    """Do what a step of a study stands for, before the study is stored."""
    study = event.record
    if not isinstance(study, Study):
        return
    if event.transition.name == "start":
        draw_sheet(study)
    elif event.transition.name == "judge":
        judge(study, actor=event.actor)
    elif event.transition.name == "permit":
        study.is_use_permitted = True


def refuse_unfit(event: InstrumentsChosen) -> None:
    """Refuse an instrument whose last study speaks against this special characteristic."""
    reasons = [refusal_of(one, event.characteristic) for one in event.instruments]
    refusals = [Refusal(reason, "instruments") for reason in reasons if reason]
    if refusals:
        raise Refused(refusals)


HANDLERS = ((Advancing, act), (InstrumentsChosen, refuse_unfit))
