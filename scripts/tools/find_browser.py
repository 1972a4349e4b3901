"""Finds the Chromium for the browser tests, and says which. `python -m scripts.tools.find_browser` brings one if there is none.

In this order: CIRCUITSVIS_CHROMIUM, a Chromium or Chrome on the system, Playwright's own (downloaded if it can be), and as
root on Debian the package `chromium`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "CIRCUITSVIS_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
DOWNLOAD_SECONDS = 180


def find_browser() -> str | None:
    """Path of a browser that is here already, or None."""
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).exists():
            raise FileNotFoundError(f"{VARIABLE}: there is no file {named}")
        return named
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or next((place for place in PLACES if Path(place).exists()), None) or _playwrights_own()


def bring_browser() -> str | None:
    """Path of a browser, installed if there was none."""
    found = find_browser()
    if found:
        return found
    print("no Chromium here: trying Playwright's download", flush=True)
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            timeout=DOWNLOAD_SECONDS,
            check=False,
            capture_output=True,
        )
    except subprocess.TimeoutExpired:
        print("that did not end in time", flush=True)
    found = _playwrights_own()
    if found:
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("installing Debian's package chromium", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
        packages = ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"]
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
        )
    return find_browser()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    browser = bring_browser()
    if browser is None:
        sys.exit(f"no Chromium could be found or installed; set {VARIABLE} to the path of one")
    version = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"browser for the e2e tests: {browser} ({version})")
