"""What a figure is in a notebook: the output of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from circuitsvis._common import notebook
from circuitsvis._live import connection
from circuitsvis._page import html_page, stills
from circuitsvis._page.bundle import bundle_of
from circuitsvis._wire import serialize, views
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.references import FromKernel, InBlocks

INLINE_LIMIT = 25_000_000
"""Largest figure, in bytes, that a notebook displays without `show(anyway=True)`: it is saved in the notebook and slows down scrolling."""


class InNotebooks:
    """The part of a `Figure` that notebooks use."""

    still: bool
    live: bool
    _props: FigureProps

    def show(self, *, anyway: bool = False) -> None:
        """Displays the figure in a notebook now, as `return_mode="view"` does.

        Args:
            anyway: display it even if it is larger than `INLINE_LIMIT`, 25 MB.

        Raises:
            RuntimeError: this Python runs in no notebook: neither in IPython nor in marimo.
        """
        notebook.require("show()", "use open_in_browser() or save(path)")
        from IPython.display import display

        if anyway and not notebook.in_marimo():  # which has no limit
            data, metadata = self._mimebundle(anyway=True)
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]  # as below
        else:
            display(self)  # type: ignore[no-untyped-call]  # IPython's own signature is untyped

    def _parts(self) -> tuple[Iterator[str], Iterator[tuple[int, str]]]:
        return serialize.to_json(self._props, InBlocks()), serialize.blocks(self._props)

    def _repr_html_(self) -> str:
        return self._mimebundle()[0]["text/html"]

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
        """The output of a notebook cell: the figure, a picture for LaTeX and PDF, and words. IPython asks for it.

        JSON and JavaScript are left out, because JupyterLab would show them instead of the figure, and SVG, because nbconvert needs
        Inkscape for it.
        """
        return self._mimebundle()

    def _mimebundle(self, *, anyway: bool = False) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
        """The output by MIME type, and the picture's size. `anyway`: also of a figure larger than `INLINE_LIMIT`."""
        still = stills.picture(self._props) if self.still else None
        light = stills.light_html(self._props, still) if self.still else ""
        data = {
            "text/html": self._html(light, anyway=anyway),
            "text/plain": stills.plain_text(self._props, repr(self), still),
        }
        if not still:
            return data, {}
        return {**data, "image/png": still.base64}, {"image/png": {"width": still.width, "height": still.height}}

    def _html(self, still: str, *, anyway: bool) -> str:
        if self.live and connection.is_possible():
            return self._live_html(self._props, still)
        figure_json, blocks = self._parts()
        pieces = list(figure_json)
        weight = sum(map(len, pieces)) + serialize.blocks_length(self._props)
        if anyway or weight <= INLINE_LIMIT:
            return html_page.fragment(pieces, blocks, still, script=bundle_of(views.names_in(self._props)))
        if connection.is_possible():
            return self._live_html(replace(self._props, notes=(*self._props.notes, _live_note(weight))), still)
        return html_page.too_heavy(weight, INLINE_LIMIT, self._props.lighter(), still)

    def _live_html(self, props: FigureProps, still: str) -> str:
        connection.require("figure.live = True")
        chunks = FromKernel(props)
        pieces = serialize.to_json(props, chunks)
        script = bundle_of(views.names_in(props))
        return html_page.fragment(pieces, (), still, script=script, live=connection.connect(chunks))


def _live_note(weight: int) -> str:
    return (
        f"This figure weighs {weight / 1e6:.0f} MB, so the notebook holds a small part of it, and the kernel gives the rest when it is "
        'looked at. figure.save("figure.html") writes all of it to a file.'
    )
