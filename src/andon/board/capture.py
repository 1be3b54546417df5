"""A station of the floor: what is measured at a machine, against what, and how a sample is told."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from andon.analyze.monitoring.freezing import baseline_of
from andon.analyze.monitoring.models import FrozenLimits, Stream
from andon.analyze.monitoring.queries import limits_on
from andon.control.instruments.models import Instrument
from andon.control.plans.models import PlanLine
from andon.control.plans.queries import line_for
from andon.identify.measurements.values import Unreadable, number
from andon.organization.processes.models import Machine
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.models import Account

Band = tuple[float, float]


@dataclass(frozen=True)
class Station:
    """One characteristic at one machine, with the requirement against which it is judged."""

    characteristic: Characteristic
    machine: Machine

    @cached_property
    def line(self) -> PlanLine | None:
        """The line of the control plan; None when no plan asks for this check."""
        return line_for(self.characteristic, self.machine)

    @cached_property
    def stream(self) -> Stream | None:
        """The stream of its values; None before the first one, and for counted defects."""
        return Stream.objects.filter(code=f"{self.characteristic.code}/{self.machine.code}").first()

    @cached_property
    def limits(self) -> FrozenLimits | None:
        """The frozen limits by which its means are judged."""
        return limits_on(self.stream) if self.stream else None

    @property
    def size(self) -> int:
        """How many values one sample has."""
        return (self.line.sample_size if self.line else None) or 1

    @property
    def band(self) -> Band | None:
        """The control limits of a sample's mean, on the characteristic's own scale."""
        if self.limits is None:
            return None
        return self._as_told(self.limits.lower), self._as_told(self.limits.upper)

    @property
    def usual(self) -> Band | None:
        """Between which bounds single values have lain: three standard deviations of one value.

        A mean of n varies by what is between samples and by a share 1/n of what is within them.
        """
        if self.limits is None:
            return None
        one = 3 * baseline_of(self.limits).sigma_for(1)
        return self._as_told(self.limits.mean - one), self._as_told(self.limits.mean + one)

    @property
    def band_text(self) -> str:
        """The control band for the browser, in full precision."""
        return _plain(self.band)

    @property
    def usual_text(self) -> str:
        """The usual bounds of single values for the browser, in full precision."""
        return _plain(self.usual)

    def instruments(self) -> list[Instrument]:
        """Return the instruments the plan names; without a plan all that are in use."""
        named = list(self.line.instruments.all()) if self.line else []
        return named or list(Instrument.objects.filter(status=Instrument.Status.IN_USE))

    def counted(self) -> list[Characteristic]:
        """Return the defect codes that are counted at the machine, this one first."""
        lines = PlanLine.objects.filter(
            plan__is_effective=True,
            characteristic__kind=Characteristic.Kind.ATTRIBUTE,
            characteristic__is_active=True,
            characteristic__process=self.machine.process_id,
        ).select_related("characteristic")
        others = {
            line.characteristic
            for line in lines
            if line.machine_id in (None, self.machine.pk)
            and line.characteristic != self.characteristic
        }
        return [self.characteristic, *sorted(others, key=lambda one: one.name)]

    def judged(self, text: str) -> tuple[str, str]:
        """Return how one value stands, as a status of the design system and in words."""
        try:
            value = number(text)
        except Unreadable:
            return "problem", _("not a number")
        if not self.characteristic.is_inside(value):
            return "problem", _("outside spec")
        if self.usual and not self.usual[0] <= value <= self.usual[1]:
            return "attention", _("unusual")
        return "ok", _("inside")

    def judged_mean(self, values: Sequence[float]) -> tuple[float, str, str] | None:
        """Return the sample's mean and how it stands in the control band; None without a band."""
        if self.band is None or not values:
            return None
        mean = self.mean_of(values)
        if self.band[0] <= mean <= self.band[1]:
            return mean, "ok", _("inside the control band")
        return mean, "attention", _("outside the control band")

    def mean_of(self, values: Sequence[float]) -> float:
        """Return the mean on the model's scale, told on the characteristic's own."""
        if self.characteristic.model != Characteristic.Model.LOG:
            return math.fsum(values) / len(values)
        return math.exp(math.fsum(math.log(value) for value in values) / len(values))

    def mean_level(self) -> float:
        """Return the mean of phase I on the characteristic's own scale; NaN without limits."""
        return self._as_told(self.limits.mean) if self.limits else math.nan

    def _as_told(self, level: float) -> float:
        return math.exp(level) if self.limits and self.limits.is_logarithmic else level


@dataclass(frozen=True, slots=True)
class Sample:
    """What a form sends: texts as typed, under a key that stays the same when it is sent again."""

    key: str
    measured_at: str
    lot: str
    instrument: str
    texts: tuple[str, ...]
    inspected: str = ""

    @classmethod
    def empty(cls, station: Station, *, lot: str, instrument: str) -> "Sample":
        """Return the sample of a form that is being opened."""
        count = len(station.counted()) if station.characteristic.is_counted else station.size
        return cls(str(uuid4()), clock.now().isoformat(), lot, instrument, ("",) * count)

    @classmethod
    def of(cls, told: Mapping[str, str], count: int) -> "Sample":
        """Return the sample that a form has sent."""
        return cls(
            key=_uuid(told.get("key", "")),
            measured_at=told.get("measured_at", "").strip(),
            lot=told.get("lot", "").strip(),
            instrument=told.get("instrument", "").strip(),
            texts=tuple(told.get(f"value-{place}", "") for place in range(1, count + 1)),
            inspected=told.get("inspected", ""),
        )

    def rows(self, station: Station, *, actor: Account) -> list[dict[str, str]]:
        """Return the records for the door: one for each value, or for each defect code."""
        shared = {
            "machine": station.machine.code, "lot": self.lot, "instrument": self.instrument,
            "operator": actor.username, "measured_at": self.measured_at,
        }  # fmt: skip
        if not station.characteristic.is_counted:
            own = {"characteristic": station.characteristic.code, **shared}
            return [{**own, "value": text} for text in self.texts]
        codes = [one.code for one in station.counted()]
        counts = zip(codes, self.texts, strict=True)
        return [
            {**shared, "characteristic": code, "value": text.strip() or "0",
             "inspected": self.inspected}
            for code, text in counts
        ]  # fmt: skip

    def numbers(self) -> list[float]:
        """Return the values of a sample that was stored."""
        return [number(text) for text in self.texts]


def submission_key(sample: Sample, *, actor: Account) -> str:
    """Return the key under which a form's sample is stored once, however often it is sent."""
    return f"form:{actor.pk}:{sample.key}"


def _plain(band: Band | None) -> str:
    return f"{band[0]!r} {band[1]!r}" if band else ""


def _uuid(text: str) -> str:
    """Return a form's key when it is one, else a new one."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())
