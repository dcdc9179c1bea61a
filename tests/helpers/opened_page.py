"""A page in a real browser that keeps what must not have happened on it: errors, dialogs, requests it may not make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, Route, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# A browser that asks no server of its maker for anything.
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def started_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_QUIET])
        yield browser
        browser.close()


class OpenedPage:
    """The page at an address, with the problems seen on it. ``may_ask`` says which requests are none.

    ``seconds`` is how long anything may take.
    """

    def __init__(
        self, browser: Browser, address: str, may_ask: Callable[[Request], bool], *, seconds: int = 30, **how: Any
    ) -> None:
        self.page: Page = browser.new_page(**{"viewport": {"width": 1100, "height": 800}} | how)
        self.page.set_default_timeout(1000 * seconds)
        self.problems: list[str] = []
        self._may_ask = may_ask
        self.page.route("**/*", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("dialog", self._on_dialog)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(address)

    def names(self) -> list[str]:
        """Return the names of the awards that the list shows."""
        return self.page.locator(".awards > tbody > tr > th .open").all_inner_texts()

    def _on_request(self, route: Route) -> None:
        if self._may_ask(route.request):
            route.continue_()
        else:
            self.problems.append(f"request to {route.request.url}")
            route.abort()

    def _on_console(self, message: ConsoleMessage) -> None:
        self.problems.append(f"console {message.type}: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog {dialog.message}")
        dialog.dismiss()
