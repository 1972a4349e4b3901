"""The report of a run, as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measurements.attribution import Attribution
from benchmarks.measurements.limits import Limits, as_base64
from benchmarks.measurements.memory import Memory
from benchmarks.report.earlier_runs import EARLIER
from benchmarks.report.formats import block, megabytes, ratio, seconds, table
from benchmarks.report.more_tables import each_view, live
from benchmarks.report.results import CaseResult, Run, ToolResult
from benchmarks.report.targets import check

MARKER = "<!-- results: written by `python -m benchmarks --record` -->"


@dataclass(frozen=True)
class Measure:
    """One row of the table of a case: its name, and how to read, write and limit its value."""

    name: str
    read: Callable[[ToolResult], float | None]
    write: Callable[[float | None], str]
    limit: Callable[[CaseResult, Run], float | None] = lambda _case, _run: None


def _python_limit(case: CaseResult, _: Run) -> float | None:
    return case.limits["total_s"] if case.limits else None


def _page_limit(case: CaseResult, _: Run) -> float | None:
    return as_base64(case.limits["zstd_bytes"]) if case.limits and case.limits["zstd_bytes"] else None


def markdown(run: Run) -> str:
    """The whole report: the machine, the targets, our results at every size, one table per case."""
    parts = [
        _machine(run),
        _targets(run),
        _ours(run),
        *(_case(case, run) for case in run.cases),
        *_attribution(run),
        *_head_scores(run),
        *_logit_lens(run),
        *_verification(run),
        *_stills(run),
        *_many_figures(run),
        *each_view(run),
        *live(run),
    ]
    return "\n\n".join(parts) + "\n"


def record(report: str, readme: Path, marker: str, until: str | None = None) -> None:
    """Replaces all text after the marker line in the README, or the text up to the marker line `until`."""
    before, _, after = readme.read_text(encoding="utf-8").partition(marker)
    rest = f"\n{until}{after.partition(until)[2]}" if until else ""
    readme.write_text(f"{before}{marker}\n\n{report}{rest}", encoding="utf-8")


MEASURES = (
    Measure("Python, warm call", lambda t: t.python["warm_s"], seconds, _python_limit),
    Measure("Python, first call", lambda t: t.python["first_s"], seconds),
    Measure("page", lambda t: t.python["page_bytes"], megabytes, _page_limit),
    Measure("first pixels", lambda t: t.page.first_pixels_s, seconds, lambda _, run: run.floor.first_pixels_s),
    Measure("all visible pictures", lambda t: t.page.all_pixels_s, seconds, lambda _, run: run.floor.all_pixels_s),
    Measure("choosing a head", lambda t: t.page.choose_s, seconds, lambda _, run: run.floor.choose_s),
    Measure("hover over cells", lambda t: t.page.cell_hover_s, seconds, lambda _, run: run.floor.cell_hover_s),
    Measure("longest main-thread block", lambda t: t.page.longest_task_s, block),
    Measure("JS heap, buffers", lambda t: t.page.heap_bytes, megabytes, lambda _, run: run.floor.heap_bytes),
)


def _machine(run: Run) -> str:
    facts = "; ".join(f"{name}: {value}" for name, value in run.machine.items())
    imports = run.imports
    return (
        f"Machine: {facts}.\n\nImport in a fresh process: numpy {seconds(imports['numpy_s'])}, "
        f"circuitsvis (ours) {seconds(imports['circuitsvis_s'])}."
    )


def _ours(run: Run) -> str:
    names = {"Python, warm call", "page", "first pixels", "choosing a head", "hover over cells"}
    names |= {"longest main-thread block", "JS heap, buffers"}
    shown = [measure for measure in MEASURES if measure.name in names]
    rows = [[case.name, *(measure.write(measure.read(case.ours)) for measure in shown)] for case in run.cases]
    return "### Ours at every size\n\n" + table(["", *(measure.name for measure in shown)], rows)


def _attribution(run: Run) -> list[str]:
    about = (
        "Ours is the whole page, with embeddings, MLPs and biases; beside it the heads' numbers alone, by the fork's formula "
        "re-enacted: what each head writes from each source held as [component, dest, src, d_model] (`workers/attribution.py`)."
    )
    return _beside("### Attribution: 48 heads x 64 tokens, d_model 768", about, run.attribution)


def _logit_lens(run: Run) -> list[str]:
    about = (
        "Ours is the whole page; beside it the same numbers from all distributions at once (`workers/logit_lens.py`)."
    )
    return _beside("### Logit lens: 13 stages x 128 tokens, vocabulary of 20,000", about, run.logit_lens)


def _beside(title: str, about: str, results: dict[str, Attribution]) -> list[str]:
    if not results:
        return []
    ours, theirs = results["ours"], results["materialised"]
    rows = [
        [name, write(mine), write(other), ratio(mine, other)]
        for name, write, mine, other in (
            ("Python, warm call", seconds, ours["warm_s"], theirs["warm_s"]),
            ("peak memory", megabytes, ours["peak_bytes"], theirs["peak_bytes"]),
        )
    ]
    return [title, about, table(["", "ours", "materialised", "ratio"], rows)]


def _head_scores(run: Run) -> list[str]:
    if run.head_scores is None:
        return []
    times = run.head_scores
    ours = times["scores_s"]
    title = "### Scores of heads: 144 heads x 512 tokens x 8 sequences"
    about = (
        "All scores of a cache of patterns; beside them the sum of its values by numpy, which reads it once, in one thread and in all that "
        "the machine has; and the logarithms alone that entropies need, in all threads (`workers/head_scores.py`)."
    )
    rows = [["heads.scores", seconds(ours), "", ""]]
    for name, value in (("one pass", times["pass_s"]), ("one pass, all threads", times["threads_pass_s"])):
        rows.append([name, seconds(value), ratio(value, ours), f"{times['bytes'] / value / 1e9:.1f} GB/s"])
    rows.append(["logarithms, all threads", seconds(times["logarithms_s"]), ratio(times["logarithms_s"], ours), ""])
    return [title, about, table(["", "time", "heads.scores takes", "reads"], rows)]


def _verification(run: Run) -> list[str]:
    if not run.verification:
        return []
    rows = [
        [
            call,
            seconds(times["checked_s"]),
            seconds(times["unchecked_s"]),
            ratio(times["checked_s"], times["unchecked_s"]),
        ]
        for call, times in run.verification.items()
    ]
    title = "### Checking the cache: 144 heads x 128 tokens, d_model 768"
    about = "The same calls with the comparisons of the cache's numbers and without, in turn in one process (`workers/verification.py`)."
    return [title, about, table(["", "with checks", "without", "ratio"], rows)]


def _stills(run: Run) -> list[str]:
    if not run.stills:
        return []
    rows = [
        [size, seconds(cost["seconds"]), f"{cost['picture_bytes'] / 1e3:.0f} kB", megabytes(cost["page_bytes"])]
        for size, cost in run.stills.items()
    ]
    title = "### The still picture of a notebook's output: heads x tokens"
    about = "The time of the picture alone, and the bytes of its PNG file beside those of the live page (`workers/still.py`)."
    return [title, about, table(["", "Python", "picture", "page"], rows)]


def _many_figures(run: Run) -> list[str]:
    if not run.many_figures:
        return []
    rows = [
        [str(count), megabytes(page["page_bytes"]), seconds(page["seconds"]), megabytes(page["heap_bytes"])]
        for count, page in run.many_figures.items()
    ]
    title = "### Many figures in a notebook's page: 12 heads x 16 tokens each"
    about = "Each output has the bundle, so that it works alone; the page unpacks and evaluates it once. The time until all are drawn."
    return [title, about, table(["figures", "page", "all drawn", "JS heap, buffers"], rows)]


def _case(case: CaseResult, run: Run) -> str:
    header = ["", "ours", *(cell for peer in case.peers for cell in (peer.tool, "ratio")), "floor"]
    rows = []
    for measure in MEASURES:
        ours = measure.read(case.ours)
        row = [measure.name, measure.write(ours)]
        for peer in case.peers:
            theirs = measure.read(peer)
            row += [measure.write(theirs), ratio(ours, theirs)]
        rows.append([*row, measure.write(measure.limit(case, run))])
    return "\n\n".join([f"### {case.name}", table(header, rows), *_notes(case)])


def _notes(case: CaseResult) -> list[str]:
    notes = [_limits(case.limits)] if case.limits else []
    if case.ours.from_values:
        notes.append(f"Ours by `from_values`, without value vectors: {seconds(case.ours.from_values['warm_s'])}.")
    if case.ours.page.switch_s is not None:
        notes.append(
            f"Switching sequences: {seconds(case.ours.page.switch_s)}; {case.ours.page.switch_blanks} empty frames."
        )
    notes += map(_memory, case.memory)
    for tool in (case.ours, *case.peers):
        if tool.page.problem:
            notes.append(f"{tool.tool}: {tool.page.problem}.")
        if tool.page.errors:
            notes.append(f"{tool.tool}: page error: {tool.page.errors[0]}.")
        if tool.page.served:
            notes.append(f"{tool.tool}: got {len(tool.page.served)} scripts that it loads from a CDN.")
        if tool.page.requests:
            notes.append(f"{tool.tool}: asked the network for {len(tool.page.requests)} files (refused).")
    return [*notes, *filter(None, [EARLIER.get(case.slug)])]


def _memory(memory: Memory) -> str:
    return (
        f"Peak memory of `{memory['call']}` over what the process held before (a cache of {megabytes(memory['input_bytes'])}): "
        f"resident {megabytes(memory['resident_bytes'])}, tracemalloc {megabytes(memory['traced_bytes'])}; the page is "
        f"{megabytes(memory['page_bytes'])}."
    )


def _limits(limits: Limits) -> str:
    text = (
        f"Floor of Python: memcpy {seconds(limits['memcpy_s'])}, quantise and crop {seconds(limits['quantise_s'])}, "
        f"{limits['compressor']} {seconds(limits['compress_s'])} to {megabytes(limits['encoded_bytes'])} in base64, "
        f"base64 {seconds(limits['base64_s'])}."
    )
    if limits["zstd_bytes"]:
        text += (
            f" zstd 19 of the same byte planes: {megabytes(limits['zstd_bytes'])}, in base64 "
            f"{megabytes(as_base64(limits['zstd_bytes']))} (measured on {limits['zstd_heads']} heads)."
        )
    return text


def _targets(run: Run) -> str:
    targets = check(run)
    rows = [(target.promise, target.measured, "pass" if target.met else "FAIL") for target in targets]
    return f"### Targets: {sum(target.met for target in targets)} of {len(targets)} met\n\n" + table(
        ("promise", "measured", ""), rows
    )
