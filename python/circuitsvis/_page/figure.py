"""The figure that every public function returns."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from circuitsvis._export import data_frame, endings, picture_or_table, tables
from circuitsvis._export.table import Column
from circuitsvis._page import html_page
from circuitsvis._page.bundle import Bundle, bundle_of
from circuitsvis._page.in_apps import InApps
from circuitsvis._page.in_notebooks import InNotebooks
from circuitsvis._page.site import AsSite
from circuitsvis._wire import calls, serialize, views
from circuitsvis._wire.props.figure import FigureProps

if TYPE_CHECKING:
    import pandas

ReturnMode = Literal["html", "view", "browser"]

_BATCH = 1_000_000
"""Characters that are joined at once. Smaller batches take longer; of larger batches, more is in memory twice."""


class Figure(InApps, InNotebooks, AsSite):
    """A visualisation. A notebook shows it as the last line of a cell, or by `IPython.display.display(figure)`.

    Its page is one self-contained HTML file that makes no network requests.

    Attributes:
        data: the complete HTML document as text. To write it to a file, use `save`, or encoding="utf-8".
        still: whether outputs of notebooks hold a still picture too, for where no script runs: untrusted notebooks, GitHub, PDF. It
            weighs 5 to 60 kB (300 kB with 1,024 heads), and stands in the HTML and beside it. `figure.still = False` leaves it out of
            one figure, `cv.figure.Figure.still = False` of all.
        live: whether outputs of notebooks hold the previews and one head alone, and get every other from the kernel when it is looked
            at. Needs anywidget. A figure of more than 25 MB is live by itself where anywidget is installed. Files hold all of a figure.
    """

    still: bool = True
    live: bool = False

    def __init__(self, props: FigureProps, *, live: bool = False) -> None:
        self._props = calls.signed(props)
        if live:
            self.live = True

    @property
    def data(self) -> str:
        """The complete HTML document."""
        return _joined(self._document())

    local_src = data
    """The same, as CircuitsVis 1 calls its page with the script in it."""

    cdn_src = data
    """The same, as CircuitsVis 1 calls its page that loads the script from a server. This one loads nothing."""

    def show_code(self) -> str:
        """The complete HTML document: `data`, by its name in CircuitsVis 1."""
        return self.data

    def save(self, path: str | Path, *, scale: int = 1, words: bool = True) -> Path:
        """Writes the figure to a file and returns its path. The folder must exist.

        Args:
            path: its ending says what is written. ".html": the interactive page, as UTF-8. ".csv": all values of the figure as the
                table of `to_dict`, as UTF-8, with 9 digits and nothing where there is no value.

                ".svg": one head as a labelled heatmap, the one that `focus=` chose or the view starts with; of an attribution, else the
                sum of all heads; of a score map the map, of patching the grid, of an edge the table. Axes, labels and legend are text.
                Figures of tokens and of all heads have none.
                ".pdf": the same on a page of its size, with words as text, by Typst. ".png": the same as pixels, drawn by resvg. For both:
                pip install "circuitsvis[export]".
            scale: of a ".png": pixels for one of the page, 1 to 4.
            words: of a ".png": False draws cells alone, the picture and thumbnails of all heads, without another library.

        Raises:
            ValueError: another ending, or none; a figure that starts with all heads as ".svg" or ".pdf", or as ".png" with words; another
                scale; scale or words for another ending than ".png".
            TypeError: a figure without numbers as ".csv", or without a heatmap as ".svg", ".pdf" or ".png".
            ImportError: a ".pdf", or a ".png" with words, and the library is not installed.
        """
        file = Path(path)
        ending = endings.ending_of(file)
        endings.check_only_of_png(ending, scale=scale != 1, words=words is not True)
        if ending != ".html":
            picture_or_table.write(self._props, file, ending, scale, words=words)
        else:
            pieces = self._document()
            head = next(pieces)
            with file.open("w", encoding="utf-8") as out:
                out.write(head)
                out.writelines(pieces)
        return file

    def to_dict(self) -> dict[str, Column]:
        """All values that the figure holds as a table: the names of its columns, and a numpy array for each.

        Values are those of the page, decoded from its data: NaN where there is none, and as exact as the function that made the figure
        states. A row is one value: of attention, one head, destination and source ("attention", and for other attention types
        a weight such as "value_weight" and the product "value_weighted"; in mode="lines" also "dot", "added_term" and "score").
        Masked cells have no row. Of an attribution, the rows of one destination add up to its logit; components other than heads
        have no source. Positions, layers of neurons and neurons count from 0, ranks from 1.

        Raises:
            TypeError: the figure holds no numbers.
        """
        return tables.table_of(self._props).arrays()

    def to_pandas(self) -> pandas.DataFrame:
        """The table of `to_dict` as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed.
            TypeError: the figure holds no numbers.
        """
        return data_frame.data_frame(tables.table_of(self._props))

    def open_in_browser(self) -> Path:
        """Writes the page to a file in the temporary folder, opens it in the default browser, and returns its path.

        Raises:
            RuntimeError: no browser could be opened. The text names the file.
        """
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="circuitsvis-", suffix=".html", delete=False
        ) as file:
            file.writelines(self._document())
        path = Path(file.name)
        try:
            opened = webbrowser.open(path.as_uri())
        except webbrowser.Error:
            opened = False
        if not opened:
            raise RuntimeError(
                f"return_mode: no browser could be opened on this machine; the page is in {path}: "
                'open it from there, or use return_mode="html" and .save(path)'
            )
        return path

    def _document(self) -> Iterator[str]:
        script = bundle_of(views.names_in(self._props))
        return html_page.document(wrapper(self, script), self._props.title, script=script)

    def __html__(self) -> str:
        """What a notebook shows, for template engines."""
        return self._repr_html_()

    def __str__(self) -> str:
        return self.data

    def __repr__(self) -> str:
        summary = self._props.summary()
        return f"<circuitsvis {views.name_of(self._props)}{': ' if summary else ''}{summary}>"


def deliver(figure: Figure, return_mode: ReturnMode) -> Figure | None:
    """Returns the figure if return_mode="html"; else displays it, and returns None as the public function does.

    A notebook would display a returned figure a second time.
    """
    if return_mode == "html":
        return figure
    if return_mode == "view":
        figure.show()
    else:
        figure.open_in_browser()
    return None


def wrapper(figure: Figure, script: Bundle | None = None) -> Iterator[str]:
    """The figure as a part of a `html_page.document`, in pieces. `script`: the document's."""
    return html_page.wrapper(*figure._parts(), script=script)


def to_json(figure: Figure) -> str:
    """The view's name and its props, with all chunks: ASCII."""
    return "".join(serialize.to_json(figure._props))


def _joined(pieces: Iterable[str]) -> str:
    """The pieces as one text. `str.join` first collects all pieces; CPython extends a text in place, batch by batch."""
    text = ""
    batch: list[str] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece)
        if size > _BATCH:
            text += "".join(batch)
            batch.clear()
            size = 0
    text += "".join(batch)
    return text
