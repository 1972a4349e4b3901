"""Settings and fixtures that all tests share."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Set before any test module imports a library that reads them. One thread each, because several test processes run at once.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# hypothesis has no time limits, so that tests do not depend on the speed of the machine, and tries the same examples in every
# run. `pytest --hypothesis-profile=explore` tries others, and prints how to repeat one that fails.
_WITHOUT_LIMITS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("circuitsvis", _WITHOUT_LIMITS, derandomize=True)
settings.register_profile("explore", _WITHOUT_LIMITS, max_examples=1000)
settings.register_profile("stress", _WITHOUT_LIMITS)
settings.load_profile("circuitsvis")


@pytest.fixture
def quiet_libraries() -> Iterator[None]:
    """For tests that run models: hides the deprecation warnings of other libraries, and computes no gradients."""
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            yield


@pytest.fixture
def in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that display figures: this Python counts as one that runs in a notebook."""
    monkeypatch.setattr("circuitsvis._common.notebook.is_running", lambda: True)
