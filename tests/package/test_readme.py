"""The Python code of the README runs as it stands there, block after block."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

README = Path(__file__).parents[2] / "README.md"
NEEDS_A_MODEL_HUB = "from_pretrained("


@pytest.mark.usefixtures("quiet_libraries")
def test_every_block_of_python_that_needs_no_model_hub_runs() -> None:
    blocks = re.findall(r"^```python\n(.+?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    runnable = [block for block in blocks if NEEDS_A_MODEL_HUB not in block]
    assert (len(blocks), len(runnable)) == (9, 8)
    variables: dict[str, Any] = {}
    for block in runnable:
        exec(block, variables)  # noqa: S102  # the README is ours
