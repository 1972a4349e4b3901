"""What each package's page shows of a call, brought to one form, in which both can be compared."""

from __future__ import annotations

from tests.circuitsvis1.shown import attention, examples, logits, samples, tokens, topk_tokens
from tests.circuitsvis1.shown.reader import Reader

READERS: dict[str, Reader] = {
    **attention.READERS,
    **examples.READERS,
    **samples.READERS,
    **tokens.READERS,
    **logits.READERS,
    **topk_tokens.READERS,
}
"""By the function's path below the package."""
