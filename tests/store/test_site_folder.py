"""A folder is written as a whole, replaces only what `save_site` has written, and stays as it was where writing fails."""

from __future__ import annotations

from pathlib import Path

import circuitsvis as cv
import pytest
from circuitsvis._page import bundle
from circuitsvis._store import zarr_codecs

from tests.support.caches import softmax_patterns, words


def figure(n: int = 4) -> cv.Figure:
    made = cv.attention.from_values(softmax_patterns((3, n, n)), words(n))
    assert made is not None
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_site_is_a_page_a_script_and_a_store(tmp_path: Path) -> None:
    site = figure().save_site(tmp_path / "site")
    script = f"circuitsvis-{bundle.bundle('attention').hash}.js"
    assert site == tmp_path / "site" and names(site) == [script, "data.zarr", "index.html"]
    page = (site / "index.html").read_text(encoding="utf-8")
    assert f'<script src="{script}">' in page and bundle.bundle("attention").packed not in page
    assert bundle.bundle("attention").code in (site / script).read_text(encoding="ascii")
    assert names(tmp_path) == ["site"]


def test_a_new_figure_takes_the_place_of_an_earlier_one_in_the_same_folder(tmp_path: Path) -> None:
    site = figure().save_site(tmp_path)
    before = (site / "index.html").read_bytes()
    cv.examples.hello("World").save_site(site)
    assert (site / "index.html").read_bytes() != before and not (site / "data.zarr").exists()
    assert len(names(site)) == 2  # the script of the first figure is gone too


@pytest.mark.parametrize("foreign", ["notes.txt", ".git", "index.html", "data.zarr"])
def test_a_folder_with_anything_else_in_it_is_refused_and_not_touched(foreign: str, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / foreign).write_text("<!doctype html> mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match=rf"folder: .* holds '{foreign}', .*name a folder that is new or empty"):
        figure().save_site(tmp_path / "site")
    assert names(tmp_path / "site") == [foreign] and names(tmp_path) == ["site"]


def test_a_file_and_a_folder_that_is_nowhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="is a file; name a folder"):
        figure().save_site(tmp_path / "file")
    with pytest.raises(FileNotFoundError, match="is not there to write site in; make that folder first"):
        figure().save_site(tmp_path / "no" / "site")


def test_where_writing_fails_the_earlier_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = figure().save_site(tmp_path / "site")
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(zarr_codecs, "packed", full)
    with pytest.raises(OSError, match="no space"):
        figure(5).save_site(site)
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    assert names(tmp_path) == ["site"]


def test_the_page_does_not_grow_with_the_data(tmp_path: Path) -> None:
    sizes = []
    for n in (128, 256):
        site = figure(n).save_site(tmp_path / str(n))
        sizes.append((site / "index.html").stat().st_size)
    assert sizes[1] - sizes[0] < 10 * 128 * 2  # two lists of tokens: the previews have the same size
