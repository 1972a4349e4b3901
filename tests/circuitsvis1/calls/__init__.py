"""The calls that are made with both packages. No module here imports `circuitsvis`: the peer's process imports these, too."""

from __future__ import annotations

from collections.abc import Callable

from tests.circuitsvis1.calls import attention, examples, logits, samples, tokens, topk_tokens
from tests.circuitsvis1.calls.call import Call

CALLS: dict[str, Callable[[], Call]] = {
    **attention.CALLS,
    **examples.CALLS,
    **samples.CALLS,
    **tokens.CALLS,
    **logits.CALLS,
    **topk_tokens.CALLS,
}
"""By name. The functions make the arrays, so that importing this is cheap."""
