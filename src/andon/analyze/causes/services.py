"""Propose causes, ask why, and decide by evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from andon.analyze.causes.models import Cause, WhyStep
from andon.records import clock
from andon.records.errors import Refused
from andon.records.models import Account, Attachment, Record
from andon.records.services import editing
from andon.records.trail.context import acting

DEPTH = 10
"""More whys than this lead away from what anybody can change."""
_CATEGORIES = {
    "machine": "machine", "tool": "machine", "cell": "machine", "line": "machine",
    "machine × shift": "machine",
    "lot": "material", "supplier": "material", "material": "material", "batch": "material",
    "operator": "man", "shift": "man", "crew": "man",
    "instrument": "measurement", "gauge": "measurement",
    "weekday": "environment", "temperature": "environment", "humidity": "environment",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverFact:
    """What the driver analysis says of one factor, as plain data."""

    factor: str
    level: str = ""
    measure: str = "eta squared"
    effect: float
    is_innocent: bool = False
    words: str = ""


def propose_cause(
    record: Record,
    *,
    kind: str,
    statement: str,
    category: str,
    actor: Account,
    driver: DriverFact | None = None,
    version: int | None = None,
) -> Cause:
    """State a possible cause; it is open until evidence decides."""
    _refuse_unknown("kind", kind, Cause.Kind.values)
    _refuse_unknown("category", category, Cause.Category.values)
    _refuse_empty("statement", statement)
    with editing(record, actor=actor, permission="causes.propose", version=version) as fresh:
        return Cause.objects.create(
            record_id=fresh.pk, cycle=fresh.cycle, kind=kind, category=category,
            statement=statement.strip(), proposed_by=actor, proposed_at=clock.now(),
            factor=driver.factor if driver else "", level=driver.level if driver else "",
            measure=driver.measure if driver else "", effect=driver.effect if driver else None,
        )  # fmt: skip


def add_why(
    cause: Cause, *, answer: str, actor: Account, evidence: str = "", version: int | None = None
) -> WhyStep:
    """Ask why once more and answer; the last answer is the root."""
    _refuse_empty("answer", answer)
    with editing(cause.record, actor=actor, permission="causes.propose", version=version) as fresh:
        steps = cause.why_steps.count()
        _refuse_decided(cause, fresh)
        if steps >= DEPTH:
            raise Refused.because(_("Ten whys are enough; decide what to act on."), "answer")
        return WhyStep.objects.create(
            record_id=cause.record_id, cause=cause, position=steps + 1,
            answer=answer.strip(), evidence=evidence.strip(),
        )  # fmt: skip


def support_cause(
    cause: Cause,
    *,
    evidence_kind: str,
    evidence: str,
    actor: Account,
    evidence_record: Record | None = None,
    evidence_file: Attachment | None = None,
    version: int | None = None,
) -> Cause:
    """Decide that evidence supports a cause; each why below it must have its own."""
    _refuse_unknown("evidence_kind", evidence_kind, Cause.EvidenceKind.values)
    bare = cause.why_steps.filter(evidence="").first()
    if bare is not None:
        message = _("Give the evidence of “%(answer)s” first.") % {"answer": bare.answer}
        raise Refused.because(message, "evidence")
    return _decide(
        cause,
        Cause(
            status=Cause.Status.SUPPORTED, evidence=evidence, evidence_kind=evidence_kind,
            evidence_record=evidence_record, evidence_file=evidence_file,
        ),
        actor, version,
    )  # fmt: skip


def refute_cause(
    cause: Cause,
    *,
    evidence: str,
    actor: Account,
    evidence_kind: str = "",
    version: int | None = None,
) -> Cause:
    """Decide that evidence speaks against a cause; it stays visible as innocent."""
    decided = Cause(status=Cause.Status.REFUTED, evidence=evidence, evidence_kind=evidence_kind)
    return _decide(cause, decided, actor, version)


def give_evidence(
    step: WhyStep, *, evidence: str, actor: Account, version: int | None = None
) -> WhyStep:
    """Give the evidence of one why."""
    _refuse_empty("evidence", evidence)
    with editing(
        step.cause.record, actor=actor, permission="causes.propose", version=version
    ) as fresh:
        _refuse_decided(step.cause, fresh)
        step.evidence = evidence.strip()
        step.save(update_fields=["evidence"])
    return step


def feed_drivers(
    record: Record, *, drivers: Iterable[DriverFact], actor: Account, kind: str = "occurrence"
) -> list[Cause]:
    """Put the ranked factors on the diagram: suspects open, innocent ones refuted by the data.

    A factor that is on the diagram already is left as people left it. The record itself is not
    changed: this may happen within one of its steps.
    """
    present = Cause.objects.filter(record_id=record.pk, cycle=record.cycle)
    with acting(actor):
        known = set(present.values_list("factor", flat=True))
        new = [driver for driver in drivers if driver.factor not in known]
        return [_feed(record, driver, actor, kind) for driver in new]


def _feed(record: Record, driver: DriverFact, actor: Account, kind: str) -> Cause:
    now = clock.now()
    fed = Cause(
        record_id=record.pk, cycle=record.cycle, kind=kind,
        category=_CATEGORIES.get(driver.factor.lower(), Cause.Category.METHOD.value),
        statement=" ".join(filter(None, (driver.factor, driver.level)))[:500],
        factor=driver.factor[:100], level=driver.level[:200], measure=driver.measure,
        effect=driver.effect, proposed_by=actor, proposed_at=now,
    )  # fmt: skip
    if driver.is_innocent:
        fed.status, fed.evidence_kind = Cause.Status.REFUTED, Cause.EvidenceKind.DATA_SPLIT
        fed.evidence = driver.words or f"{driver.measure} {driver.effect:.3g}"
        fed.verified_by, fed.verified_at = actor, now
    fed.save()
    return fed


def _decide(cause: Cause, decided: Cause, actor: Account, version: int | None) -> Cause:
    _refuse_empty("evidence", decided.evidence)
    with editing(cause.record, actor=actor, permission="causes.verify", version=version) as fresh:
        _refuse_past(cause, fresh)
        cause.status, cause.evidence = decided.status, decided.evidence.strip()
        cause.evidence_kind = decided.evidence_kind
        cause.evidence_record, cause.evidence_file = decided.evidence_record, decided.evidence_file
        cause.verified_by, cause.verified_at = actor, clock.now()
        cause.save()
    return cause


def _refuse_past(cause: Cause, record: Record) -> None:
    if cause.cycle != record.cycle:
        raise Refused.because(_("A cause of an earlier cycle stays as it was."), "cause")


def _refuse_decided(cause: Cause, record: Record) -> None:
    _refuse_past(cause, record)
    if cause.status != Cause.Status.OPEN:
        raise Refused.because(_("This cause is decided; propose another one."), "cause")


def _refuse_unknown(field: str, value: str, known: list[str]) -> None:
    if value not in known:
        message = _("Name one of these: %(known)s.") % {"known": ", ".join(known)}
        raise Refused.because(message, field)


def _refuse_empty(field: str, text: str) -> None:
    if not text.strip():
        raise Refused.because(_("This must be filled in."), field)
