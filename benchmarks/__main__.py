"""One run on one machine: the report on standard output, and the report, JSON, pages and screenshots in out/bench/."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.browser.cdn_scripts import install_scripts
from benchmarks.browser.page import PageTimes, measure_page
from benchmarks.cases import CASES, QUICK, Case, Peer
from benchmarks.drop_in_cases import FUNCTIONS, SLUGS, Function, find
from benchmarks.environments import OUT, machine_facts, peer_python, progress, run_worker
from benchmarks.inputs.patterns import save_inputs
from benchmarks.inputs.queries_and_keys import save_computation
from benchmarks.measurements.attribution import measure_attribution, measure_logit_lens
from benchmarks.measurements.drop_in import measure_drop_in
from benchmarks.measurements.each_view import measure_each_view
from benchmarks.measurements.head_scores import measure_head_scores
from benchmarks.measurements.imports import measure_imports
from benchmarks.measurements.limits import Limits, Zstd, measure_limits
from benchmarks.measurements.live import measure_live
from benchmarks.measurements.many_figures import measure_many_figures
from benchmarks.measurements.memory import Memory, measure_memory
from benchmarks.measurements.still import measure_still
from benchmarks.measurements.verification import measure_verification
from benchmarks.report.drop_in import DROP_IN_MARKER, drop_in_report
from benchmarks.report.markdown import MARKER, markdown, record
from benchmarks.report.results import CaseResult, Run, ToolResult
from benchmarks.report.targets import check

README = Path(__file__).with_name("README.md")
FLOOR = Path(__file__).parent / "browser" / "floor.html"


HUGE_BYTES = 100_000_000
"""Inputs and pages of this size are deleted after they are measured."""


def main() -> int:
    """Measures, prints and saves. Returns exit code 1 if a target is missed and `--strict` is set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    slugs = [case.slug for case in CASES]
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--only", metavar="CASE", nargs="+", choices=slugs, default=slugs, help=f"of {', '.join(slugs)}"
    )
    chosen.add_argument("--quick", dest="only", action="store_const", const=QUICK, help=f"only {', '.join(QUICK)}")
    chosen.add_argument(
        "--drop-in",
        metavar="FUNCTION",
        nargs="*",
        help=f"only functions of circuitsvis 1.43.3, beside it: all, or some of {', '.join(SLUGS)}",
    )
    parser.add_argument("--no-peers", action="store_true", help="measure only circuitsvis")
    parser.add_argument("--strict", action="store_true", help="exit code 1 if a target is missed")
    parser.add_argument("--record", action="store_true", help="write the results into benchmarks/README.md")
    options = parser.parse_args()
    unknown = set(options.drop_in or ()) - set(SLUGS)
    if unknown:
        parser.error(f"--drop-in: choose from {', '.join(SLUGS)}, not {', '.join(unknown)}")

    OUT.mkdir(parents=True, exist_ok=True)
    peers = None if options.no_peers else peer_python()
    if peers and options.drop_in is None:
        install_scripts()
    if options.drop_in is not None:
        return _drop_in([find(slug) for slug in options.drop_in] or list(FUNCTIONS), peers, options)
    started = time.monotonic()
    progress("imports, the floor page")
    run = Run(machine=machine_facts(), imports=measure_imports(), floor=measure_page(FLOOR))
    for _, group in groupby((case for case in CASES if case.slug in options.only), _inputs_name):
        cases = list(group)
        inputs = _make_inputs(cases[0])
        limits = _limits(cases[0], inputs, peers)
        run.cases += [_measure(case, inputs, limits, peers) for case in cases]
        _delete_huge()
    if options.only in (slugs, QUICK):
        progress("attribution")
        run.attribution = measure_attribution()
        progress("scores of heads")
        run.head_scores = measure_head_scores()
        progress("logit lens")
        run.logit_lens = measure_logit_lens()
        progress("verification")
        run.verification = measure_verification()
        progress("stills")
        run.stills = measure_still()
        progress("many figures")
        run.many_figures = measure_many_figures()
        progress("pages of other views")
        run.each_view = measure_each_view()
        progress("live figures")
        run.live = measure_live()
    run.machine["measured in"] = f"{(time.monotonic() - started) / 60:.0f} minutes"
    report = markdown(run)
    (OUT / "results.json").write_text(json.dumps(run.as_json(), indent=1), encoding="utf-8")
    (OUT / "results.md").write_text(report, encoding="utf-8")
    print(report)
    if options.record:
        record(report, README, MARKER)
    progress("also written to out/bench: results.md, results.json, the pages and their screenshots")
    return 1 if options.strict and not all(target.met for target in check(run)) else 0


