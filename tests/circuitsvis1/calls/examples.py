"""Calls of the functions in `circuitsvis.examples`."""

from __future__ import annotations

from collections.abc import Callable

from tests.circuitsvis1.calls.call import Call, call

CALLS: dict[str, Callable[[], Call]] = {
    "hello, of its own tests": lambda: call("examples.hello", name="Bob"),
    "hello, hostile": lambda: call("examples.hello", "<b>Ada</b> \u202e &amp; 😀"),
}
