"""The scripts that peers' pages load from a CDN, served from npm packages, so that no network is needed or measured.

They are installed in the peers' environment. Each page gets the version that it requests, except for jQuery 2.0.0: npm does not
have it, so pages get 2.1.0, the next one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import BrowserContext, Route

from benchmarks.environments import PEERS, progress

FOLDER = PEERS / "scripts"
PACKAGES = {"requirejs": "2.3.6", "d3": "5.7.0", "jquery": "2.1.0"}
CDN = "https://cdnjs.cloudflare.com/ajax/libs/"
FILES = {
    CDN + "require.js/2.3.6/require.min.js": "requirejs/require.js",
    CDN + "d3/5.7.0/d3.min.js": "d3/dist/d3.min.js",
    CDN + "jquery/2.0.0/jquery.min.js": "jquery/dist/jquery.min.js",
}


def install_scripts() -> None:
    """Installs the packages on first use and when their versions change."""
    stamp = FOLDER / "installed.json"
    wanted = json.dumps(PACKAGES)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError(
            "the peers' pages need scripts from npm packages, and there is no npm on PATH; use --no-peers"
        )
    progress(f"installing the scripts of the peers' pages in {FOLDER.parent.name}/{FOLDER.name}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    packages = [f"{name}@{version}" for name, version in PACKAGES.items()]
    options = ["--prefix", str(FOLDER), "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]
    subprocess.run([npm, "install", *options, *packages], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(wanted, encoding="utf-8")


def serve_scripts(context: BrowserContext) -> None:
    """Answers the requests of a browser context for these files; all others are refused, because the browser is offline."""
    context.route(lambda url: url in FILES, _fulfil)


def _fulfil(route: Route) -> None:
    path: Path = FOLDER / "node_modules" / FILES[route.request.url]
    route.fulfill(path=path, content_type="text/javascript")
