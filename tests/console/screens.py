"""A browser window of one person: Debian's Chromium, judged by axe-core at each state.

`SCANFLOW_SCREENS=docs/screens` keeps a picture of each state, of drawn pages only, for the documentation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from tests.console.kit import PATIENCE_S

from scanflow.console.board import Board
from scanflow.station.demo import demo_passphrase

CHROMIUM = "/usr/bin/chromium"
KIOSK = "--autoplay-policy=no-user-gesture-required"
"""As the documentation has the kiosk started: a page may sound before anybody touched it."""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SCREENS = os.environ.get("SCANFLOW_SCREENS", "")
MOST_TABS = 120
"""A person would have given up long before."""
expect.set_options(timeout=PATIENCE_S * 1000)


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Debian's Chromium, closed at the end; as the kiosk starts it where nothing else is said."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *(arguments or (KIOSK,))], timeout=PATIENCE_S * 1000
        )
        yield made
        made.close()


class Screen:
    """One browser window; every page it saw was judged by axe, and nothing foreign was asked for."""

    def __init__(self, browser: Browser, url: str, board: Board, *, script: bool = True) -> None:
        self.url, self.board = url, board
        context = browser.new_context(viewport={"width": 1600, "height": 900}, java_script_enabled=script)
        context.set_default_timeout(PATIENCE_S * 1000)
        self.page: Page = context.new_page()
        self.asked_for: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        self.page.goto(url)

    def sign_in(self, person: str) -> Screen:
        self.page.goto(f"{self.url}sign-in")
        return self.identify(person)

    def identify(self, person: str) -> Screen:
        """Type id and passphrase into the form that stands there."""
        expect(self.page.locator("input[name=person]")).to_be_focused()
        self.page.keyboard.type(person)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(demo_passphrase(person))
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".who b")).to_be_visible()
        return self

    def says(self, words: str) -> None:
        expect(self.page.locator("#state")).to_contain_text(words)

    def settled(self) -> None:
        """The page shows the present question, and takes keys for it again."""
        self.page.wait_for_function(
            "version => Number(document.body?.dataset.version) >= version", arg=self.board.live().version
        )
        self.page.wait_for_function("() => window.scanflowSettling && !window.scanflowSettling()")

    def key(self, key: str) -> None:
        self.settled()
        self.page.keyboard.press(key)

    def press(self, words: str, *, exact: bool = False) -> None:
        self.settled()
        self.page.get_by_role("button", name=words, exact=exact).click()

    def tab_to(self, wanted: Locator) -> None:
        """Go there by the Tab key alone, as somebody without a mouse does; what has the focus can be seen."""
        wanted.first.wait_for(state="visible")
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if wanted.first.evaluate("one => one === document.activeElement && one.matches(':focus-visible')"):
                return
        raise AssertionError(f"the Tab key never comes to {wanted}")

    def keep(self, name: str) -> None:
        """Judge what stands there, and keep a picture for the documentation when asked."""
        self.settled()
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        if SCREENS:
            image = cv2.imdecode(np.frombuffer(self.page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
            assert image is not None
            small = cv2.resize(image, (1200, 675), interpolation=cv2.INTER_AREA)
            target = Path(SCREENS)
            target.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(target / f"{name}.webp"), small, [cv2.IMWRITE_WEBP_QUALITY, 60])

    def close(self) -> None:
        self.page.context.close()
        assert self.faults == []
        assert [url for url in self.asked_for if not url.startswith(self.url)] == []
