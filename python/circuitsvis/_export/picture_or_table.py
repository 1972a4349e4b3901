"""Files of a figure other than its page: tables and pictures, by their ending."""

from __future__ import annotations

from pathlib import Path

from circuitsvis._export import csv_file, pdf_file, png_file, svg_figures, tables
from circuitsvis._wire.props.figure import FigureProps


def write(props: FigureProps, file: Path, ending: str, scale: int, *, words: bool) -> None:
    """Writes the file; nothing is written if the figure has no such table or picture.

    Args:
        props: of the figure.
        file: its path.
        ending: of the path, a key of `endings.ENDINGS` other than ".html".
        scale, words: of a ".png", as `png_file.png_of` takes them.

    Raises:
        TypeError, ValueError, ImportError: as the function that makes the content.
    """
    if ending == ".csv":
        csv_file.write(tables.table_of(props), file)
    elif ending == ".png":
        file.write_bytes(png_file.png_of(props, scale, words=words))
    elif ending == ".pdf":
        file.write_bytes(pdf_file.pdf_of(props))
    else:
        file.write_text(svg_figures.svg_of(props), encoding="utf-8")
