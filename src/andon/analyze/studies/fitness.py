"""Whether an instrument is fit for a characteristic: the worst of its last studies of each kind.

A later study of another kind clears nothing: an instrument without bias may still scatter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from andon.analyze.studies.models import Study
from andon.control.instruments.models import Instrument
from andon.organization.products.models import Characteristic

_OF_GAUGES = [
    one.value
    for one in Study.Method
    if one not in (Study.Method.CAPABILITY, Study.Method.EXPERIMENT)
]
_FAMILIES = {"nested": "crossed"}
"""Methods that answer the same question as another."""
_WORSE = ("ok", "attention", "problem")
KINDS = {
    "good": "ok", "conditional": "attention", "not usable": "problem", "capable": "ok",
    "not capable": "problem", "not stable": "problem", "effects": "ok", "no effects": "idle",
}  # fmt: skip
"""How each verdict looks: the status of the design system."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a study of an instrument for a characteristic says."""

    study: Study

    @property
    def is_refused(self) -> bool:
        """Tell whether the instrument must not be chosen for this characteristic."""
        return self.study.verdict == Study.Verdict.NOT_USABLE and not self.study.is_use_permitted

    @property
    def kind(self) -> str:
        """The status of the design system."""
        return KINDS[self.study.verdict]

    @property
    def words(self) -> str:
        """The instrument and what is said of it."""
        told = {"instrument": self.study.instrument, "verdict": self.verdict}
        return _("%(instrument)s: %(verdict)s") % told

    @property
    def verdict(self) -> str:
        """What is said of it, with a permission that was given nevertheless."""
        verdict = self.study.get_verdict_display()
        if self.study.is_use_permitted:
            return _("%(verdict)s, use permitted") % {"verdict": verdict}
        return verdict


def judged_studies(
    instruments: Iterable[Instrument] | None = None, characteristic: Characteristic | None = None
) -> QuerySet[Study]:
    """Return the judged studies of measurement systems, newest first."""
    found = Study.objects.filter(method__in=_OF_GAUGES).exclude(verdict="")
    if instruments is not None:
        found = found.filter(instrument__in=list(instruments))
    if characteristic is not None:
        found = found.filter(characteristic=characteristic)
    return found.select_related("instrument", "characteristic").order_by("-judged_at", "-pk")


def worst_of(studies: Iterable[Study]) -> list[Fitness]:
    """Return for each pair of instrument and characteristic the worst of its last studies.

    `studies` come newest first; of each kind only the last one counts.
    """
    last: dict[tuple[int, int], dict[str, Fitness]] = {}
    for study in studies:
        if study.instrument_id is None or study.characteristic_id is None:
            continue
        pair = last.setdefault((study.instrument_id, study.characteristic_id), {})
        pair.setdefault(_FAMILIES.get(study.method, study.method), Fitness(study))
    found = [max(kinds.values(), key=lambda one: _WORSE.index(one.kind)) for kinds in last.values()]
    return sorted(found, key=lambda one: str(one.study.instrument))


def fitness_of(instrument: Instrument, characteristic: Characteristic) -> Fitness | None:
    """Return the worst that the last study of each kind says; None where there was none."""
    return next(iter(worst_of(judged_studies([instrument], characteristic))), None)


def fitness_for(characteristic: Characteristic) -> list[Fitness]:
    """Return the fitness of every instrument that was studied for a characteristic."""
    return worst_of(judged_studies(characteristic=characteristic))


def refusal_of(instrument: Instrument, characteristic: Characteristic) -> str:
    """Return why an instrument must not be chosen for a special characteristic; "" if it may."""
    fitness = fitness_of(instrument, characteristic)
    if fitness is None or not fitness.is_refused or not characteristic.is_special:
        return ""
    message = _(
        "%(instrument)s is not fit for the special characteristic %(characteristic)s by "
        "%(study)s; choose another one, or let the quality manager permit it there."
    )
    return message % {
        "instrument": instrument.code, "characteristic": characteristic.code,
        "study": fitness.study.number,
    }  # fmt: skip
