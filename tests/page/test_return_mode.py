"""return_mode="view" needs a notebook, and says so before anything is computed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import circuitsvis as cv
import pytest

from tests.support.caches import softmax_patterns, words

PATTERN = softmax_patterns((4, 4))


class Untouched(dict[str, object]):
    """A cache that must not be read."""

    def __getattribute__(self, name: str) -> object:
        if name == "__class__":
            return dict
        raise AssertionError(f"the cache was read: {name}")

    def __getitem__(self, name: str) -> object:
        raise AssertionError(f"the cache was read: {name}")


CALLS: list[Callable[[], object]] = [
    lambda: cv.attention.from_cache(Untouched(), words(4), return_mode="view"),
    lambda: cv.attention.from_values(PATTERN, words(4), return_mode="view"),
    lambda: cv.attribution.from_cache(None, Untouched(), words(4), return_mode="view"),
]


@pytest.mark.parametrize("call", CALLS)
def test_view_outside_a_notebook_names_what_works_before_the_cache_is_read(call: Callable[[], object]) -> None:
    with pytest.raises(RuntimeError, match=r'^return_mode="view": .*notebook.*"browser".*"html" and \.save\(path\)'):
        call()


def test_show_outside_a_notebook_names_what_works() -> None:
    figure = cv.examples.hello("World")
    with pytest.raises(RuntimeError, match=r"show\(\): .*open_in_browser\(\) or save\(path\)"):
        figure.show()


def test_the_advised_ways_work_without_a_notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: True)
    assert cv.attention.from_values(PATTERN, words(4), return_mode="browser") is None
    figure = cv.attention.from_values(PATTERN, words(4), return_mode="html")
    assert figure.save(tmp_path / "figure.html").exists()


CODE = """
import sys
{setup}
import circuitsvis as cv, numpy as np
try:
    cv.attention.from_values(np.eye(2), ["a", "b"], return_mode="view")
except RuntimeError as error:
    print("refused:", error)
"""


@pytest.mark.parametrize(
    ("setup", "refused"),
    [
        ("", True),
        ("sys.modules['IPython'] = None", True),  # as if it were not installed
        ("from IPython.core.interactiveshell import InteractiveShell; InteractiveShell.instance()", False),
    ],
)
def test_python_with_and_without_ipython(setup: str, refused: bool) -> None:
    run = subprocess.run([sys.executable, "-c", CODE.format(setup=setup)], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("refused: return_mode") is refused
    assert ("<circuitsvis AttentionPatterns" in run.stdout) is not refused


def test_marimo_counts_as_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    from circuitsvis._common import notebook

    marimo = ModuleType("marimo")
    monkeypatch.setitem(sys.modules, "marimo", marimo)
    for running in (True, False):
        monkeypatch.setattr(marimo, "running_in_notebook", lambda running=running: running, raising=False)
        assert notebook.is_running() is running
