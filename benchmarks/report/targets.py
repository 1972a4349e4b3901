"""Checks the targets of the project against a run. A new target is a new line in one of the functions below `check`.

A target is left out if the run has not measured it (`--only`, `--no-peers`). It is missed if there is no number because a page
did not get so far.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.browser.page import TIMEOUT_S
from benchmarks.measurements.limits import as_base64
from benchmarks.report.results import CaseResult, Run

PAGE_LIMIT_BYTES = 2_300_000
LINES_LIMIT_BYTES = 2_500_000
IMPORT_LIMIT_S = 0.300
VERIFICATION_SHARE = 0.10
STILL_SIZE, STILL_LIMIT_S, STILL_LIMIT_BYTES = "144 x 128", 0.010, 60_000
HEAP_LIMIT_BYTES = 128_000_000
"""64 MB of decoded heads (`KEPT_CODES` in source.ts), the overview with the three strongest heads of each cell, and the rest
of the page."""

FRAME_S = 0.017


@dataclass(frozen=True)
class Target:
    """One target and what was measured."""

    promise: str
    measured: str
    met: bool


def check(run: Run) -> list[Target]:
    """All targets, in the order of the report."""
    extra = run.imports["extra_s"]
    promise = f"`import circuitsvis` < {IMPORT_LIMIT_S * 1e3:.0f} ms more than `import numpy`"
    targets = [Target(promise, f"{extra * 1e3:.0f} ms more", extra < IMPORT_LIMIT_S)]
    for case in run.cases:
        targets += _case(case, run)
    if run.attribution:
        ours, theirs = run.attribution["ours"], run.attribution["materialised"]
        for name, key in (("peak memory", "peak_bytes"), ("time", "warm_s")):
            promise = f"attribution, 48 heads x 64: {name} below that of materialised vectors"
            ratio = theirs[key] / ours[key]  # type: ignore[literal-required]  # both are keys of Attribution
            targets.append(Target(promise, f"{ratio:.1f}x less", ratio > 1))
    if run.head_scores:
        promise = "scores of 144 heads x 512 tokens x 8 sequences <= 1.5x one pass over the patterns"
        targets.append(_relative(promise, run.head_scores["scores_s"], run.head_scores["pass_s"], 1.5))
    if run.logit_lens:
        ours, theirs = run.logit_lens["ours"], run.logit_lens["materialised"]
        less = theirs["peak_bytes"] / ours["peak_bytes"]
        promise = "logit lens, 13 stages x 128: peak memory below that of materialised distributions"
        targets.append(Target(promise, f"{less:.1f}x less", less > 1))
    for call, times in run.verification.items():
        share = 1 - times["unchecked_s"] / times["checked_s"]
        promise = f"{call}, 144 heads x 128: checking the cache takes <= {VERIFICATION_SHARE:.0%} of the call"
        targets.append(Target(promise, f"{share:.1%}", share <= VERIFICATION_SHARE))
    if still := run.stills.get(STILL_SIZE):
        targets.append(_most(f"still picture, {STILL_SIZE}: made in <= 10 ms", still["seconds"], STILL_LIMIT_S, "ms"))
        size = still["picture_bytes"]
        targets.append(
            Target(f"still picture, {STILL_SIZE}: <= 60 kB", f"{size / 1e3:.0f} kB", size <= STILL_LIMIT_BYTES)
        )
    return targets


def _case(case: CaseResult, run: Run) -> Iterator[Target]:
    if case.slug == "12x128-large":
        yield from _ratios(case, run, "attention_heads", first=40, choose=100, page=12, python=10)
    if case.slug == "144x128-small":
        yield from _ratios(case, run, "attention_patterns", first=20, choose=25, page=14, python=50)
    if case.slug.startswith("144x128-"):
        yield from _gpt2_small(case, run)
    if case.slug.startswith("144x512-"):
        yield from _long(case, run)
    if case.slug.startswith(("144x1024-", "1024x128-")):
        yield from _huge(case)
    for memory in case.memory:
        bound = 2 * memory["page_bytes"]
        for name, peak in (("resident", memory["resident_bytes"]), ("traced", memory["traced_bytes"])):
            yield _most(
                f"{case.name}: peak memory of `{memory['call']}` ({name}) over the cache <= 2x the page",
                peak,
                bound,
                "MB",
            )
    if case.ours.page.switch_s is not None or case.slug.startswith("8x144x64-"):
        yield _most(f"{case.name}: switching sequences <= 100 ms", case.ours.page.switch_s, 0.100, "ms")
        blanks = case.ours.page.switch_blanks
        yield Target(f"{case.name}: no empty frame while switching", f"{blanks} frames", blanks == 0)
    if case.slug.endswith("-lines"):
        yield _most(f"{case.name}: page <= 2.5 MB", case.ours.python["page_bytes"], LINES_LIMIT_BYTES, "MB")
        yield from _ratios(case, run, "re-enacted", python=20)


def _gpt2_small(case: CaseResult, run: Run) -> Iterator[Target]:
    ours, page = case.ours, case.ours.page
    yield _relative(
        f"{case.name}: first pixels <= 3x the floor page's", page.first_pixels_s, run.floor.first_pixels_s, 3
    )
    yield _frame(f"{case.name}: choosing a head within 17 ms of the floor page's", page.choose_s, run.floor.choose_s)
    yield _frame(
        f"{case.name}: hover over cells within 17 ms of the floor page's", page.cell_hover_s, run.floor.cell_hover_s
    )
    yield _most(f"{case.name}: page <= 2.3 MB", ours.python["page_bytes"], PAGE_LIMIT_BYTES, "MB")
    if case.limits:
        yield _relative(f"{case.name}: Python <= 3x the limit", ours.python["warm_s"], case.limits["total_s"], 3)


def _long(case: CaseResult, run: Run) -> Iterator[Target]:
    page = case.ours.page
    if case.limits and case.limits["zstd_bytes"]:
        limit = as_base64(case.limits["zstd_bytes"])
        yield _relative(f"{case.name}: page <= 1.15x zstd 19 in base64", case.ours.python["page_bytes"], limit, 1.15)
    yield _relative(
        f"{case.name}: first pixels <= 10x the floor page's", page.first_pixels_s, run.floor.first_pixels_s, 10
    )
    yield _most(f"{case.name}: choosing a head <= 50 ms", page.choose_s, 0.050, "ms")
    yield _most(f"{case.name}: hover over cells <= 50 ms", page.cell_hover_s, 0.050, "ms")
    yield _most(f"{case.name}: no main-thread block over 100 ms", page.longest_task_s, 0.100, "ms")


def _huge(case: CaseResult) -> Iterator[Target]:
    page = case.ours.page
    yield Target(f"{case.name}: opens", page.problem or "yes", page.problem is None and page.first_pixels_s is not None)
    yield _most(f"{case.name}: choosing a head <= 100 ms", page.choose_s, 0.100, "ms")
    yield _most(f"{case.name}: hover over cells <= 100 ms", page.cell_hover_s, 0.100, "ms")
    yield _most(f"{case.name}: JS heap with buffers <= 128 MB", page.heap_bytes, HEAP_LIMIT_BYTES, "MB")


def _ratios(case: CaseResult, run: Run, name: str, **wanted: float) -> Iterator[Target]:
    """Targets of the form "n times sooner, faster or smaller than a peer". A peer that never drew counts as its time limit.

    The ratio that the floor page would have is shown too: if that misses the target, no page can meet it on this machine.
    """
    peer = case.peer(name)
    if peer is None:
        return
    ours, floor = case.ours, run.floor
    measures = {
        "first": ("first pixels {}x sooner", ours.page.first_pixels_s, peer.page.first_pixels_s, floor.first_pixels_s),
        "choose": ("choosing a head {}x faster", ours.page.choose_s, peer.page.choose_s, floor.choose_s),
        "page": ("page {}x smaller", ours.python["page_bytes"], peer.python["page_bytes"], None),
        "python": ("Python {}x faster", ours.python["warm_s"], peer.python["warm_s"], None),
    }
    for key, least in wanted.items():
        text, mine, theirs, possible = measures[key]
        never = theirs is None and peer.page.problem is not None
        counted = TIMEOUT_S if never else theirs or 0.0
        ratio = counted / mine if mine else 0.0
        promise = f"{case.name}: {text.format(f'>= {least:.0f}')} than {peer.tool}"
        beside = f" (the floor page: {counted / possible:.1f}x)" if possible else ""
        yield Target(promise, f"{'at least ' * never}{ratio:.1f}x{beside}", ratio >= least)


def _most(promise: str, found: float | None, most: float, unit: str) -> Target:
    scale = {"ms": 1e3, "MB": 1e-6}[unit]
    measured = "no number" if found is None else f"{found * scale:.{0 if unit == 'ms' else 2}f} {unit}"
    if unit == "MB":
        measured += f" of {most * scale:.1f} {unit}"
    return Target(promise, measured, found is not None and found <= most)


def _relative(promise: str, found: float | None, base: float | None, most: float) -> Target:
    if not found or not base:
        return Target(promise, "no number", False)
    return Target(promise, f"{found / base:.2f}x", found <= most * base)


def _frame(promise: str, found: float | None, base: float | None) -> Target:
    if found is None or base is None:
        return Target(promise, "no number", False)
    return Target(promise, f"{(found - base) * 1e3:+.0f} ms", found - base <= FRAME_S)
