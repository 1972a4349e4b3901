"""The Python that the hosts run in: its environment holds them, and takes circuitsvis from this checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-hosts" / "bin" / "python"


def variables() -> dict[str, str]:
    """Environment variables for a process of a host: this checkout is imported, with one thread, and nothing asks the network."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "python"),
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
    }
