"""Files stay short enough to be read at once."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 250


def lengths(folder: str, *endings: str) -> dict[str, int]:
    """Lines of each source file below a folder of the repository."""
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*")
        if path.suffix in endings and not {"static", "node_modules"} & set(path.parts)
    }


@pytest.mark.parametrize("folder", ["python", "frontend", "tests", "e2e", "scripts", "benchmarks"])
def test_no_file_has_more_than_250_lines(folder: str) -> None:
    files = lengths(folder, ".py", ".ts", ".svelte", ".js", ".css")
    assert files
    assert {name: n for name, n in files.items() if n > LONGEST} == {}


def test_half_of_the_modules_have_at_most_110_lines_and_half_of_the_front_end_90() -> None:
    front_end = lengths("frontend/src", ".ts", ".svelte")
    assert median(lengths("python", ".py").values()) <= 110
    assert median(n for name, n in front_end.items() if ".test." not in name) <= 90
