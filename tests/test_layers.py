"""Imports point one way along the pipeline, and heavy libraries stay out until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "python" / "circuitsvis"

# Each line may import from the lines above it only.
ORDER = [
    ["_props", "_arrays", "_check", "_bundle", "_help", "_parallel", "_token_text", "_earlier"],
    ["_rounding", "_hook_cache"],
    [
        "_labels",
        "_tokens",
        "_token_ids",
        "_selection",
        "_weighting",
        "_padding",
        "_preview",
        "_causality",
        "_score_masks",
        "_generated",
        "_encode",
        "_write",
        "_page",
        "_cache",
    ],
    ["_fit", "_vectors", "_padding_evidence", "_token_evidence"],
    ["_samples", "_evidence"],
    ["_soft_cap"],
    ["_forms"],
    ["_explain"],
    ["_sequences", "_positions", "_stacks", "_decompose", "figure"],
    ["_computing", "_lines", "_readout", "_activations", "_head_outputs"],
    ["_first_layer"],
    ["_batch"],
    ["_after_attention", "_block_factors"],
    ["_value_weights", "_logit_path"],
    ["_gather", "_plain", "_views", "_residual", "_projection"],
    ["_directions", "_ledger", "_attributed"],
    ["_components"],
    ["_attribute"],
    ["attention", "attribution"],
    ["__init__"],
    ["demo"],
    ["_demo_page"],
    ["__main__"],
]
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))


def imported(module: str) -> set[str]:
    """Modules of the package that a module imports, anywhere in its text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "circuitsvis":
            found |= {alias.name if alias.name in LEVEL else "__init__" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("circuitsvis."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {"__init__" for alias in node.names if alias.name.startswith("circuitsvis")}
    return found


def test_the_order_names_every_module() -> None:
    assert set(MODULES) == set(LEVEL)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_the_layers_before_it(module: str) -> None:
    wrong = {name for name in imported(module) if LEVEL[name] >= LEVEL[module]}
    assert not wrong, f"{module} imports {sorted(wrong)}"


def test_only_the_modules_that_read_caches_know_hook_names() -> None:
    knowing = {m for m in MODULES if ".hook_" in (PACKAGE / f"{m}.py").read_text(encoding="utf-8")}
    assert knowing - {"attention", "attribution", "demo", "_demo_page"} == {
        "_cache",
        "_value_weights",
        "_activations",
        "_after_attention",
        "_block_factors",
        "_logit_path",
        "_residual",
    }  # attention: in its docstring


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, circuitsvis\n"
        "heavy = {'torch', 'transformer_lens', 'transformers', 'IPython', 'jax', 'matplotlib', 'pandas'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
    assert result.stderr == ""
