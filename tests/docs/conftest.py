"""Tests of the documentation site as `make docs` builds it. `make test-docs` builds it first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from e2e.conftest import browser, new_context, playwright
from tests.docs.site_files import SITE

__all__ = ["browser", "playwright"]


@pytest.fixture(autouse=True, scope="session")
def _built() -> None:
    assert (SITE / "index.html").exists(), "there is no site: run `make test-docs`, which builds it"


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page of a browser without a network. The test fails if anything but files of the site was asked for, or a script failed."""
    context = new_context(browser, viewport={"width": 1280, "height": 800}, offline=True, color_scheme="light")
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    allowed = (SITE.as_uri(), "data:", "blob:", "about:")
    assert [url[:200] for url in asked if not url.startswith(allowed)] == []
    assert errors == []
