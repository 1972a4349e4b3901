"""The results of a run, in the structure of results.json."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from benchmarks.browser.page import PageTimes
from benchmarks.measurements.attribution import Attribution
from benchmarks.measurements.each_view import ViewPage
from benchmarks.measurements.head_scores import HeadScoreTimes
from benchmarks.measurements.imports import ImportTimes
from benchmarks.measurements.limits import Limits
from benchmarks.measurements.live import LiveOutput
from benchmarks.measurements.many_figures import ManyFigures
from benchmarks.measurements.memory import Memory
from benchmarks.measurements.still import StillCost
from benchmarks.measurements.verification import Verification
from benchmarks.timing import CallTimes


@dataclass
class ToolResult:
    """The results of one tool on one case; a page that was not opened has no times."""

    tool: str
    python: CallTimes
    page: PageTimes
    from_values: CallTimes | None = None


@dataclass
class CaseResult:
    """The results of one case: ours, those of the peers, and the limits for the same patterns (None for lines views)."""

    name: str
    slug: str
    ours: ToolResult
    limits: Limits | None
    peers: list[ToolResult]
    memory: list[Memory] = field(default_factory=list)

    def peer(self, name: str) -> ToolResult | None:
        """The peer whose name contains `name`, or None."""
        return next((each for each in self.peers if name in each.tool), None)


@dataclass
class Run:
    """Everything that one run measured."""

    machine: dict[str, str]
    floor: PageTimes
    imports: ImportTimes
    cases: list[CaseResult] = field(default_factory=list)
    attribution: dict[str, Attribution] = field(default_factory=dict)
    head_scores: HeadScoreTimes | None = None
    logit_lens: dict[str, Attribution] = field(default_factory=dict)
    verification: dict[str, Verification] = field(default_factory=dict)
    stills: dict[str, StillCost] = field(default_factory=dict)
    many_figures: dict[int, ManyFigures] = field(default_factory=dict)
    each_view: dict[str, ViewPage] = field(default_factory=dict)
    live: dict[str, LiveOutput] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The run as dicts and lists."""
        return dataclasses.asdict(self)
