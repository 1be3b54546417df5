"""The playbook of studies."""

from collections.abc import Iterator, Mapping

from andon.analyze.studies.models import Study
from andon.analyze.studies.services import enter_readings, plan_study
from andon.control.instruments.models import Instrument
from andon.organization.products.models import Characteristic
from andon.records.errors import Refused
from andon.records.services import create
from edges.people import People
from edges.playbook import Misdeed, Playbook

SPREAD = {"not usable": 0.02, "good": 0.00001}


def begin(people: People) -> Study:
    """Plan to ask whether a micrometer can be used; its reference is still unknown."""
    study = Study(
        title="Micrometer", method="type 1",
        characteristic=Characteristic.objects.get(code="PD"),
        instrument=Instrument.objects.get(code="MIC-01"),
    )  # fmt: skip
    return create(study, actor=people["PE"])


def to_start(people: People, study: Study) -> None:
    """State the plan."""
    plan_study(study, values={"reference": "0.74", "trials": "10"}, actor=people["MET"])


def to_judge(spread: float, people: People, study: Study) -> None:
    """Enter every reading."""
    enter_readings(study, readings=_readings(spread), actor=people["INS"])


def _readings(spread: float) -> Mapping[int, str]:
    return {run: f"{0.74 + spread * (-1) ** run * (1 + run % 3):.6f}" for run in range(1, 11)}


def misdeeds(people: People, study: Study) -> Iterator[Misdeed]:
    """Yield what comes at the wrong time."""
    if study.state != "planned":
        yield (
            "planned again", Refused,
            lambda: plan_study(study, values={"trials": "20"}, actor=people["MET"]),
        )  # fmt: skip
    if study.state != "running":
        yield (
            "read too late or too early", Refused,
            lambda: enter_readings(study, readings={1: "0.74"}, actor=people["INS"]),
        )  # fmt: skip


PLAYBOOK = Playbook(
    kind="study",
    begin=begin,
    ready={
        "start": to_start,
        **{f"judge {name}": lambda people, study, spread=spread: to_judge(spread, people, study)
           for name, spread in SPREAD.items()},
    },
    variants={"judge": tuple(SPREAD)},
    blocked={"good": ("permit",), "permit": ("permit",)},
    misdeeds=misdeeds,
)  # fmt: skip
