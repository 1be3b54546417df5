"""A cause is a statement until evidence decides; the diagram shows what was ruled out too."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from andon.analyze.causes import services
from andon.analyze.causes.models import Cause
from andon.analyze.causes.queries import ishikawa, legs_of, root_causes
from andon.identify.nonconformities.models import Nonconformity
from andon.records.errors import Refused, Stale
from andon.records.models import Entry, Record
from andon.records.services import create


@pytest.fixture
def record(db: Any, noon: Any, engineer: Any) -> Nonconformity:
    """Any record: causes belong to what has to be explained."""
    return create(Nonconformity(title="Plunger diameter drifts"), actor=engineer)


def proposed(record: Record, engineer: Any, kind: str = "occurrence") -> Cause:
    """Propose a cause."""
    return services.propose_cause(
        record, kind=kind, category="machine", statement="Insert worn", actor=engineer
    )


def supported(cause: Cause, engineer: Any) -> Cause:
    """Support a cause by an on/off test."""
    return services.support_cause(
        cause, evidence_kind="on/off test", evidence="New insert: back to target", actor=engineer
    )


def test_a_cause_is_open_until_evidence_supports_it(record: Any, engineer: Any) -> None:
    cause = proposed(record, engineer)
    assert list(root_causes(record)) == []
    with pytest.raises(Refused, match="filled in"):
        services.support_cause(cause, evidence_kind="data split", evidence=" ", actor=engineer)
    with pytest.raises(Refused, match="on/off test"):
        services.support_cause(cause, evidence_kind="opinion", evidence="sure", actor=engineer)
    supported(cause, engineer)
    assert list(root_causes(record)) == [cause]


def test_the_database_takes_no_verified_cause_without_evidence(record: Any, engineer: Any) -> None:
    cause = proposed(record, engineer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cause.objects.filter(pk=cause.pk).update(status="supported")


def test_the_last_why_is_the_root_and_each_why_needs_evidence(record: Any, engineer: Any) -> None:
    cause = proposed(record, engineer)
    services.add_why(cause, answer="Life counter set to 900", evidence="Screen", actor=engineer)
    step = services.add_why(cause, answer="No set-up sheet", actor=engineer)
    assert cause.root == "No set-up sheet"
    with pytest.raises(Refused, match="No set-up sheet"):
        supported(cause, engineer)
    services.give_evidence(step, evidence="Folder is empty", actor=engineer)
    assert supported(cause, engineer).status == "supported"
    with pytest.raises(Refused, match="decided"):
        services.add_why(cause, answer="More", actor=engineer)


def test_the_legs_ask_why_made_why_not_detected_and_why_allowed(record: Any, engineer: Any) -> None:
    supported(proposed(record, engineer), engineer)
    proposed(record, engineer, kind="non-detection")
    assert [(leg.kind, leg.is_answered) for leg in legs_of(record)] == [
        ("occurrence", True), ("non-detection", False), ("systemic", False),
    ]  # fmt: skip


def test_drivers_become_branches_and_innocent_ones_are_refuted(record: Any, engineer: Any) -> None:
    drivers = [
        services.DriverFact(factor="instrument", level="MIC-07", effect=0.82),
        services.DriverFact(factor="machine", effect=0.003, is_innocent=True),
        services.DriverFact(factor="coolant", level="B", measure="rate ratio", effect=5.2),
    ]
    assert len(services.feed_drivers(record, drivers=drivers, actor=engineer)) == 3
    assert services.feed_drivers(record, drivers=drivers, actor=engineer) == []
    told = {
        bone.category: [(branch.statement, branch.status) for branch in bone.branches]
        for bone in ishikawa(record)
    }
    assert told["measurement"] == [("instrument MIC-07", "open")]
    assert told["machine"] == [("machine", "refuted")]
    assert told["method"] == [("coolant B", "open")]
    assert told["man"] == []


def test_causes_stand_in_the_chain_of_their_record(record: Any, engineer: Any) -> None:
    services.add_why(proposed(record, engineer), answer="Worn", actor=engineer)
    tables = Entry.objects.filter(chain=f"record:{record.pk}").values_list("table", flat=True)
    assert {"causes_cause", "causes_whystep"} <= set(tables)


def test_causes_of_an_earlier_cycle_are_frozen(record: Any, engineer: Any) -> None:
    cause = proposed(record, engineer)
    Record.objects.filter(pk=record.pk).update(cycle=2)
    cause = Cause.objects.get(pk=cause.pk)
    with pytest.raises(Refused, match="earlier cycle"):
        supported(cause, engineer)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Cause.objects.filter(pk=cause.pk).update(statement="Other")


def test_two_people_do_not_overwrite_each_other(record: Any, engineer: Any) -> None:
    proposed(record, engineer)
    with pytest.raises(Stale):
        services.propose_cause(
            record, kind="systemic", category="method", statement="x", actor=engineer,
            version=record.version,
        )  # fmt: skip


def test_an_auditor_reads_but_does_not_argue(record: Any, account_with: Any) -> None:
    from andon.records.errors import Forbidden

    with pytest.raises(Forbidden):
        proposed(record, account_with("AUD"))
