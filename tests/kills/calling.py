"""A client that sends the same until it is answered: operations with a key, forms with a token."""

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode

_LONGEST = 120.0
_VERSION = re.compile(r'name="version" value="(\d+)"')
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Refused(Exception):
    """The server answered neither that it is done nor that it cannot be done now."""


@dataclass(slots=True)
class Tally:
    """What one client was told."""

    acknowledged: int = 0
    replayed: int = 0
    """Answers that had been given before, to somebody who never heard them."""
    cut_off: int = 0
    away: int = 0
    words: set[str] = field(default_factory=set)
    """What was told while nothing could be stored."""
    without_retry: int = 0
    slow: list[str] = field(default_factory=list)
    """What was not answered in half a minute, by a server that lived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        """Return the body as plain values."""
        return json.loads(self.text)


class Caller:
    """Calls one server; an answer that does not come is asked for again."""

    def __init__(self, port: int, facts: dict[str, str]) -> None:
        self.port, self.token = port, facts["token"]
        self.username, self.password = facts["username"], facts["password"]
        self.tally = Tally()
        self.gives_up = False
        self.cookies: dict[str, str] = {}
        self.called: list[tuple[str, str]] = []
        """Method and path of what was acknowledged."""

    def once(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a request once."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            told = connection.getresponse()
            answer = Answer(told.status, dict(told.getheaders()), told.read().decode())
            self._keep_cookies(told)
            return answer
        finally:
            connection.close()

    def until_answered(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send until there is an answer other than that it cannot be done now."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until and not self.gives_up:
            try:
                answer = self.once(method, path, body, headers)
            except (OSError, HTTPException) as error:
                # Nobody there is no attempt; an answer that never came is one.
                self.tally.cut_off += not isinstance(error, ConnectionRefusedError)
                if isinstance(error, TimeoutError):
                    self.tally.slow.append(f"{method} {path}")
            else:
                if answer.status != 503:
                    return answer
                self._note_away(answer)
            time.sleep(0.03)
        message = f"{method} {path} was not answered in {_LONGEST:.0f} seconds"
        raise Refused(message)

    def operation(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """Send an operation under a key of its own and return what it answers."""
        headers = {
            "Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json",
            **({"Idempotency-Key": uuid.uuid4().hex} if method != "GET" else {}),
        }  # fmt: skip
        sent = json.dumps(body if body is not None else {}).encode() if method != "GET" else b""
        answer = self.until_answered(method, f"/api/v1{path}", sent, headers)
        self._note(answer, (200, 201), f"{method} {path} {sent[:300]!r}")
        self.called.append((method, f"/api/v1{path}"))
        return answer.json()

    def upload(self, path: str, name: str, content: bytes) -> None:
        """Attach a file by the interface, under a key of its own."""
        body, kind = _multipart({}, {"file": (name, content)})
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": kind,
            "Idempotency-Key": uuid.uuid4().hex,
        }  # fmt: skip
        answer = self.until_answered("POST", f"/api/v1{path}", body, headers)
        self._note(answer, (201,), f"POST {path} {name}")
        self.called.append(("POST", f"/api/v1{path}"))

    def form(
        self,
        page: str,
        typed: dict[str, str],
        *,
        to: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
        wanted: tuple[int, ...] = (302,),
    ) -> Answer:
        """Fill in the form of a page and send it until it is taken."""
        shown = self.until_answered("GET", page, headers=self.cookie())
        found = _TOKEN.search(shown.text)
        if not found:
            message = f"{page} shows no form: {shown.status} {shown.headers.get('Location')}"
            raise Refused(message)
        read = _VERSION.search(shown.text)
        told = {"csrfmiddlewaretoken": found[1], **({"version": read[1]} if read else {}), **typed}
        body, kind = _multipart(told, files) if files else _plain(told)
        headers = {"Content-Type": kind, **self.cookie()}
        answer = self.until_answered("POST", to or page, body, headers)
        self._note(answer, wanted, f"POST {to or page} {typed}")
        self.called.append(("POST", to or page))
        return answer

    def sign_in(self) -> None:
        """Sign in at the door, with the password."""
        self.form("/login/", {"username": self.username, "password": self.password})

    def cookie(self) -> dict[str, str]:
        """Return the header by which a browser says who it is."""
        return {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}

    def _keep_cookies(self, told: HTTPResponse) -> None:
        for line in told.headers.get_all("Set-Cookie") or ():
            name, _sign, text = line.partition(";")[0].partition("=")
            self.cookies[name] = text

    def _note(self, answer: Answer, wanted: tuple[int, ...], about: str) -> None:
        if answer.status not in wanted:
            text = re.sub(r"<[^>]*>|\s+", " ", answer.text)
            message = f"{about}: {answer.status} {text[-600:]}"
            raise Refused(message)
        self.tally.acknowledged += 1
        self.tally.replayed += answer.headers.get("Idempotency-Replayed") == "true"

    def _note_away(self, answer: Answer) -> None:
        self.tally.away += 1
        self.tally.without_retry += "Retry-After" not in answer.headers
        is_problem = "problem+json" in answer.headers.get("Content-Type", "")
        found = _HEADING.search(answer.text)
        self.tally.words.add(answer.json()["title"] if is_problem else found[1] if found else "")


def _plain(typed: dict[str, str]) -> tuple[bytes, str]:
    return urlencode(typed).encode(), "application/x-www-form-urlencoded"


def _multipart(typed: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    border = f"border-{uuid.uuid4().hex}"
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in typed.items()
    ]
    parts += [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        "Content-Type: text/plain\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, (called, content) in files.items()
    ]
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
