"""docs/hosts.md says of every cell which test it comes from, that it is approximated, or that it is not tested."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
NOTEBOOKS = TEXT.partition("\n## Notebooks\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables of a text, without their headings."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "host" and not set(row[0]) <= {"-"}]


def test_every_test_that_is_named_exists() -> None:
    paths = re.findall(r"`((?:tests|e2e)/[\w/]+\.py)`", TEXT)
    assert len(set(paths)) > 8
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_footnote_of_the_notebooks_names_a_test() -> None:
    defined = dict(re.findall(r"\[(\d)\] `((?:tests|e2e)/[\w/]+\.py)`", NOTEBOOKS))
    used = {number for row in rows(NOTEBOOKS) for number in re.findall(r"\[(\d)\]", row[-1])}
    assert used == set(defined) != set()


def test_every_host_has_a_test_or_says_that_it_has_none() -> None:
    assert len(rows(TEXT)) > 20
    without = [row for row in rows(TEXT) if not re.search(r"\[\d\]|`[^`]+\.py`|`make [\w-]+`", row[-1])]
    assert [row[0] for row in without if "not tested" not in row] == []


def test_a_row_of_a_rebuilt_host_says_in_every_cell_that_it_is_approximated() -> None:
    rebuilt = [row for row in rows(NOTEBOOKS) if "[5]" in row[-1]]
    assert len(rebuilt) == 3
    for row in rebuilt:
        assert all(cell in ("", "not tested") or cell.startswith("approximated: ") for cell in row[1:-1]), row
