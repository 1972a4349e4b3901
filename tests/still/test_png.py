"""PNG files hold exactly the pixels that were written."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._still.png import png

from tests.support.png_reader import color_type, read_png


def picture(height: int, width: int, n_colors: int) -> npt.NDArray[np.uint32]:
    """Random pixels of at most `n_colors` different colors; exactly as many if there are enough pixels."""
    rng = np.random.default_rng(height + width + n_colors)
    colors = rng.choice(1 << 24, n_colors, replace=False)
    chosen = colors[rng.integers(0, n_colors, height * width)]
    chosen[: min(n_colors, chosen.size)] = colors[: chosen.size]
    return chosen.astype(np.uint32).reshape(height, width)


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (33, 17), (40, 40)])
@pytest.mark.parametrize("n_colors", [1, 2, 255, 256, 257, 1000])
def test_a_reader_finds_every_pixel_as_it_was(size: tuple[int, int], n_colors: int) -> None:
    pixels = picture(*size, n_colors)
    expected = [[(pixel // 65536, pixel // 256 % 256, pixel % 256) for pixel in row] for row in pixels.tolist()]
    assert read_png(png(pixels)) == expected


def test_up_to_256_colors_are_written_as_a_palette() -> None:
    assert [color_type(png(picture(40, 40, n))) for n in (256, 257)] == ["indexed", "truecolor"]
