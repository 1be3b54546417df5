"""ASVS 5.0: the table names tests that exist; and the tests that stand nowhere else."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import BadHeaderError, EmailMessage
from django.http import Http404
from django.test import Client

from andon.identify.nonconformities.models import Nonconformity
from andon.records import login_limit
from andon.records.accounts import create_token
from andon.records.models import Account, Entry, FailedLogin
from andon.records.rest.api import api
from andon.records.services import create
from records.sign_in.door import signed_in
from trust.matrix_cells import stated

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "andon"
TABLE = ROOT / "docs" / "reference" / "asvs.md"
ROW = re.compile(r"^\| ([\d.]+) \| ([12]) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
UNPROVEN = ("not there", "the installer's", "open", "in part")


def rows() -> list[tuple[str, ...]]:
    """Return the rows of the table."""
    return [found.groups() for found in ROW.finditer(TABLE.read_text())]


def trees() -> dict[Path, ast.Module]:
    """Return the product's own code, parsed."""
    files = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    return {path: ast.parse(path.read_text()) for path in files}


def scripts() -> list[Path]:
    """Return the product's own scripts."""
    return sorted((SOURCE / "web" / "static" / "web" / "js").glob("*.js"))


def test_every_test_that_the_table_names_exists() -> None:
    names: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        names |= set(re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE))
    told = {name for row in rows() for name in re.findall(r"`(test_\w+)`", row[3])}
    assert sorted(told - names) == []
    assert [row[0] for row in rows() if row[3] == "–" and not row[4].startswith(UNPROVEN)] == []


def test_level_1_is_complete_and_no_number_stands_twice() -> None:
    numbers = [row[0] for row in rows()]
    assert len(numbers) == len(set(numbers))
    assert sum(row[1] == "1" for row in rows()) == 61


def test_no_shell_and_no_evaluation_in_the_product() -> None:
    found = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                is_shell = any(
                    k.arg == "shell" and ast.unparse(k.value) != "False" for k in node.keywords
                )
                if name in ("eval", "exec", "os.system", "os.popen", "pickle.loads") or is_shell:
                    found.append((path.name, node.lineno, name))
    assert found == []


def test_no_regular_expression_is_built_from_what_people_type() -> None:
    found = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                pattern = node.args[0] if node.args else None
                if isinstance(pattern, ast.JoinedStr | ast.BinOp):
                    told = ast.unparse(pattern)
                    if "request" in told or "query" in told:
                        found.append((path.name, node.lineno, told))
    assert found == []


def test_no_weak_hash_is_used() -> None:
    weak = re.compile(r"hashlib\.(md5|sha1)\b|algorithms\.(DES|ARC4|TripleDES)|modes\.ECB")
    assert [path for path in trees() if weak.search(path.read_text())] == []


def test_no_script_writes_markup() -> None:
    found = []
    for path in scripts():
        text = path.read_text()
        if re.search(r"\beval\(|new Function|document\.write|outerHTML\s*=|postMessage", text):
            found.append(path.name)
    assert found == []
    assert len(scripts()) > 5


def test_a_line_break_in_a_subject_sends_nothing() -> None:
    mail = EmailMessage(
        "x\nBcc: other@example.invalid", "text", "a@example.invalid", ["b@x.invalid"]
    )
    with pytest.raises(BadHeaderError):
        mail.message()


def test_every_operation_documents_its_body() -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    bare = [
        (method, path)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in ("put", "patch") and "requestBody" not in told
    ]
    assert bare == []


