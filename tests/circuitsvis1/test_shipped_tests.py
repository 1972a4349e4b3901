"""The tests that ship inside circuitsvis 1.43.3, run here with their own imports. Their snapshots of HTML are not compared.

`test_values.py` compares what the figures of the same calls show.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.circuitsvis1 import peer

FILES = sorted((peer.folder() / "circuitsvis" / "tests").glob("test_*.py"))


class Snapshot:
    """In the place of their fixture: takes any page of this package."""

    taken = 0

    def assert_match(self, html: str) -> None:
        assert html.startswith("<!doctype html>") and "data-circuitsvis=" in html
        self.taken += 1


class Patch:
    """In the place of `monkeypatch`: they make the ids of elements predictable, which this package does not have."""

    def setattr(self, *ignored: object) -> None:
        pass


def loaded(file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"shipped_{file.stem}", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def functions_of(module: Any) -> list[Callable[..., None]]:
    """Its test functions, and the methods of its test classes."""
    functions = [value for name, value in vars(module).items() if name.startswith("test_")]
    classes = [value() for name, value in vars(module).items() if name.startswith("Test")]
    return functions + [getattr(one, name) for one in classes for name in dir(one) if name.startswith("test_")]


def test_they_are_all_here() -> None:
    assert len(FILES) == 7


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_they_run_here(file: Path) -> None:
    tests = functions_of(loaded(file))
    assert tests
    for test in tests:
        wanted = test.__code__.co_varnames[: test.__code__.co_argcount]
        snapshot = Snapshot()
        test(
            **{name: value for name, value in {"snapshot": snapshot, "monkeypatch": Patch()}.items() if name in wanted}
        )
        assert snapshot.taken == ("snapshot" in wanted)
