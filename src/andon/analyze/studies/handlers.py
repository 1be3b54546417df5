"""A study hears its own steps: the sheet is drawn, the verdict computed, the use permitted."""

from andon.analyze.studies.models import Study
from andon.analyze.studies.services import draw_sheet, judge
from andon.records.events import Advancing


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


HANDLERS = ((Advancing, act),)
