"""Every public function of circuitsvis 1.43.3 is here, under the same path, and takes the same arguments."""

from __future__ import annotations

import importlib
import inspect

import pytest

from tests.circuitsvis1 import peer


def test_every_function_is_compared() -> None:
    assert len(peer.signatures()) == 11


@pytest.mark.parametrize("path", sorted(peer.signatures()))
def test_a_function_takes_the_same_arguments(path: str) -> None:
    """Names, order, kinds and defaults. Further arguments are keyword-only and have defaults."""
    module, _, name = path.rpartition(".")
    parameters = list(
        inspect.signature(getattr(importlib.import_module(f"circuitsvis.{module}"), name)).parameters.values()
    )
    theirs = peer.signatures()[path]
    described = [
        {"name": p.name, "kind": p.kind.name, "default": "" if p.default is p.empty else repr(p.default)}
        for p in parameters
    ]
    assert described[: len(theirs)] == theirs
    for extra in parameters[len(theirs) :]:
        assert extra.kind is extra.KEYWORD_ONLY and extra.default is not extra.empty, extra
