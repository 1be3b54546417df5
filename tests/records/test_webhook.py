"""The sender reaches public addresses only, at the address that was checked, and follows nobody."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from andon.records.trail.webhook import NotSent, post

pytestmark = pytest.mark.once


class Heard(BaseHTTPRequestHandler):
    """Answers as the path says, and remembers what came."""

    came: list[tuple[str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((f"{self.headers['Host']}{self.path}", body))
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/inside")
        self.end_headers()

    def log_message(self, *_told: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Heard)
    Heard.came = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]",
     "127.1", "[::ffff:7f00:1]"],
)  # fmt: skip
def test_no_way_of_writing_loopback_is_reached(listener: int, host: str) -> None:
    with pytest.raises(NotSent):
        post(f"http://{host}:{listener}/", {})
    assert Heard.came == []


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "fe80::1%eth0",
     "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1", "0.0.0.0", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(NotSent, match="not a public address"):
        post("http://hooks.example.org/", {}, lookup=lambda _host, _port: [address])


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    both = ["10.0.0.1", "2001:4860:4860::8888"]
    with pytest.raises(NotSent, match="not a public address"):
        post("http://hooks.example.org/", {}, lookup=lambda _host, _port: both)


def test_the_name_is_looked_up_once_and_only_the_checked_address_is_called(listener: int) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    url = f"http://hooks.example.org:{listener}/x?y=1"
    trusted = ["hooks.example.org"]
    assert post(url, {"root": "é"}, trusted=trusted, lookup=lambda _h, _p: next(answers)) == 200
    assert next(answers) == ["10.0.0.1"]
    assert Heard.came[0][0] == f"hooks.example.org:{listener}/x?y=1"


def test_a_named_host_may_be_private_and_no_redirect_is_followed(listener: int) -> None:
    assert post(f"http://127.0.0.1:{listener}/", {"n": 1}, trusted=["127.0.0.1"]) == 200
    with pytest.raises(NotSent, match="answered 302"):
        post(f"http://127.0.0.1:{listener}/away", {}, trusted=["127.0.0.1"])
    assert [place.partition("/")[2] for place, _body in Heard.came] == ["", "away"]


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/passwd", "http://", "http://a@b/", "http://h:x/", ""]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(NotSent):
        post(url, {})
