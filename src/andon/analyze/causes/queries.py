"""Reads over causes: the legs of the five whys, the bones of the Ishikawa diagram, the roots."""

from dataclasses import dataclass

from django.db.models import QuerySet

from andon.analyze.causes.models import Cause
from andon.records.models import Record


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the three questions with its chains of answers."""

    kind: str
    label: str
    causes: tuple[Cause, ...]

    @property
    def is_answered(self) -> bool:
        """Tell whether evidence supports one of them."""
        return any(cause.status == Cause.Status.SUPPORTED for cause in self.causes)


@dataclass(frozen=True, slots=True)
class Bone:
    """One category of the Ishikawa diagram with its branches."""

    category: str
    label: str
    branches: tuple[Cause, ...]


def causes_of(record: Record, cycle: int | None = None) -> QuerySet[Cause]:
    """Return the causes argued about in a cycle; without one in the present cycle."""
    found = Cause.objects.filter(record_id=record.pk, cycle=cycle or record.cycle)
    return found.select_related("verified_by", "evidence_record", "evidence_file").prefetch_related(
        "why_steps"
    )


def root_causes(record: Record) -> QuerySet[Cause]:
    """Return the causes of the present cycle that evidence supports: those to act on."""
    return causes_of(record).filter(status=Cause.Status.SUPPORTED)


def legs_of(record: Record) -> list[Leg]:
    """Return the three legs: why made, why not detected, why the system allowed it."""
    causes = list(causes_of(record).exclude(status=Cause.Status.REFUTED))
    return [
        Leg(kind, str(label), tuple(cause for cause in causes if cause.kind == kind))
        for kind, label in Cause.Kind.choices
    ]


def ishikawa(record: Record) -> list[Bone]:
    """Return the six categories, each with its branches and their status, refuted ones too."""
    causes = list(causes_of(record))
    return [
        Bone(category, str(label), tuple(cause for cause in causes if cause.category == category))
        for category, label in Cause.Category.choices
    ]
