"""Chromium for tests that look at pages as a person does."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

# Playwright keeps an event loop in the thread of the tests, also of those that come after; Django takes that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium; CI installs it.")
        pytest.skip("There is no Chromium on this machine.")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {"executable_path": CHROMIUM, "args": [*QUIET, *sandbox]}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains of: script errors and violations of the content security policy."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where a test puts its pictures: PARLER_SCREENSHOTS, to look at them afterwards, or a folder that is thrown away."""
    folder = Path(os.environ.get("PARLER_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
