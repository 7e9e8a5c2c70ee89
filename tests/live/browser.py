"""The machine's own Chromium, driven headless, and somebody who uses the admin UI in it."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = os.environ.get("OROUTER_TEST_CHROMIUM") or shutil.which("chromium")
BUILT = Path(__file__).parents[2] / "orouter/admin_static/index.html"
PASSWORD = "correct horse battery staple"
DESK = {"width": 1440, "height": 900}
QUIET = (  # without these Chromium looks for servers of its own at every start
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOT_SIGNED_IN = re.compile("401")
"""Chromium tells every answer that is no success; a login page asks and is told 401."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


class Person:
    """Somebody in a browser of their own: no cookie is shared with anybody else."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        wanted = {"viewport": DESK, "locale": "en-US", "reduced_motion": "reduce", **options}
        self.context = browser.new_context(base_url=url, **wanted)
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not NOT_SIGNED_IN.search(message.text):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def follow(self, link: str) -> None:
        """Use a one-time link: choose a password, and be signed in."""
        self.page.goto(link)
        fields = self.page.locator("input[type=password]")
        fields.first.wait_for()
        for field in fields.all():
            field.fill(PASSWORD)
        self.page.locator("button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/admin/(?!setup)"))

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in at the login page."""
        self.page.goto("/admin/login")
        self.page.get_by_label("Email").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.page.locator("button[type=submit]").click()

    def visit(self, path: str) -> None:
        """Open a page and wait until it has stopped asking."""
        self.page.goto(f"/admin/{path}")
        self.page.wait_for_load_state("networkidle")

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """A button by the words on it."""
        return (within or self.page).get_by_role("button", name=name, exact=True)

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator(".o-modal").last
