"""Writes the sources of the documentation site, which `make docs` turns into out/docs.

    python -m scripts.docs

Markdown pages of the repository are copied with links that fit the site. The Python of the start page, the gallery and the questions is
run, as is the tutorial; the figures that it makes are on the page. out/mkdocs.yml is docs/site/mkdocs.yml with the navigation.
"""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

from scripts.docs import code_blocks, notebook, reference
from scripts.docs.figures import Figures
from scripts.docs.pages import ROOT, Page, first_part, pages, with_links

OUT = ROOT / "out"
SOURCES = OUT / "docs-source"


def main() -> None:
    warnings.simplefilter("ignore")  # of the libraries that run the demo model
    shutil.rmtree(SOURCES, ignore_errors=True)
    site = pages()
    for page in site:
        _write(page.file, _text(page, site))
    for _, file, text in reference.reference():
        _write(file, text)
    _write(reference.OVERVIEW, reference.overview())
    shutil.copytree(ROOT / "docs/site", SOURCES / "site", ignore=shutil.ignore_patterns("mkdocs.yml", "*.txt"))
    settings = (ROOT / "docs/site/mkdocs.yml").read_text(encoding="utf-8")
    (OUT / "mkdocs.yml").write_text(f"{settings}\nnav: {json.dumps(_navigation(site))}\n", encoding="utf-8")
    print(
        f"wrote {len(list(SOURCES.rglob('*.md')))} pages and {len(list(SOURCES.rglob('*.html')))} figures to {SOURCES}"
    )


def _text(page: Page, site: list[Page]) -> str:
    source = ROOT / page.source
    figures = Figures(SOURCES / "figures", Path(page.file).stem)
    if source.suffix == ".ipynb":
        return with_links(notebook.page(source, figures), page, site)
    text = source.read_text(encoding="utf-8")
    if page.source == "README.md":
        text = first_part(text)
    text = ("---\nhide: [toc]\n---\n\n" if page.wide else "") + with_links(text, page, site)
    return code_blocks.with_results(text, figures) if page.runs else text


def _write(file: str, text: str) -> None:
    path = SOURCES / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _navigation(site: list[Page]) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = [{page.title: page.file} for page in site if page.title]
    modules: list[object] = [reference.OVERVIEW, *({title: file} for title, file, _ in reference.reference())]
    after = 1 + next(i for i, page in enumerate(site) if page.title == "Gallery")
    return [*listed[:after], {"Reference": modules}, *listed[after:]]


if __name__ == "__main__":
    main()
