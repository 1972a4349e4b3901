"""Fixtures are text in which a change can be read, and the large ones are written when they are needed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scripts.fixtures import files
from scripts.fixtures.catalogue import FIGURES, GENERATED
from scripts.fixtures.json_layout import LINE, indented

VALUE = {
    "names": ["a" * 60, "b" * 60],
    "numbers": [0.1234567] * 40,
    "heads": [{"name": "0.0", "layer": 0}],
    "none": None,
}


def test_indented_json_is_the_same_value() -> None:
    assert json.loads(indented(VALUE)) == VALUE


def test_a_changed_value_is_one_changed_line() -> None:
    changed = VALUE | {"names": ["a" * 60, "c" * 60]}
    pairs = zip(indented(VALUE).splitlines(), indented(changed).splitlines(), strict=True)
    assert sum(before != after for before, after in pairs) == 1


def test_only_lists_of_numbers_and_single_texts_make_long_lines() -> None:
    long = [line for line in indented(VALUE).splitlines() if len(line) > LINE]
    assert [line.split(":")[0].strip() for line in long] == ['"numbers"']


def test_the_text_cannot_end_a_script_element() -> None:
    assert "<" not in indented(["</script>", "<!--"])


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_fixture_that_is_committed_is_small(name: str) -> None:
    assert name in GENERATED or files.fixture_file(name).stat().st_size < 150_000


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where generated fixtures are written during a test."""
    monkeypatch.setattr(files, "GENERATED_FOLDER", tmp_path)
    return tmp_path


def test_a_generated_fixture_is_written_if_it_is_missing(empty_folder: Path) -> None:
    file = files.fixture_file("attribution-144-heads")
    assert list(empty_folder.iterdir()) == [file]
    assert "props" in json.loads(file.read_text(encoding="ascii"))


def test_a_generated_fixture_is_written_again_if_it_is_older_than_the_code(empty_folder: Path) -> None:
    file = empty_folder / "attribution-144-heads.json"
    file.write_text("old", encoding="ascii")
    assert files.fixture_file("attribution-144-heads").read_text(encoding="ascii") == "old"
    os.utime(file, (0, 0))
    assert files.fixture_file("attribution-144-heads").read_text(encoding="ascii") != "old"
