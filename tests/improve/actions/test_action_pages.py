"""The pages of a corrective action and the proof of its effect."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from action_walk import (
    AFTER,
    BASELINE,
    Walk,
    write_counts,
    write_crimp,
    write_values,
)
from django.test import Client

from andon.analyze.causes.models import Cause
from andon.identify.nonconformities.services import narrow_down
from andon.improve.actions.guards import sources_of
from andon.improve.actions.models import ActionItem, CorrectiveAction
from andon.improve.actions.workflow import WORKFLOW
from andon.records import clock
from andon.records.registry import own_type
from small_factory import signed

STATES = [state.name for state in WORKFLOW.states]


@pytest.fixture
def desk(walk: Walk, client: Client) -> Client:
    """A browser in which the quality engineer is signed in."""
    client.force_login(walk.engineer)
    return client


def post(desk: Client, record: CorrectiveAction, path: str, **values: Any) -> Any:
    """Send a line's form as the page would."""
    version = CorrectiveAction.objects.get(pk=record.pk).version
    return desk.post(f"/ca/{record.number}/{path}/", {"version": version} | values)


def test_a_change_in_between_shows_both_versions_and_leads_to_the_record(
    walk: Walk, desk: Client
) -> None:
    record = walk.at("team")
    due = {"owner": walk.engineer.pk, "due_at": "2025-07-06T05:00"}
    answer = post(desk, record, "assign", **due, version=1)
    told = answer.content.decode()
    assert answer.status_code == 409
    assert ">due<" in told and "6 Jul 2025 05:00" in told
    assert f'href="/ca/{record.number}/"' in told


@pytest.mark.parametrize("state", STATES)
def test_the_pages_of_every_state_open(walk: Walk, desk: Client, state: str) -> None:
    record = walk.at(state)
    assert "Effectiveness plan" in desk.get(f"/ca/{record.number}/").content.decode()
    assert desk.get(f"/ca/{record.number}/effect/").status_code == 200


def test_the_proof_tells_the_verdict_in_words_with_its_numbers(walk: Walk, desk: Client) -> None:
    record = walk.effectiveness_review()
    desk.force_login(walk.manager)
    text = desk.get(f"/ca/{record.number}/effect/").content.decode()
    for told in (
        "Effective", "1.50 %", "0.25 %", "83 % lower", "77 % to 88 %", "0.168",
        "0.123 – 0.231", "17,841 parts were checked", "Sign and close",
        "No neighbouring measure was recorded", "same set-up, done",
    ):  # fmt: skip
        assert told in text
    answer = desk.post(
        f"/ca/{record.number}/step/close_effective/", signed(desk, "effectiveness confirmed")
    )
    assert answer.status_code == 302
    assert CorrectiveAction.objects.get(pk=record.pk).state == "closed"


def test_an_ineffective_action_offers_to_reopen_and_not_to_close(walk: Walk, desk: Client) -> None:
    write_crimp(effective=False)
    record = walk.checked(walk.monitoring())
    desk.force_login(walk.manager)
    text = desk.get(f"/ca/{record.number}/effect/").content.decode()
    assert "Not effective" in text
    assert "Reopen at root cause" in text
    assert "Sign and close" not in text


def test_the_proof_of_an_earlier_cycle_stays_readable(walk: Walk, desk: Client) -> None:
    write_crimp(effective=False)
    record = walk.sign(walk.checked(walk.monitoring()), "reopen_at_cause")
    desk.force_login(walk.manager)
    address = f"/ca/{record.number}/effect/"
    assert f"{address}?cycle=1" in desk.get(f"/ca/{record.number}/").content.decode()
    assert "Not effective" not in desk.get(address).content.decode()
    earlier = desk.get(address, {"cycle": "1"}).content.decode()
    assert "Not effective" in earlier
    assert "Reopen at root cause" not in earlier
    for other in ("0", "7", "x", "-1", "9" * 5000):
        assert desk.get(address, {"cycle": other}).status_code == 200


def test_each_aspect_of_the_problem_stands_once(walk: Walk, desk: Client) -> None:
    record = walk.at("monitoring")
    for source in (*sources_of(record), record):
        narrow_down(
            own_type(source), aspect="where", is_so=f"as {source.number} says", actor=walk.engineer
        )
    text = desk.get(f"/ca/{record.number}/").content.decode()
    assert "as NC-" not in text
    assert text.count(f"<td>as {record.number} says</td>") == 1


def test_the_check_is_offered_when_its_date_has_come(walk: Walk, desk: Client) -> None:
    write_crimp(effective=True)
    record = walk.monitoring()
    assert "Compute the effect" not in desk.get(f"/ca/{record.number}/effect/").content.decode()
    with clock.fixed(datetime(2025, 11, 14, 12, tzinfo=UTC)):
        desk.logout()
        desk.force_login(walk.engineer)  # months later the session has ended
        assert "Compute the effect" in desk.get(f"/ca/{record.number}/effect/").content.decode()
        assert desk.post(f"/ca/{record.number}/effect/check/").status_code == 302
    assert CorrectiveAction.objects.get(pk=record.pk).state == "effectiveness_review"
    assert desk.post(f"/ca/{record.number}/effect/check/").status_code == 422


