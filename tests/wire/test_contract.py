"""Python and TypeScript agree on every field, and the shared fixtures are what Python writes today."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from circuitsvis._wire import props, serialize
from circuitsvis._wire.props import Tensor

from scripts.fixtures.catalogue import FIGURES, GENERATED
from scripts.fixtures.files import FOLDER, fixture_file
from tests.support import reference

ROOT = Path(__file__).parents[2]
TYPESCRIPT = (ROOT / "frontend" / "src" / "props.ts").read_text(encoding="utf-8")


def declared(name: str) -> list[str]:
    """The fields that an interface or its type alias has there: those of what it extends, then its own; in order."""
    alias = re.search(rf"export type {name} = (\w+);", TYPESCRIPT)
    if alias:
        return declared(alias.group(1))
    found = re.search(rf"export interface {name}(?: extends (\w+))? {{(.*?)}}", TYPESCRIPT, re.DOTALL)
    assert found is not None, name
    inherited = declared(found.group(1)) if found.group(1) else []
    own = re.findall(r"^\s*(\w+)\??:", found.group(2), re.MULTILINE)
    return inherited + [field for field in own if field not in inherited]


@pytest.mark.parametrize("name", sorted(name for name, value in vars(props).items() if dataclasses.is_dataclass(value)))
def test_an_interface_has_the_same_fields_in_the_same_order(name: str) -> None:
    here = [serialize._camel(field.name) for field in dataclasses.fields(getattr(props, name))]
    assert declared(name) == here


def test_every_props_class_is_a_component_that_the_page_can_name() -> None:
    classes = [
        name
        for name, value in vars(props).items()
        if isinstance(value, type) and issubclass(value, props.AttentionProps)
    ]
    components = set(re.findall(r'component: "(\w+)"', TYPESCRIPT))
    assert components == {name.removesuffix("Props") for name in classes} - {"Attention"}


def test_the_page_looks_for_blocks_where_python_puts_them() -> None:
    body = (FOLDER.parent / "src/data/blocks.ts").read_text(encoding="utf-8").split("function tensorsOf")[1]
    assert set(re.findall(r"\w+", body.split("\n}")[0])) >= {serialize._camel(name) for name in serialize._APART}
    tensors = {
        field.name
        for name, value in vars(props).items()
        if dataclasses.is_dataclass(value)
        for field in dataclasses.fields(value)
        if "Tensor" in str(field.type)
    }
    first = {"preview", "value_weights", "info_weights", "component_totals", "total"}
    assert tensors == first | serialize._APART


def test_there_is_a_file_for_each_fixture_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FIGURES) - GENERATED


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_fixture_is_what_python_writes_today(name: str) -> None:
    """Compressed bytes depend on the zlib, last digits on the processor: both sides are decoded, then compared."""
    fresh = json.loads("".join(FIGURES[name]().json))
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
