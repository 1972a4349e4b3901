"""Pages of the functions in `circuitsvis.examples`."""

from __future__ import annotations

from tests.circuitsvis1.shown.reader import Reader
from tests.support import page_data

READERS = {
    "examples.hello": Reader(
        ours=lambda figure, _: {"name": page_data.read(figure.data).props["name"]},
        theirs=lambda props, _: {"name": props["name"]},
    )
}
