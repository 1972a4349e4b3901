"""Finds the Chromium for the browser tests, and installs one if there is none.

    python -m scripts.tools.find_browser

Takes, in this order: the file that CIRCUITSVIS_CHROMIUM names; a Chromium or Chrome on the system; Playwright's own, which is
downloaded if that is possible; the Debian package `chromium`, which is installed if the user is root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "CIRCUITSVIS_CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
DOWNLOAD_SECONDS = 180


def find_browser() -> str | None:
    """Path of a browser that is already installed, or None."""
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).exists():
            raise FileNotFoundError(f"{VARIABLE}: there is no file {named}")
        return named
    on_path = next(filter(None, map(shutil.which, COMMANDS)), None)
    return on_path or next((file for file in FILES if Path(file).exists()), None) or _playwright_chromium()


def install_browser() -> str | None:
    """Path of a browser, which is installed first if there is none; None if that fails."""
    browser = find_browser()
    if browser:
        return browser
    print("no Chromium is installed: trying Playwright's download", flush=True)
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            timeout=DOWNLOAD_SECONDS,
            check=False,
            capture_output=True,
        )
    except subprocess.TimeoutExpired:
        print(f"the download did not end within {DOWNLOAD_SECONDS} s", flush=True)
    browser = _playwright_chromium()
    if browser:
        return browser
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


def _playwright_chromium() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    browser = install_browser()
    if browser is None:
        sys.exit(f"no Chromium could be found or installed; set {VARIABLE} to the path of one")
    version = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"browser for the e2e tests: {browser} ({version})")
