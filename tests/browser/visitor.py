"""Somebody before a browser: signs in, follows links, fills in forms by what the page offers."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from small_factory import PASSWORD

FORM = "form:has(.form-actions button.button--primary)"
REFUSED = ".field-error, main .banner--problem[role=alert]"


class Visitor:
    """One person after the other at the same screen; nothing is done but through pages."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin, self.username = page, origin, ""

    def open(self, path: str) -> None:
        """Go to an address of the product."""
        answer = self.page.goto(f"{self.origin}{path}")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    def sign_in(self, name: str) -> None:
        """Let whoever sits there leave, and another person sign in."""
        leave = self.page.locator("details.account")
        if leave.count():
            leave.locator("summary").click()
            leave.get_by_role("button", name="Log out").click()
        else:
            self.open("/")
        self.username = name
        self.submit(username=name, password=PASSWORD)
        expect(self.page.locator("details.account")).to_contain_text(name)
        self.name = name

    def follow(self, name: str | re.Pattern[str], *, within: str = "main") -> None:
        """Click the first link of that name, which leads to another page."""
        links = self.page.locator(within).get_by_role("link", name=name)
        expect(links.first, f"no link {name!r}").to_be_visible()
        links.first.click()
        self.page.wait_for_load_state()

    def submit(self, **answers: Any) -> None:
        """Fill in the page's form, send it, and expect it to be taken."""
        self.send(**answers)
        refused = self.page.locator(REFUSED)
        assert not refused.count(), (self.page.url, refused.all_inner_texts())

    def send(self, **answers: Any) -> None:
        """Fill in the page's form by the names of its fields and send it."""
        form = self.page.locator(FORM).first
        for name, answer in answers.items():
            _fill(form.locator(f"[name='{name}']"), answer)
        with self.page.expect_navigation():
            form.locator("button.button--primary").click()

    def sign(self, step: str) -> None:
        """Follow a step that asks for a signature, and sign."""
        self.follow(step)
        form = self.page.locator(FORM).first
        form.locator("[name=meaning]").check()
        if form.locator("[name=username]").count():
            form.locator("[name=username]").fill(self.username)
        self.submit(password=PASSWORD)

    def submit_signed(self, *, password: str = PASSWORD, **answers: Any) -> None:
        """Fill in the page's form, say who signs and what it means, and expect it to be taken."""
        self.submit(**answers, **self.state(self.page.locator(FORM).first), password=password)

    def state(self, form: Locator) -> dict[str, str]:
        """Choose the signature's meaning, and return the user name where a form asks for it."""
        form.locator("[name='meaning']").first.check()
        return {"username": self.name} if form.locator("[name='username']").count() else {}

    def expect_chip(self, word: str) -> None:
        """Expect a word among the chips below the headline."""
        expect(self.page.locator(".page-header .chips")).to_contain_text(word)

    def heading(self) -> str:
        """Return the page's headline."""
        return self.page.locator("h1").inner_text()


def _fill(field: Locator, answer: Any) -> None:
    kind = field.first.evaluate("one => one.type")
    if kind.startswith("select"):
        field.select_option(answer)
    elif kind == "radio":
        field.and_(field.page.locator(f"[value='{answer}']")).check()
    elif kind == "checkbox":
        field.set_checked(bool(answer))
    else:
        field.fill(str(answer))
