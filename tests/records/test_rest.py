"""The REST interface of every record type: exact, idempotent, and never a 500."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records.accounts import create_token, revoke_token
from andon.records.models import IdempotencyKey, Record
from andon.records.services import change
from small_factory import PASSWORD

NC = "/api/v1/nc/"
JSON = "application/json"


@pytest.fixture
def caller(engineer: Any) -> Client:
    """A script that calls with the quality engineer's token."""
    secret = create_token(engineer, name="script", actor=engineer)
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def post(caller: Client, body: Any, path: str = NC, **headers: str) -> Any:
    """Post a body, as JSON unless it is a text already."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return caller.post(path, text, content_type=JSON, headers=headers)


def is_problem(answer: Any, status: int) -> bool:
    """Tell whether an answer is a problem document of that status."""
    told = answer.json()
    return (
        answer.status_code == told["status"] == status
        and answer["Content-Type"] == "application/problem+json"
        and bool(told["title"])
    )


def test_a_record_is_created_read_changed_and_stepped(caller: Client) -> None:
    created = post(caller, {"title": "Burr", "defect": "burr"}).json()
    place = f"{NC}{created['number']}"
    read = caller.get(place)
    assert (read["ETag"], read.json()["title"], read.json()["state"]) == ('"1"', "Burr", "draft")
    changed = caller.patch(
        place, '{"location": "L3"}', content_type=JSON, headers={"if-match": '"1"'}
    )
    assert (changed["ETag"], changed.json()["location"]) == ('"2"', "L3")
    steps = {step["name"] for step in caller.get(f"{place}/steps").json()}
    early = post(caller, {"values": {"quantity_suspect": 12}}, f"{place}/steps/report")
    assert steps == {"report"}
    assert is_problem(early, 422)  # no lot is named yet
    actions = {line["action"] for line in caller.get(f"{place}/history").json()}
    assert actions == {"create", "change"}


def test_a_change_of_an_older_version_is_409_with_both(caller: Client, record: Any) -> None:
    place = f"{NC}{record.number}"
    for title in ("theirs", "mine"):
        answer = caller.patch(
            place, json.dumps({"title": title}), content_type=JSON, headers={"if-match": '"1"'}
        )
    assert is_problem(answer, 409)
    assert (answer.json()["mine"]["title"], answer.json()["theirs"]["title"]) == ("mine", "theirs")
    assert Record.objects.get(pk=record.pk).title == "theirs"


@pytest.mark.parametrize("tag", ["", "*", '"x"', '"99999999999"', "-1"])
def test_a_change_needs_the_etag_that_was_read(caller: Client, record: Any, tag: str) -> None:
    headers = {"if-match": tag} if tag else {}
    answer = caller.patch(
        f"{NC}{record.number}", '{"title": "x"}', content_type=JSON, headers=headers
    )
    assert is_problem(answer, 422)


def test_a_step_heeds_if_match(caller: Client, record: Any) -> None:
    body: dict[str, Any] = {"values": {}}
    answer = post(caller, body, f"{NC}{record.number}/steps/report", **{"if-match": '"7"'})
    assert is_problem(answer, 409)


DEEP = 20_000
BAD_BODIES = {
    "not json": (b"{", 400),
    "empty": (b"", 422),
    "not utf-8": (b'{"title": "\xff\xfe"}', 400),
    "NaN": ('{"title": "x", "quantity_suspect": NaN}', 400),
    "Infinity": ('{"title": "x", "quantity_suspect": -Infinity}', 400),
    "beyond float": ('{"title": "x", "quantity_suspect": 1e999}', 422),
    "long integer": ('{"title": "x", "quantity_suspect": ' + "9" * 5000 + "}", 400),
    "large integer": ('{"title": "x", "quantity_suspect": ' + "9" * 4000 + "}", 422),
    "deep": ('{"title": ' + "[" * DEEP + "]" * DEEP + "}", 400),
    "deep object": ('{"a":' * DEEP + "1" + "}" * DEEP, 400),
    "list": ("[1, 2]", 422),
    "text": ('"title"', 422),
    "null": ("null", 422),
    "wrong type": ('{"title": {"a": 1}}', 422),
    "number as title": ('{"title": 12}', 422),
    "NUL": ('{"title": "a\\u0000b"}', 400),
    "raw NUL": (b'{"title": "a\x00b"}', 400),
    "half a pair": ('{"title": "\\ud800"}', 400),
    "unknown field": ('{"title": "x", "colour": "red"}', 422),
    "own mark": ('{"title": "x", "state": "closed"}', 422),
    "own number": ('{"title": "x", "number": "NC-1"}', 422),
    "null title": ('{"title": null}', 422),
    "no title": ("{}", 422),
    "long title": (json.dumps({"title": "x" * 301}), 422),
    "unknown owner": ('{"title": "x", "owner": "nobody"}', 422),
    "owner as number": ('{"title": "x", "owner": 1}', 422),
    "odd date": ('{"title": "x", "due_at": "soon"}', 422),
    "first date": ('{"title": "x", "due_at": "0001-01-01T00:00:00+14:00"}', 422),
    "last date": ('{"title": "x", "due_at": "9999-12-31T23:59:59-12:00"}', 422),
    "huge date": ('{"title": "x", "due_at": 1e300}', 422),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_told_and_nothing_is_stored(caller: Client, name: str) -> None:
    body, status = BAD_BODIES[name]
    assert is_problem(post(caller, body), status)
    assert Record.objects.count() == 0


@pytest.mark.parametrize("path", ["", "NC-2025-0001", "NC-2025-0001/steps/report", "NC%00"])
@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
def test_any_method_anywhere_is_answered(caller: Client, path: str, method: str) -> None:
    answer = caller.generic(method.upper(), NC + path, "{}", content_type=JSON)
    assert answer.status_code in (404, 405, 422, 200)


@pytest.mark.parametrize(
    "query",
    ["cursor=x", "cursor=djE6LTE=", "cursor=%ff", "limit=0", "limit=501", "limit=x", "is_open=5",
     "state=%00", "owner=a%00"],
)  # fmt: skip
def test_a_bad_query_is_told(caller: Client, query: str) -> None:
    assert is_problem(caller.get(f"{NC}?{query}"), 422)


def test_pages_lose_and_repeat_nothing_while_records_come(
    caller: Client, report: Callable[..., Nonconformity]
) -> None:
    before = [report(f"no {place}").number for place in range(7)]
    seen, cursor = [], ""
    while True:
        page = caller.get(NC, {"limit": 3, "cursor": cursor}).json()
        seen += [item["number"] for item in page["items"]]
        report("came meanwhile")
        cursor = page["next"]
        if not cursor:
            break
    assert seen == before[::-1]


def test_a_repeated_request_gets_the_same_answer_once(caller: Client) -> None:
    answers = [post(caller, {"title": "x"}, **{"idempotency-key": "k1"}) for _ in range(3)]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert [a.get("Idempotency-Replayed") for a in answers] == [None, "true", "true"]
    assert Record.objects.count() == 1


def test_a_key_used_for_another_body_is_409(caller: Client, manager: Any) -> None:
    post(caller, {"title": "x"}, **{"idempotency-key": "k1"})
    assert is_problem(post(caller, {"title": "y"}, **{"idempotency-key": "k1"}), 409)
    secret = create_token(manager, name="script", actor=manager)
    other = Client(headers={"authorization": f"Bearer {secret}"})
    assert post(other, {"title": "y"}, **{"idempotency-key": "k1"}).status_code == 201


def test_a_refused_request_does_not_use_up_its_key(caller: Client) -> None:
    assert is_problem(post(caller, {"title": None}, **{"idempotency-key": "k1"}), 422)
    assert IdempotencyKey.objects.count() == 0
    assert post(caller, {"title": "x"}, **{"idempotency-key": "k1"}).status_code == 201


def test_a_signed_step_needs_the_right_password(record: Any, manager: Any) -> None:
    secret = create_token(manager, name="script", actor=manager)
    caller = Client(headers={"authorization": f"Bearer {secret}"})
    path = f"{NC}{record.number}/steps/cancel"
    meaning = "cancelled, lots released"
    answers = [
        post(caller, {"reason": "r", "signing": {"password": word, "meaning": meaning}}, path)
        for word in ("wrong", PASSWORD)
    ]
    assert is_problem(answers[0], 422)
    assert (answers[1].status_code, answers[1].json()["state"]) == (200, "cancelled")


def test_an_unknown_step_names_the_known_ones(caller: Client, record: Any) -> None:
    answer = post(caller, {}, f"{NC}{record.number}/steps/approve")
    assert is_problem(answer, 422)
    assert "report" in answer.json()["detail"]


def test_links_and_comments_are_added_and_refused(caller: Client, record: Any) -> None:
    links, comments = f"{NC}{record.number}/links", f"{NC}{record.number}/comments"
    assert is_problem(post(caller, {"target": "NC-1999-0001"}, links), 422)
    assert is_problem(post(caller, {"target": record.number}, links), 422)
    assert is_problem(post(caller, {"target": record.number, "kind": "eats"}, links), 422)
    assert is_problem(post(caller, {"text": " "}, comments), 422)
    assert post(caller, {"text": "seen 不合格"}, comments).status_code == 201


def test_a_token_ends_when_revoked_or_its_account_does(caller: Client, engineer: Any) -> None:
    assert caller.get("/api/v1/me").json()["username"] == "engineer"
    revoke_token(engineer, key=engineer.tokens.get().pk, actor=engineer)
    assert is_problem(caller.get("/api/v1/me"), 401)


def test_a_narrowed_token_may_do_no_more(engineer: Any, record: Any) -> None:
    scopes = ["nonconformity.view"]
    secret = create_token(engineer, name="display", actor=engineer, scopes=scopes)
    display = Client(headers={"authorization": f"Bearer {secret}"})
    assert display.get(f"{NC}{record.number}").status_code == 200
    assert is_problem(post(display, {"title": "x"}), 403)


def test_a_page_session_needs_the_csrf_token(engineer: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(engineer)
    assert post(browser, {"title": "x"}).status_code == 403


def test_a_signed_in_page_creates_too(desk: Client, engineer: Any) -> None:
    made = post(desk, {"title": "x"})
    assert (made.status_code, made.json()["created_by"]) == (201, engineer.username)


def test_the_document_describes_every_record_type(caller: Client) -> None:
    paths = caller.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/nc/", "/api/v1/nc/{number}", "/api/v1/nc/{number}/steps/{step}"} <= set(paths)


def test_the_etag_of_a_change_is_the_next_version(record: Any, engineer: Any) -> None:
    assert change(record, actor=engineer, values={"title": "x"}, version=1).version == 2
