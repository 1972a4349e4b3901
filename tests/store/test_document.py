"""The code in docs/store.md runs as it stands, and its table names the arrays that there are."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from scripts.fixtures.catalogue import FIGURES
from tests.support import reference

TEXT = (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
FIGURES_OF_ALL_ARRAYS = ("small-batch-dropdown", "lines-batch", "lines-alibi", "attribution-batch")


class Plot(ModuleType):
    """What stands for matplotlib, which is not needed for anything else: it keeps the picture."""

    picture: Any

    def imshow(self, picture: Any, **_: float) -> None:
        self.picture = picture

    def xticks(self, *_: Any, **__: Any) -> None: ...

    def title(self, _: str) -> None: ...


@pytest.mark.filterwarnings("ignore:.*Zarr (version|format) 3 specification")
def test_the_code_reads_the_pattern_of_the_head_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zarr"), pytest.importorskip("xarray")
    plot = Plot("matplotlib.pyplot")
    monkeypatch.setitem(sys.modules, "matplotlib", ModuleType("matplotlib"))
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", plot)
    monkeypatch.setattr(sys.modules["matplotlib"], "pyplot", plot, raising=False)
    monkeypatch.chdir(tmp_path)
    figure = FIGURES["small-12-heads"]()
    figure.save_site("site")
    names: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        exec(code, names)  # noqa: S102  # the code of the document
    pattern = reference.decode(reference.props(figure).sequences[0].attention)
    np.testing.assert_allclose(plot.picture, pattern[1], atol=1e-6)
    np.testing.assert_allclose(names["pattern"], pattern[1], atol=1e-6)
    np.testing.assert_allclose(names["attention_to_first"], pattern[:, :, 0].mean(1), atol=1e-6)


def test_the_tables_name_all_arrays(tmp_path: Path) -> None:
    found: set[str] = set()
    for name in FIGURES_OF_ALL_ARRAYS:
        site = FIGURES[name]().save_site(tmp_path / name)
        found |= {file.parent.name for file in site.glob("data.zarr/sequence_*/*/zarr.json")}
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", TEXT, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"\w+", row)} == found
