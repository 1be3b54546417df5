"""Every page and form of the demo factory with values that nobody should send: never a 500.

Each role walks from the start page over every kind of address, asks each with odd queries, and
sends every form it meets with a mixture of what the form proposes and of hostile values.

    python benchmarks/fuzz_pages.py        # about four minutes
    python benchmarks/fuzz_pages.py 7      # another mixture
"""

import logging
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

ROLES = ("manager", "engineer", "administrator", "process-engineer", "metrologist", "operator")
HOSTILE = (
    "", "x" * 5000, "\x00", "-1", "0", "1e308", "9" * 20, "NaN", "٣", "<script>alert(1)</script>",
    "2025-02-29", "0001-01-01", "9999-12-31", "=1+1", "\u202e", "💩", "null", "[]", "{}", "true",
    "0,74", " ", "\n", "'", "%s", "../../etc/passwd",
)  # fmt: skip
ASKED = (
    "page", "sort", "show", "since", "until", "q", "state", "machine", "view", "width", "again",
    "lot", "factor", "by", "process", "format", "record", "characteristic", "instrument", "filter",
)  # fmt: skip
USUAL = ("1", "Burr", "2025-06-01", "0.74", "Kanban")
AWAY = ("/static", "//", "/logout")
EACH_SHAPE, EACH_FORM = 2, 14


@dataclass
class Form:
    """A form of a page: where it goes, how, and what it proposes."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, one of its fields, or a link."""
        told = {name: value or "" for name, value in attrs}
        self.links += [told[name] for name in ("href", "hx-get", "data-url") if name in told]
        if tag == "form":
            self.form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is None or told.get("type") == "file":
            return
        elif tag in ("input", "textarea", "select", "button") and told.get("name"):
            self.select = told["name"] if tag == "select" else ""
            self.form.fields.setdefault(told["name"], told.get("value", ""))
        elif tag == "option" and self.select and not self.form.fields[self.select]:
            self.form.fields[self.select] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self.form = None


def shape(address: str) -> str:
    """Return an address without the numbers and codes in it."""
    return re.sub(r"\d+", "N", re.sub(r"[A-Z]{2,}[A-Z0-9/_-]*", "C", urlsplit(address).path))


def filled(form: Form, chance: random.Random, turn: int) -> dict[str, str]:
    """Return what is sent: proposals first, then ever other mixtures."""
    return {
        name: chance.choice(HOSTILE)
        if turn and chance.random() < 0.5
        else value or chance.choice(USUAL)
        for name, value in form.fields.items()
        if name != "csrfmiddlewaretoken"
    }


def pages(browser: Any) -> Iterator[tuple[str, Forms]]:
    """Yield every kind of page that a role reaches from the start, with its forms."""
    queue, seen, shapes = deque(["/"]), set[str](), Counter[str]()
    while queue:
        address = queue.popleft()
        shapes[shape(address)] += address not in seen
        if address in seen or shapes[shape(address)] > EACH_SHAPE:
            continue
        seen.add(address)
        answer = browser.get(address)
        if answer.has_header("Location"):
            queue.append(urljoin(address, answer["Location"]))
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        found = Forms()
        found.feed(answer.content.decode())
        yield address, found
        places = (urljoin(address, link.split("#")[0]) for link in found.links)
        queue += [place for place in places if place.startswith("/") and not place.startswith(AWAY)]


def sent(browser: Any, chance: random.Random, done: set[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield method, address with values, and the answer of everything that one role tries."""
    for address, found in pages(browser):
        if ("ask", shape(address)) not in done:
            done.add(("ask", shape(address)))
            for name in ASKED:
                asked = {name: chance.choice(HOSTILE)}
                yield "get", (address, asked), browser.get(urlsplit(address).path, asked)
        for form in found.forms:
            place = urljoin(address, form.action or urlsplit(address).path)
            key = (shape(place), form.method, tuple(form.fields))
            if key in done or place.startswith(AWAY):
                continue
            done.add(key)
            send = browser.post if form.method == "post" else browser.get
            for turn in range(EACH_FORM):
                values = filled(form, chance, turn)
                yield form.method, (place, values), send(place, values)


def fuzzed(seed: int) -> tuple[Counter[int], list[str]]:
    """Return how often each status came, and what was answered by a failure of our own."""
    from django.test import Client

    from andon.records.models import Account

    chance, statuses, wrong = random.Random(seed), Counter[int](), list[str]()
    asked = set[Any]()
    for role in ROLES:
        browser = Client(raise_request_exception=False)
        browser.force_login(Account.objects.get(username=role))
        for method, what, answer in sent(browser, chance, asked):
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                wrong.append(f"{role} {method} {what}: {answer.status_code}")
            answer.close()
        asked = {one for one in asked if one[0] == "ask"}
    return statuses, wrong


def main() -> int:
    """Say what was sent and what failed; return 1 when something did."""
    seed = int(sys.argv[1]) if sys.argv[1:] else 20250101
    with tempfile.TemporaryDirectory() as folder:
        andon = Path(sys.executable).parent / "andon"
        made = [andon, "demo", "--data", folder, "--no-serve"]
        subprocess.run(made, check=True, capture_output=True)
        os.environ |= {
            "ANDON_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "andon.settings",
            "ANDON_ALLOWED_HOSTS": "testserver",
        }  # fmt: skip
        import django

        django.setup()
        logging.disable(logging.CRITICAL)  # every refusal is counted below
        statuses, wrong = fuzzed(seed)
    for line in wrong:
        print(line[:300])
    print(dict(sorted(statuses.items())))
    print(f"{statuses.total():,} requests, {len(wrong)} answered by a failure of our own")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
