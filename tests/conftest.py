"""Settings that all tests share."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No time limit per example: how fast the machine is today is not what a test is about.
settings.register_profile("circuitsvis", deadline=None)
settings.load_profile("circuitsvis")


@pytest.fixture
def quiet_libraries() -> Iterator[None]:
    """For tests that run models: the libraries' own deprecation notes are not ours to fix, and nobody needs gradients."""
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            yield
