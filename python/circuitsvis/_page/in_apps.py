"""What a figure is in apps (Streamlit, Gradio, Panel, Flask) and in marimo: an `<iframe>`."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from circuitsvis._common import checks
from circuitsvis._live import connection
from circuitsvis._page import frame, html_page, stills
from circuitsvis._page.bundle import bundle_of
from circuitsvis._wire import serialize, views
from circuitsvis._wire.props.figure import DisplayMode, FigureProps
from circuitsvis._wire.references import FromKernel, InBlocks

LOWEST = 100
"""CSS pixels of the lowest frame that can be asked for."""

MARIMO_LIMIT = 7_000_000
"""Characters of an output that marimo takes, 8 MB, with some to spare. It serves longer pages as files, until its kernel ends."""


class InApps:
    """The part of a `Figure` that apps use."""

    still: bool
    live: bool
    _props: FigureProps

    def iframe(self, *, height: int | None = None, display_mode: DisplayMode | None = None) -> frame.Frame:
        """The figure as an `<iframe>` with its whole page in it, for apps that insert HTML without running scripts.

        It is text, and an object that template engines and notebooks take as HTML: `st.iframe(figure.iframe())`,
        `gr.HTML(figure.iframe())`, `pn.pane.HTML(figure.iframe())`, `mo.Html(figure.iframe())`, `{{ figure.iframe() }}` in Jinja. Its
        width is that of its place, and it needs no network.

        Args:
            height: in CSS pixels, at least 100; a higher figure scrolls inside the frame. None: the frame is made as high as the figure,
                also when the figure changes. Where the app keeps the page from reaching its frame (a sandbox without
                "allow-same-origin"), that is 480 pixels with a scroll bar; the page then sends `{circuitsvis: {height}}` to its parent
                window by `postMessage`.
            display_mode: "dark" or "light": a panel of that theme. "auto": the theme of the app, also when it changes; light where a
                sandbox hides the app. None: the figure's own.

        Raises:
            ValueError: a height below 100, or another display_mode.
            TypeError: a height that is not a whole number.
        """
        if height is not None and checks.integer("height", height) < LOWEST:
            raise ValueError(
                f"height: must be at least {LOWEST} CSS pixels, got {height}; leave it out for the figure's own height"
            )
        if display_mode is not None:
            checks.one_of("display_mode", display_mode, get_args(DisplayMode))
        return frame.frame(
            self._page_in_frame(height is None, display_mode), self._props.title, height, self._light_html()
        )

    def _page_in_frame(self, tells_height: bool, display_mode: DisplayMode | None) -> str:
        props = replace(self._props, display_mode=display_mode) if display_mode else self._props
        script = bundle_of(views.names_in(props))
        wrapper = html_page.wrapper(serialize.to_json(props, InBlocks()), serialize.blocks(props), script=script)
        return frame.page_in_frame(wrapper, props.title, tells_height=tells_height, script=script)

    def _live_frame(self) -> str:
        """The frame of a page that gets its heads from the kernel of marimo."""
        chunks = FromKernel(self._props)
        key, widget = connection.connect_in_marimo(chunks)
        script = bundle_of(views.names_in(self._props))
        wrapper = html_page.wrapper(serialize.to_json(self._props, chunks), script=script, live=key)
        page = frame.page_in_frame(wrapper, self._props.title, tells_height=True, script=script)
        return frame.frame(page, self._props.title, None, self._light_html()) + widget

    def _light_html(self) -> str:
        return stills.light_html(self._props, stills.picture(self._props)) if self.still else ""

    def _mime_(self) -> tuple[Literal["text/html"], str]:
        """The output of a marimo cell. Of `_repr_html_`, marimo would make a frame that has neither the theme nor the height."""
        if self.live and connection.is_possible_in_marimo():
            return "text/html", self._live_frame()
        inline = self.iframe()
        if len(inline) < MARIMO_LIMIT:
            return inline._mime_()
        import marimo  # which has called this method

        return "text/html", marimo.iframe(self._page_in_frame(True, None)).text
