"""A figure whose title and tokens must be escaped."""

from __future__ import annotations

import circuitsvis as cv
import pytest

from tests.support.caches import softmax_patterns


@pytest.fixture
def figure() -> cv.Figure:
    figure = cv.attention.from_values(softmax_patterns((2, 4, 4)), ["</script>", "ü", "\udcc3", "😀"], title="<b>x</b>")
    assert figure is not None
    return figure
