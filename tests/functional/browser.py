"""A person at a browser: who they are, where they look, and what the browser complained of meanwhile."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, ViewportSize
from playwright.sync_api import Error as PlaywrightError

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=720)
# axe takes most of a look; `make prove` asks it at both widths
PROVE = bool(os.environ.get("PROVE"))
AXE_AT = (NARROW, WIDE) if PROVE else (NARROW,)
# What axe judges of a page but its words: elements in order, with all that gives them a role, a name or a colour; of rows
# that are built alike, one.
SKELETON = """() => {
  const told = ["class", "role", "type", "lang", "hidden", "open", "disabled", "checked", "scope", "tabindex"];
  const mark = (element) => element.tagName + "|" + told.map((name) => element.getAttribute(name) ?? "").join("|")
    + "|" + [...element.attributes].filter((each) => /^(aria-|for$|id$|name$|alt$|href$|title$)/.test(each.name))
      .map((each) => each.name + (each.value.trim() ? "" : "!")).sort().join(",")
    + "|" + ([...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) ? "t" : "");
  const built = (element) => {
    const parts = [...element.children].map(built);
    return mark(element) + "(" + parts.filter((part, n) => part !== parts[n - 1]).join(" ") + ")";
  };
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return built(document.documentElement) + (new Set(ids).size === ids.length);
}"""
_SEEN: set[tuple[str, str] | None] = set()
# The browser says it of every answer that is not a success; the tests ask for some of those on purpose.
_STATUS_WORDS = "Failed to load resource: the server responded with a status of"


@dataclass
class Visitor:
    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, browser: Browser, url: str, **options: Any) -> "Visitor":
        context = browser.new_context(base_url=url, viewport=WIDE, locale="en-GB", **options)
        if options.get("java_script_enabled", True):
            context.add_init_script(WATCH_POLICY)
        visitor = cls(context, context.new_page(), url)
        visitor.page.set_default_timeout(15_000)
        visitor.page.on("console", visitor._heard)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"script error: {error.message}"))
        return visitor

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_STATUS_WORDS):
            self.complaints.append(f"{message.type}: {message.text}")

    def goto(self, path: str) -> int:
        """The status of the page at `path`."""
        response: Response | None = self.page.goto(path)
        assert response is not None
        return response.status

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        return self.page.locator("main").inner_text()

    def press(self, control: Locator) -> None:
        """Press what leads to another page, and be there."""
        with self.page.expect_navigation():
            control.click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def sign_in_as(self, email: str) -> None:
        """On the demo page, as anybody does who tries the Hub out."""
        self.goto("/demo/people/")
        button = self.page.locator(f'button[value="{email}"]').first
        if not button.is_visible():
            button.locator("xpath=ancestor::details/summary").click()
        self.press(button)

    def sign_out(self) -> None:
        self.goto("/accounts/logout/")
        self.press(self.page.locator("main form button"))

    # ------------------------------------------------------------ judging a page
    def axe(self) -> list[str]:
        """What axe-core finds, in one line each; in `make test` once for all pages that are built alike."""
        built = None if PROVE else (str(self.page.viewport_size), self.page.evaluate(SKELETON))
        if built in _SEEN:
            return []
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        findings = [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        if built is not None and not findings:
            _SEEN.add(built)
        return findings

    def scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def judge(self) -> list[str]:
        """Everything that is wrong with the page as it stands, wide and narrow."""
        findings = []
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            if size in AXE_AT:
                findings += [f"at {size['width']}: {finding}" for finding in self.axe()]
            if self.scrolls_sideways():
                findings.append(f"at {size['width']}: scrolls sideways")
        findings += self.complaints
        self.complaints.clear()
        return findings

    def close(self) -> None:
        try:
            self.context.close()
        except PlaywrightError as error:
            if "closed" not in str(error):
                raise
