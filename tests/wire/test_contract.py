"""Python and TypeScript agree on every field, and the shared fixtures are what Python writes today."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from circuitsvis._page.bundle import BUNDLES
from circuitsvis._page.figure import to_json
from circuitsvis._wire import serialize
from circuitsvis._wire.props.tensor import Tensor
from circuitsvis._wire.references import InBlocks
from circuitsvis._wire.views import VIEWS

from scripts.fixtures.catalogue import FIGURES, GENERATED
from scripts.fixtures.files import FOLDER, fixture_file
from tests.support import reference

ROOT = Path(__file__).parents[2]


def test_the_typescript_contract_is_what_python_declares_today() -> None:
    """Names, types, literals, null and tuples: the files are generated, and stale ones are named."""
    command = [sys.executable, "-m", "scripts.contract", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_every_bundle_has_the_views_that_python_expects_of_it() -> None:
    registries = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "frontend/src/bundles").glob("*.ts")}
    views = {name: set(re.findall(r"^  (\w+): {", text, re.MULTILINE)) for name, text in registries.items()}
    views["all"] = set().union(*views.values())  # which imports the others: TypeScript checks that it has every view
    assert views == BUNDLES


def test_every_view_has_a_fixture() -> None:
    assert {json.loads(path.read_text(encoding="ascii"))["view"] for path in FOLDER.glob("*.json")} == set(VIEWS)


@pytest.mark.parametrize("name", ["lines-12-heads", "lines-batch", "attribution-small", "small-12-heads"])
def test_only_what_is_read_head_by_head_travels_apart_from_the_json(name: str) -> None:
    figure = json.loads("".join(serialize.to_json(FIGURES[name]()._props, InBlocks())))
    chunks = chunks_by_field(figure)
    separate = {field for field, chunk in chunks if isinstance(chunk, list)}
    assert separate == {"attention", *(["keys", "queries", "dot"] if name.startswith("lines") else [])}
    assert not separate & {field for field, chunk in chunks if isinstance(chunk, str)}
    numbers = [chunk[0] for _, chunk in chunks if isinstance(chunk, list)]
    assert numbers == list(range(len(numbers)))


def chunks_by_field(value: Any, field: str = "") -> list[tuple[str, list[int] | str]]:
    """Each chunk in some JSON, or the reference in its place, with the field that holds its tensor."""
    if isinstance(value, list):
        return [chunk for item in value for chunk in chunks_by_field(item, field)]
    if not isinstance(value, dict):
        return []
    if "chunks" in value:
        return [(field, chunk) for chunk in value["chunks"]]
    return [chunk for key, item in value.items() for chunk in chunks_by_field(item, key)]


def test_there_is_a_file_for_each_fixture_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FIGURES) - GENERATED


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_fixture_is_what_python_writes_today(name: str) -> None:
    """Compressed bytes depend on the zlib, last digits on the processor: both sides are decoded, then compared."""
    fresh = json.loads(to_json(FIGURES[name]()))
    stored = json.loads(fixture_file(name).read_text(encoding="ascii"))
    same(stored, fresh, name)


def same(stored: Any, fresh: Any, where: str) -> None:
    if isinstance(fresh, dict) and "chunks" in fresh:
        assert {k: v for k, v in stored.items() if k not in ("chunks", "scales", "errorSteps")} == {
            k: v for k, v in fresh.items() if k not in ("chunks", "scales", "errorSteps")
        }
        step = 2.1 * fresh["errorSteps"] * max(fresh["scales"])
        np.testing.assert_allclose(values(stored), values(fresh), atol=step, err_msg=f"{where}: run `make fixtures`")
    elif isinstance(fresh, dict):
        assert stored.keys() == fresh.keys(), f"{where}: run `make fixtures`"
        for key, value in fresh.items():
            same(stored[key], value, f"{where}.{key}")
    elif isinstance(fresh, list):
        assert len(stored) == len(fresh), f"{where}: run `make fixtures`"
        for i, value in enumerate(fresh):
            same(stored[i], value, f"{where}[{i}]")
    elif isinstance(fresh, float):
        assert stored == pytest.approx(fresh, rel=1e-5), f"{where}: run `make fixtures`"
    else:
        assert stored == fresh, f"{where}: run `make fixtures`"


def values(tagged: dict[str, Any]) -> reference.Float64:
    fields = {re.sub(r"([A-Z])", r"_\1", key).lower(): value for key, value in tagged.items()}
    fields["chunks"] = [base64.b64decode(text, validate=True) for text in tagged["chunks"]]
    return reference.decode(Tensor(**fields))