def _drop_in(functions: list[Function], peers: Path | None, options: argparse.Namespace) -> int:
    facts = machine_facts()  # now, because they include the load before the run
    results = [result for function in functions for result in measure_drop_in(function, peers)]
    floor = measure_page(FLOOR)
    report, met = drop_in_report(results, floor, facts)
    (OUT / "drop_in.json").write_text(
        json.dumps([dataclasses.asdict(each) for each in results], indent=1), encoding="utf-8"
    )
    (OUT / "drop_in.md").write_text(report, encoding="utf-8")
    print(report)
    if options.record:
        record(report, README, DROP_IN_MARKER, until=MARKER)
    return 1 if options.strict and not met else 0


def _measure(case: Case, inputs: Path, limits: Limits | None, peers: Path | None) -> CaseResult:
    ours = _measure_ours(case, inputs)
    return CaseResult(
        case.name,
        case.slug,
        ours=ours,
        limits=limits,
        peers=[_measure_peer(case, peer, inputs, peers) for peer in case.peers] if peers else [],
        memory=_measure_memory(case, inputs) if case.memory else [],
    )


def _measure_ours(case: Case, inputs: Path) -> ToolResult:
    progress(f"{case.name}: ours")
    page = OUT / f"ours-{case.slug}.html"
    result = run_worker(Path(sys.executable), "ours", str(inputs), case.mode, str(page), ours=True)
    return ToolResult(
        tool=f"circuitsvis {result['version']}",
        python=result["call"],
        from_values=result["from_values"],
        page=measure_page(page, screenshots=True, gestures=case.gestures(), batch=case.size.sequences > 1),
    )


def _measure_peer(case: Case, peer: Peer, inputs: Path, python: Path) -> ToolResult:
    progress(f"{case.name}: {peer.name}")
    page = OUT / f"{peer.call}-{case.slug}.html"
    result = run_worker(python, peer.worker, str(inputs), peer.call, str(page), ours=False)
    return ToolResult(
        tool=peer.name,
        python=result["call"],
        page=measure_page(page, screenshots=True, gestures=case.gestures(peer)) if peer.draws else PageTimes(),
    )


def _measure_memory(case: Case, inputs: Path) -> list[Memory]:
    progress(f"{case.name}: memory")
    return measure_memory(inputs, case.mode, OUT / f"memory-{case.slug}.html")


def _inputs_name(case: Case) -> str:
    return f"{'lines ' * (case.mode == 'lines')}{case.size.slug}"


def _make_inputs(case: Case) -> Path:
    progress(f"making the values of {case.size.name}")
    return (save_computation if case.mode == "lines" else save_inputs)(case.size, OUT)


def _limits(case: Case, inputs: Path, peers: Path | None) -> Limits | None:
    if case.mode == "lines":
        return None
    zstd = run_worker(peers, "zstd", str(inputs), ours=False) if peers else None
    with np.load(inputs) as data:
        return measure_limits(data["patterns"], cast("Zstd | None", zstd))


def _delete_huge() -> None:
    for path in (*OUT.glob("*.npz"), *OUT.glob("*.html")):
        if path.stat().st_size > HUGE_BYTES:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