def test_the_disciplines_by_pages(walk: Walk, desk: Client) -> None:
    source = walk.source()
    assert desk.post(f"/ca/on/{source.number}/").status_code == 302
    record = CorrectiveAction.objects.get()
    desk.post(f"/ca/{record.number}/step/start/", {"is_emergency": "false", "severity": "major"})
    post(desk, record, "lines/member", name="Process engineer", function="process expert")
    desk.post(f"/ca/{record.number}/step/form_team/", {"reason": ""})
    plan = {
        "metric": "rate", "characteristic": walk.cell.crimp.pk, "machines": ["A2"],
        "baseline_since": "2025-07-01", "baseline_until": "2025-09-12", "target": "0.5",
        "check_on": "2025-11-14", "minimum_n": "5000", "confidence": "0.95",
    }  # fmt: skip
    assert post(desk, record, "lines/plan", **plan).status_code == 302
    desk.post(f"/ca/{record.number}/step/state_problem/", {"problem_statement": "1.5 %"})
    desk.post(f"/ca/{record.number}/step/confirm_containment/", {
        "containment_action": "100 %", "containment_checked_on": "2025-09-12",
        "containment_checked": 500, "containment_escaped": 0,
    })  # fmt: skip
    argue(desk, record)
    desk.post(f"/ca/{record.number}/step/confirm_cause/", {"reason": ""})
    for cause in Cause.objects.all():
        item = {
            "cause": cause.pk, "text": "Fit a sensor", "strength": "engineer",
            "responsible": walk.engineer.pk, "due_on": "2025-09-20",
        }  # fmt: skip
        assert post(desk, record, "lines/item", **item).status_code == 302
    desk.force_login(walk.manager)
    approve = {"change_risk": "none"} | signed(desk, "actions and effectiveness plan approved")
    assert desk.post(f"/ca/{record.number}/step/approve_actions/", approve).status_code == 302
    finish(desk, record)
    assert CorrectiveAction.objects.get(pk=record.pk).state == "monitoring"


def argue(desk: Client, record: CorrectiveAction) -> None:
    """Propose both causes, ask why, and verify them."""
    for kind in ("occurrence", "non-detection"):
        told = {"kind": kind, "category": "man", "statement": f"Cause of {kind}"}
        data = {"version": CorrectiveAction.objects.get(pk=record.pk).version, **told}
        assert desk.post(f"/causes/of/{record.number}/new/", data).status_code == 302
        cause = Cause.objects.get(kind=kind)
        for name, values in (
            ("why", {"answer": "because", "evidence": "seen"}),
            ("verify", {"evidence_kind": "data split", "evidence": "5.2 times"}),
        ):
            data = {"version": CorrectiveAction.objects.get(pk=record.pk).version, **values}
            assert desk.post(f"/causes/{cause.pk}/{name}/", data).status_code == 302


def finish(desk: Client, record: CorrectiveAction) -> None:
    """Do the items, implement, answer every standard, and start monitoring."""
    for item in ActionItem.objects.all():
        post(desk, record, f"items/{item.pk}/done", evidence="seen")
    post(desk, record, "lines/implementation", implemented_on="2025-09-15", validation="30 good")
    desk.post(f"/ca/{record.number}/step/confirm_implementation/", {"reason": ""})
    for subject in ("FMEA", "control plan", "documents", "training", "supplier"):
        post(desk, record, "lines/update", subject_name=subject, answer="not touched by it")
    post(desk, record, "lines/read-across", place="A1", answer="same, done")
    desk.post(f"/ca/{record.number}/step/confirm_prevention/", {"reason": ""})


def test_the_diagram_shows_each_branch_with_its_status(walk: Walk, desk: Client) -> None:
    text = desk.get(f"/ca/{walk.actions().number}/").content.decode()
    assert "fishbone" in text
    assert "✓ Crew not qualified" in text


def test_pages_ask_for_their_permissions(walk: Walk, client: Client, account_with: Any) -> None:
    client.force_login(account_with("AUD"))
    record = walk.actions()
    assert client.get(f"/ca/{record.number}/effect/").status_code == 200
    assert client.post(f"/ca/{record.number}/effect/check/").status_code == 403
    assert client.get(f"/causes/of/{record.number}/new/").status_code == 403
    for name in ("member", "plan", "item", "training", "implementation", "update", "read-across"):
        assert client.get(f"/ca/{record.number}/lines/{name}/").status_code == 403
    assert client.get(f"/ca/{record.number}/lines/nothing/").status_code == 404


def test_a_wrong_plan_is_told_beside_its_field(walk: Walk, desk: Client) -> None:
    answer = post(desk, walk.problem(), "lines/plan", metric="rate",
                  characteristic=walk.cell.crimp.pk, baseline_since="2025-07-01",
                  baseline_until="2099-01-01", confidence="0.95")  # fmt: skip
    assert answer.status_code == 422
    assert "The baseline lies in the past." in answer.content.decode()


def test_a_rate_that_rose_is_told_as_such(walk: Walk, desk: Client) -> None:
    write_counts("CRIMP", date(2025, 7, 1), date(2025, 9, 12), defects=50, inspected=17_623)
    write_counts("CRIMP", date(2025, 9, 15), date(2025, 11, 14), defects=150, inspected=17_841)
    record = walk.checked(walk.monitoring())
    assert "196 % higher (115 % to 308 %)" in desk.get(f"/ca/{record.number}/").content.decode()


@pytest.mark.parametrize(
    ("metric", "target", "told"),
    [
        ("mean", 0.5, "The mean of Total length is"),
        ("capability", 1.33, "Ppk of Total length is"),
    ],
)
def test_means_and_capability_are_proven_in_words_too(
    walk: Walk, desk: Client, metric: str, target: float, told: str
) -> None:
    write_values("TL", *BASELINE, shift=0.0)
    write_values("TL", *AFTER, shift=0.1)
    walk.plan_values |= {
        "metric": metric, "characteristic": walk.cell.length, "target": target, "minimum_n": 20,
    }  # fmt: skip
    text = desk.get(f"/ca/{walk.checked(walk.monitoring()).number}/effect/").content.decode()
    assert told in text
    assert "Effective" in text
