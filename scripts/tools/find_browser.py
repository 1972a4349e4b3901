"""Finds the browsers for the browser tests, and installs those that are missing.

    python -m scripts.tools.find_browser          # Chromium
    python -m scripts.tools.find_browser --all    # Firefox and WebKitGTK too

Takes as Chromium, in this order: the file that CIRCUITSVIS_CHROMIUM names; a Chromium or Chrome on the system; Playwright's own,
which is downloaded if that is possible; the Debian package `chromium`. Tests take Chromium without windows where it is or can be
installed (`chromium-headless-shell`): it opens a page in less than half the time, and opening pages is most of their time. Firefox and
WebKitGTK (with WebKitWebDriver, and Xvfb as its screen) are those of the system, else of Debian's packages. Debian's packages are
installed if the user is root.
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
SHELL = "chromium-headless-shell"
DOWNLOAD_SECONDS = 180

FIREFOX_COMMANDS = ("firefox-esr", "firefox")
WEBKIT_DRIVER = "WebKitWebDriver"
WEBKIT_BROWSERS = ("webkit2gtk-4.1/MiniBrowser", "webkit2gtk-4.0/MiniBrowser")
LIBRARIES = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec", "/usr/lib64", "/usr/lib")


def find_browser() -> str | None:
    """Path of a browser that is already installed, or None."""
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).exists():
            raise FileNotFoundError(f"{VARIABLE}: there is no file {named}")
        return named
    on_path = next(filter(None, map(shutil.which, COMMANDS)), None)
    return on_path or next((file for file in FILES if Path(file).exists()), None) or _playwright_chromium()


def find_test_browser() -> str | None:
    """Path of the browser for tests, which need no window; None if there is none."""
    return find_browser() if os.environ.get(VARIABLE) else shutil.which(SHELL) or find_browser()


def find_firefox() -> str | None:
    """Path of Firefox, or None."""
    return next(filter(None, map(shutil.which, FIREFOX_COMMANDS)), None)


def find_webkit() -> tuple[str, str, str] | None:
    """Paths of WebKitWebDriver, of the WebKitGTK browser that it drives, and of Xvfb; None if one is missing."""
    driver, screen = shutil.which(WEBKIT_DRIVER), shutil.which("Xvfb")
    files = (Path(folder, name) for folder in LIBRARIES for name in WEBKIT_BROWSERS)
    browser = next((file for file in files if file.exists()), None)
    return (driver, str(browser), screen) if driver and screen and browser else None


def install_other_browsers() -> None:
    """Installs Firefox and WebKitGTK if they are missing and Debian's packages can be installed."""
    if not find_firefox():
        _install_debian("firefox-esr")
    if not find_webkit():
        _install_debian("webkit2gtk-driver", "xvfb")


def install_browser() -> str | None:
    """Path of a browser, which is installed first if there is none; None if that fails. Also installs the one for tests."""
    if not os.environ.get(VARIABLE) and not shutil.which(SHELL):
        _install_debian(SHELL)
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
    _install_debian("chromium", "fonts-noto-core", "fonts-noto-color-emoji")
    return find_browser()


def _install_debian(*packages: str) -> None:
    """Does nothing where Debian's packages cannot be installed."""
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        return
    print("installing Debian's packages", *packages, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)


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
    found = [browser]
    if "--all" in sys.argv[1:]:
        install_other_browsers()
        firefox, webkit = find_firefox(), find_webkit()
        if firefox is None or webkit is None:
            sys.exit(
                "Firefox or WebKitGTK could not be found or installed (Debian: firefox-esr, webkit2gtk-driver, xvfb)"
            )
        found += [firefox, webkit[1]]
    for path in found:
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        print(f"browser for the e2e tests: {path} ({version})")
