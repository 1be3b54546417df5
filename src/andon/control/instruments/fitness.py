"""How fit instruments are for what they measure: asked of the slices that study them.

Studies lie higher than instruments, so a slice that knows states `fitness(instruments)` in its
module `instrument_fitness`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from andon.control.instruments.models import Instrument
from andon.records.cards import slices_with


@dataclass(frozen=True, slots=True)
class InstrumentFitness:
    """What the studies of an instrument say of its use for one characteristic."""

    instrument: str
    characteristic: str
    name: str
    """The characteristic in words."""
    kind: str
    """The status of the design system: ok, attention or problem."""
    words: str
    study: str
    url: str
    judged_on: date
    percent_study: float | None = None
    percent_tolerance: float | None = None
    categories: int | None = None
    reaction: str = ""
    """What to do when it is unfit."""

    @property
    def is_unfit(self) -> bool:
        """Tell whether the studies speak against the use."""
        return self.kind == "problem"


def fitness_by_code(instruments: Iterable[Instrument]) -> dict[str, list[InstrumentFitness]]:
    """Return what is known of each instrument, the worst first."""
    asked = list(instruments)
    found: dict[str, list[InstrumentFitness]] = {one.code: [] for one in asked}
    for module in slices_with("instrument_fitness"):
        for fitness in module.fitness(asked):
            found[fitness.instrument].append(fitness)
    return {code: sorted(known, key=_how_bad) for code, known in found.items()}


def _how_bad(fitness: InstrumentFitness) -> tuple[int, str]:
    return ("problem", "attention", "ok").index(fitness.kind), fitness.characteristic
