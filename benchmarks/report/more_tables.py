"""Tables of what the cases do not measure: other views, and live figures."""

from __future__ import annotations

from benchmarks.report.formats import megabytes, ratio, seconds, table
from benchmarks.report.results import Run


def each_view(run: Run) -> list[str]:
    """Title, words and table; nothing if they were not measured."""
    if not run.each_view:
        return []
    rows = [
        [
            page["shows"],
            megabytes(page["page_bytes"]),
            seconds(page["first_pixels_s"]),
            ratio(run.floor.first_pixels_s, page["first_pixels_s"]),
        ]
        for page in run.each_view.values()
    ]
    about = "Figures of `scripts/fixtures`, whole pages; beside the time how many times that of the floor page it is."
    return ["### Pages of other views", about, table(["figure", "page", "first pixels", "floor"], rows)]


def live(run: Run) -> list[str]:
    """Title, words and table; nothing if they were not measured."""
    if not run.live:
        return []
    rows = [
        [
            size,
            seconds(costs["call_s"]),
            megabytes(costs["output_bytes"]),
            seconds(costs["first_pixels_s"]),
            ratio(run.floor.first_pixels_s, costs["first_pixels_s"]),
            seconds(costs["chunk_s"]),
            megabytes(costs["chunk_bytes"]),
        ]
        for size, costs in run.live.items()
    ]
    about = (
        "Outputs of `live=True`: previews and one head. The call reads all values; any other head is encoded when it is looked at, in the "
        "time that the last columns give (`workers/live.py`)."
    )
    header = ["heads x tokens", "call", "output", "first pixels", "floor", "one more head", "its bytes"]
    return ["### Live figures: what is paid for at once, and by head", about, table(header, rows)]
