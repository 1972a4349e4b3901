"""Settings that all tests share."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Before any test module imports a library that reads them. Several test processes share the cores already.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No time limits: how fast the machine is today is not what a test is about. The same examples in every run; other ones, and
# how to repeat them, with `pytest --hypothesis-profile=explore`.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("circuitsvis", _UNHURRIED, derandomize=True)
settings.register_profile("explore", _UNHURRIED, max_examples=1000)
settings.register_profile("stress", _UNHURRIED)
settings.load_profile("circuitsvis")


@pytest.fixture
def quiet_libraries() -> Iterator[None]:
    """For tests that run models: the libraries' own deprecation notes are not ours to fix, and nobody needs gradients."""
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            yield
