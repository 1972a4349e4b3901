"""The sources of the documentation site: links between pages, code that is run, and the first part of the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.docs.code_blocks import with_results
from scripts.docs.figures import Figures
from scripts.docs.pages import Page, first_part, pages, with_links

SITE = [
    Page("README.md", "index.md", "Start"),
    Page("docs/migrating.md", "migrating.md", "Migrating"),
    Page("docs/decisions/0001-a.md", "decisions/0001-a.md"),
]


def test_a_link_between_files_becomes_a_link_between_pages() -> None:
    assert with_links("see [this](docs/migrating.md#bertviz)", SITE[0], SITE) == "see [this](migrating.md#bertviz)"
    assert with_links("see [this](../migrating.md)", SITE[2], SITE) == "see [this](../migrating.md)"
    assert with_links("see [that](../../README.md)", SITE[2], SITE) == "see [that](../index.md)"


def test_a_link_to_a_file_without_a_page_becomes_its_words() -> None:
    assert with_links("the [map](ARCHITECTURE.md) and [more](docs)", SITE[0], SITE) == "the map and more"


def test_links_to_other_hosts_and_inside_a_page_stay() -> None:
    text = "[post](https://example.org/a) and [below](#below)"
    assert with_links(text, SITE[0], SITE) == text


def test_code_is_no_link() -> None:
    text = "```python\nheads[0](tokens)\n```"
    assert with_links(text, SITE[0], SITE) == text


def test_every_page_of_the_site_is_a_file_and_has_a_place_of_its_own() -> None:
    listed = pages()
    assert len({page.file for page in listed}) == len(listed) > 40


def test_the_first_part_of_the_readme_has_its_functions_and_no_pictures() -> None:
    text = first_part((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8"))
    assert "| `attention.from_cache` |" in text and "make demo" in text
    assert "<picture>" not in text and "## Attention from arrays" not in text


def test_a_figure_is_written_to_a_file_and_framed_below_its_code(tmp_path: Path) -> None:
    text = '## Greeting\n\n```python\nfrom circuitsvis import examples\n\nexamples.hello("Ada & Eve")\n```\n\nend'
    shown = with_results(text, Figures(tmp_path / "figures", "page"))
    assert shown.startswith(text.removesuffix("\n\nend")) and shown.endswith("\n\nend")
    assert '<iframe class="figure" src="figures/page-1.html" title="Greeting"' in shown
    assert "Ada" in (tmp_path / "figures/page-1.html").read_text(encoding="utf-8")


def test_blocks_share_variables_and_show_the_value_of_their_last_line(tmp_path: Path) -> None:
    text = "# A\n```python\na = 2\n```\n```python\na + 3\n```\n```python\nprint\na = None\na\n```\n"
    shown = with_results(text, Figures(tmp_path, "page"))
    assert shown == text.replace("a + 3\n```", "a + 3\n```\n\n```text\n5\n```")


def test_a_block_that_is_not_run_is_shown_as_python(tmp_path: Path) -> None:
    shown = with_results("# A\n```python not-run\n1 / 0\n```\n", Figures(tmp_path, "page"))
    assert shown == "# A\n```python\n1 / 0\n```\n"


def test_code_that_fails_stops_the_site_and_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ZeroDivisionError[^\n]+\n1 / 0\n"):
        with_results("# A\n```python\n1 / 0\n```\n", Figures(tmp_path, "page"))


def test_files_that_code_writes_are_not_left_in_the_repository(tmp_path: Path) -> None:
    before = set(Path.cwd().iterdir())
    with_results("# A\n```python\nopen('left.txt', 'w').close()\n```\n", Figures(tmp_path, "page"))
    assert set(Path.cwd().iterdir()) == before
