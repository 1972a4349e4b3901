"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import settings

# No time limit per example: how fast the machine is today is not what a test is about.
settings.register_profile("circuitsvis", deadline=None)
settings.load_profile("circuitsvis")
