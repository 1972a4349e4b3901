"""docs/families.md: the results of the sweep over families, by class and version. Written by `make families`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.case import BOUND, CHECKS, Verdict

FILE = Path(__file__).parents[2] / "docs" / "families.md"
COLUMNS = ("family", *CHECKS)

INTRODUCTION = f"""# Families

What circuitsvis shows of small random models of {{count}} architectures, checked against float64 truth from the models'
own modules (`tests/support/hugging_face_oracle.py`). Written by `make families`; `tests/families/test_families.py` fails if a
verdict changes.

A number is the largest error, relative to the largest value, beyond the rounding that the page states; {BOUND:.0e} is allowed.
"(folded)" is compatibility mode on a bridge, `process_weights_` on a HookedTransformer; a row without it holds for both. In a row of
"another model" the other columns compare with what TransformerLens computes.

| column | what is compared |
| --- | --- |
| model | the logits with those of the Hugging Face model; "another model": TransformerLens computes something else |
| pattern | the page's attention with the model's `output_attentions` |
| value-weighted, info-weighted | the page's weights with norms of v, and of v W_O, where the heads' outputs are pattern · v |
| lines | the softmax of what mode="lines" is given with the pattern, its product with q · k times the model's scale; and what it shows |
| heads | each head's attribution with what enters the output projection, through W_O and the norms, at all positions |
| total | the attributed logit, or difference, with the model's |
| sum | the sum of all parts with the total; named are parts beside heads, MLPs, embeddings and biases |
| blocks | the parts of each layer with what the decoder layer adds to the residual stream |
"""


def cell(check: str, verdict: Verdict, reason: str | None) -> str:
    """The text of one cell."""
    if verdict.error is None:
        return f"refused: {reason or 'for an unknown reason'}"
    if check == "model" and verdict.error > BOUND:
        return "another model"
    # An error of NaN is wrong as well.
    size = _magnitude(verdict.error) if verdict.error <= BOUND else f"WRONG, {verdict.error:.0e}"
    if check == "lines" and verdict.text == "pattern":
        return "pattern only"
    return f"{verdict.text}, {size}" if verdict.text else size


def _magnitude(error: float) -> str:
    return "< 1e-7" if error < 1e-7 else f"< 1e{math.floor(math.log10(error)) + 1}"


def without_numbers(text: str) -> str:
    """A cell without the size of its error, which differs between machines."""
    return re.sub(r"< 1e-\d+", "right", text)


def larger(first: str, second: str) -> str:
    """The cell with the larger error, of two that differ only in their numbers."""
    exponents = [re.findall(r"< 1e(-\d+)", text) for text in (first, second)]
    return second if exponents[1] and int(exponents[1][0]) > int(exponents[0][0]) else first


def rows(cells: Mapping[tuple[str, bool], Sequence[str]]) -> list[list[str]]:
    """Rows of a table from the cells of each family, unfolded and folded; a single row if both are alike."""
    table = []
    for family in sorted({name for name, _ in cells}):
        unfolded, folded = list(cells[family, False]), list(cells[family, True])
        if [*map(without_numbers, unfolded)] == [*map(without_numbers, folded)]:
            table.append([family, *map(larger, unfolded, folded)])
        else:
            table += [[family + " (unfolded)", *unfolded], [family + " (folded)", *folded]]
    return table


def committed(title: str) -> dict[tuple[str, bool], list[str]]:
    """The cells of each family, unfolded and folded, of the section `title` of the file."""
    cells = {}
    for line in _sections(FILE.read_text(encoding="utf-8")).get(title, "").splitlines():
        name, *texts = (part.strip() for part in line.strip().strip("|").split(" | "))
        plain = name.removesuffix(" (unfolded)").removesuffix(" (folded)")
        for folded in (False, True):
            if name == plain or name.endswith("(folded)") == folded:
                cells[plain, folded] = texts
    return cells


def write(tables: Mapping[str, Mapping[tuple[str, bool], Sequence[str]]], count: int) -> None:
    """Writes these sections and keeps those of other versions."""
    earlier = _sections(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    written = {title: "\n".join(_line(row) for row in rows(cells)) for title, cells in tables.items()}
    sections = {**earlier, **written}
    head = f"{_line(COLUMNS)}\n{_line(['---'] * len(COLUMNS))}"
    text = "".join(f"\n## {title}\n\n{head}\n{sections[title]}\n" for title in sorted(sections, reverse=True))
    FILE.write_text(INTRODUCTION.format(count=count) + text, encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """The rows of each section's table by its title."""
    sections = {}
    for part in text.split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        sections[title] = "\n".join(lines[2:])
    return sections


def _line(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"