def test_no_other_origin_is_let_in(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    for path in ("/api/v1/me", "/", "/api/v1/openapi.json"):
        for method in ("get", "options"):
            answer = getattr(browser, method)(path, headers={"origin": "https://evil.example"})
            assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_reading_changes_nothing(engineer: Any, data_folder: Path) -> None:
    record = create(Nonconformity(title="Burr"), actor=engineer)
    browser = Client(raise_request_exception=False)
    browser.force_login(engineer)
    before = Entry.objects.exclude(table="records_securityevent").count()
    for path in (
        "", "change/", "step/report/", "comments/", "files/", "links/", "assign/", "history/",
    ):  # fmt: skip
        browser.get(f"{record.get_absolute_url()}{path}")
        browser.head(f"{record.get_absolute_url()}{path}")
    for path in ("/profile/tokens/", "/profile/tokens/1/revoke/", "/nc/filters/", "/logout/"):
        assert browser.get(path).status_code in (404, 405), path
    assert Entry.objects.exclude(table="records_securityevent").count() == before
    assert browser.get("/profile/").status_code == 200


def test_every_answer_names_its_type_and_letters(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    for path in ("/", "/nc/", "/nc/?format=csv", "/no/such/", "/login/"):
        told = browser.get(path).headers["Content-Type"]
        assert re.match(r"text/(html|csv); charset=utf-8$", told), (path, told)
    assert browser.get("/api/v1/me").headers["Content-Type"].startswith("application/json")


def test_the_limits_of_uploads_are_documented() -> None:
    told = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for name in ("ANDON_MAX_ATTACHMENT_BYTES", "ANDON_MAX_BODY_BYTES"):
        assert f"`{name}`" in told


def test_sign_in_is_documented() -> None:
    told = (ROOT / "docs" / "how-to" / "sign-in.md").read_text()
    for number in (str(login_limit.MOST_FAILURES), "15 minutes"):
        assert number in told


def test_password_fields_hide_and_take_pasted_text(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    pages = [Client().get("/login/").text, browser.get("/profile/password/").text]
    fields = [field for page in pages for field in re.findall(r"<input[^>]*password[^>]*>", page)]
    assert len(fields) >= 4
    for field in fields:
        assert 'type="password"' in field
        assert "autocomplete=" in field
        assert "onpaste" not in field
    assert not re.search(r"secret question|maiden", " ".join(pages), re.IGNORECASE)


def test_no_account_comes_with_the_product(system: Any) -> None:
    assert list(Account.objects.values_list("username", flat=True)) == ["andon"]
    assert not system.has_usable_password()
    answer = Client().post("/login/", {"username": "andon", "password": ""})
    assert answer.status_code == 200


def test_keys_of_sessions_and_tokens_are_long(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    keys = {signed_in("engineer")[0].session.session_key for _ in range(5)}
    assert len(keys) == 5
    assert len(browser.session.session_key or "") >= 32
    assert len(create_token(engineer, name="x", actor=engineer)) >= 43


def test_a_caller_cannot_write_the_marks_of_the_kernel(engineer: Any) -> None:
    record = create(Nonconformity(title="Burr"), actor=engineer)
    headers = {"Authorization": f"Bearer {create_token(engineer, name='x', actor=engineer)}"}
    for name, value in {
        "state": "closed", "number": "NC-1-1", "version": 99, "created_by": "andon", "id": 1,
        "closed_at": "2025-01-01T00:00:00Z", "kind": "problem",
    }.items():  # fmt: skip
        body = json.dumps({"title": "Burr", name: value})
        answer = Client().post(
            "/api/v1/nc/", body, content_type="application/json", headers=headers
        )
        assert answer.status_code == 422, name
        browser = signed_in("engineer")[0]
        browser.post(
            f"{record.get_absolute_url()}change/", {"title": "x", "version": 1, name: value}
        )
    fresh = Nonconformity.objects.get(pk=record.pk)
    assert (fresh.state, fresh.number, fresh.created_by) == ("draft", record.number, engineer)


def test_nothing_beside_the_product_is_served(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    for path in (
        "/.git/config", "/.git/HEAD", "/static/../settings.py", "/static/", "/files/", "/.env",
        "/static/web/", "/andon.env", "/secret_key", "/static/%2e%2e/%2e%2e/secret_key",
    ):  # fmt: skip
        assert browser.get(path).status_code in (404, 405), path


def test_trace_is_refused(engineer: Any) -> None:
    for path in ("/", "/api/v1/me", "/login/"):
        answer = Client().generic("TRACE", path, headers={"x-secret": "kept"})
        assert answer.status_code in (302, 401, 403, 404, 405), path
        assert b"kept" not in answer.content


def test_no_secret_stands_in_an_address() -> None:
    words = ("password", "secret", "credential", "session_key")
    addresses = [address for _method, address in stated()]
    assert [
        one for one in addresses if any(word in one.replace("/password/", "") for word in words)
    ] == []


def test_signing_out_clears_the_browser(engineer: Any) -> None:
    browser = signed_in("engineer")[0]
    assert browser.post("/logout/").headers["Clear-Site-Data"] == '"cache"'


def test_an_account_is_told_by_its_name_only(engineer: Any) -> None:
    engineer.email = "kept@larkfield.example"
    engineer.save(update_fields=["email"])
    create(Nonconformity(title="Burr", owner=engineer), actor=engineer)
    headers = {"Authorization": f"Bearer {create_token(engineer, name='x', actor=engineer)}"}
    for path in ("/api/v1/nc/", "/api/v1/people", "/api/v1/me"):
        told = Client().get(path, headers=headers).content.decode()
        for word in ("kept@larkfield.example", "password", "last_login", "md5$", "argon2"):
            assert word not in told, (path, word)


def test_a_made_up_address_is_not_believed(engineer: Any) -> None:
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"):
        Client(REMOTE_ADDR="10.7.7.7").post(
            "/login/", {"username": "x", "password": "y"}, headers={name: "203.0.113.9"}
        )
    assert set(FailedLogin.objects.values_list("address", flat=True)) == {"10.7.7.7"}


def test_a_name_given_twice_is_not_read_from_elsewhere(engineer: Any) -> None:
    browser = Client()
    answer = browser.post("/login/?username=engineer&password=correct+horse+battery", {})
    assert answer.status_code == 200
    assert browser.get("/profile/").status_code == 302
    signed = signed_in("engineer")[0]
    signed.cookies["title"] = "from a cookie"
    assert signed.post("/nc/new/?title=from+the+address", {}).status_code == 422
    assert Nonconformity.objects.count() == 0


def test_an_error_tells_nothing_of_the_inside(
    engineer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andon.records import inbox

    def fail(*_arguments: Any) -> None:
        message = "SELECT secret FROM inside"
        raise RuntimeError(message)

    browser = Client(raise_request_exception=False)
    browser.force_login(engineer)
    monkeypatch.setattr(inbox, "_mine", fail)
    answer = browser.get("/inbox/")
    assert answer.status_code == 500
    for word in ("SELECT", "RuntimeError", "Traceback", "andon/records", "inbox.py"):
        assert word not in answer.text, word


def test_an_error_at_the_door_lets_nobody_in(
    engineer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_named: Any) -> None:
        raise Http404

    monkeypatch.setattr(login_limit, "is_limited", fail)
    browser = Client(raise_request_exception=False)
    browser.post("/login/", {"username": "engineer", "password": "correct horse battery"})
    assert browser.get("/profile/").status_code == 302
