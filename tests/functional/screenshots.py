"""The pictures of the README, taken anew from the demo world: `make screenshots`."""

import tempfile
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 860
PLACE = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


def main() -> None:
    django.setup()
    from tests.functional.browser import Visitor
    from tests.functional.conftest import chromium
    from tests.functional.pages import world_of
    from tests.functional.stack import Stack, until

    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        stack = Stack(Path(directory))
        Path(directory).chmod(0o711)
        try:
            stack.start()
            until("the e-mails of the demo world", lambda: stack.mails("dsl@meadow.wexbourne.example"))
            world = world_of(stack)
            shots = {
                "queue": ("officer@mash.wexbourne", "/queue/"),
                "record": ("officer@mash.wexbourne", f"/queue/{world['received']}/"),
                "match": ("officer@mash.wexbourne", f"/queue/{world['unsure']}/children/2/"),
                "board": ("officer@mash.wexbourne", "/sent/"),
                "mailbox": ("dsl@meadow.wexbourne", "/mailbox/?to=dsl@meadow.wexbourne"),
                "inbox": ("dsl@meadow.wexbourne", "/alerts/"),
                "alert": ("dsl@meadow.wexbourne", f"/alerts/{world['opened']}/"),
            }
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            PLACE.mkdir(parents=True, exist_ok=True)
            for name, (who, path) in shots.items():
                visitor = Visitor.arrive(browser, stack.url)
                visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
                visitor.sign_in_as(f"{who}.example")
                visitor.goto(path)
                visitor.page.screenshot(path=PLACE / f"{name}.png")
                visitor.close()
            browser.close()
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
