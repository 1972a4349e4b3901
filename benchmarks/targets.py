"""What the project promises, checked against a run. A new promise is a new line in `check`."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.results import Run

PAGE_LIMIT_BYTES = 2_400_000
CALL_LIMIT_S = 0.100
IMPORT_LIMIT_S = 0.300


@dataclass(frozen=True)
class Target:
    """One promise and what was measured."""

    promise: str
    measured: str
    met: bool


def check(run: Run) -> list[Target]:
    """All promises in the order they are shown."""
    targets = [
        Target(
            f"`import circuitsvis` < {IMPORT_LIMIT_S:.1f} s more than `import numpy`",
            f"{run.imports['extra_s']:.3f} s more",
            run.imports["extra_s"] < IMPORT_LIMIT_S,
        )
    ]
    for case in run.cases:
        if not case.slug.startswith("144x128"):
            continue
        size, seconds = case.ours.python["page_bytes"], case.ours.python["warm_s"]
        targets += [
            Target(
                f"{case.name}: page < {PAGE_LIMIT_BYTES / 1e6:.1f} MB", f"{size / 1e6:.3f} MB", size < PAGE_LIMIT_BYTES
            ),
            Target(
                f"{case.name}: whole call < {CALL_LIMIT_S * 1e3:.0f} ms after import",
                f"{seconds * 1e3:.0f} ms",
                seconds < CALL_LIMIT_S,
            ),
        ]
    return targets
