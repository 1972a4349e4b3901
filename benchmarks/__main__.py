"""`python -m benchmarks`: one run on one machine; the table on standard output, everything in out/bench/."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.browser import measure_page
from benchmarks.cases import CASES, Case, Peer
from benchmarks.environments import OUT, machine_facts, peer_python, progress, run_worker
from benchmarks.imports import measure_imports
from benchmarks.limits import measure_limits
from benchmarks.patterns import save_inputs
from benchmarks.report import markdown, record
from benchmarks.results import CaseResult, Run, ToolResult
from benchmarks.targets import check

README = Path(__file__).with_name("README.md")
FLOOR = Path(__file__).with_name("floor.html")


def main() -> int:
    """Measure, print, save. Exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    slugs = [case.slug for case in CASES]
    parser.add_argument(
        "--only", metavar="CASE", nargs="+", choices=slugs, default=slugs, help=f"of {', '.join(slugs)}"
    )
    parser.add_argument("--no-peers", action="store_true", help="measure ours alone (a minute)")
    parser.add_argument("--record", action="store_true", help="put the results into benchmarks/README.md")
    options = parser.parse_args()

    OUT.mkdir(parents=True, exist_ok=True)
    peers = None if options.no_peers else peer_python()
    progress("imports, the floor page")
    run = Run(machine=machine_facts(), imports=measure_imports(), floor=measure_page(FLOOR))
    for case in CASES:
        if case.slug in options.only:
            run.cases.append(_measure(case, peers))
    report = markdown(run)
    (OUT / "results.json").write_text(json.dumps(run.as_json(), indent=1), encoding="utf-8")
    (OUT / "results.md").write_text(report, encoding="utf-8")
    print(report)
    if options.record:
        record(report, README)
    progress("also written to out/bench/results.md and results.json; the pages and their screenshots lie beside them")
    return 0 if all(target.met for target in check(run)) else 1


def _measure(case: Case, peers: Path | None) -> CaseResult:
    inputs = save_inputs(case.size, OUT)
    with np.load(inputs) as data:
        limits = measure_limits(data["patterns"])
    ours = _measure_ours(case, inputs)
    theirs = [_measure_peer(case, peer, inputs, peers) for peer in case.peers] if peers else []
    return CaseResult(case.name, case.slug, ours=ours, limits=limits, peers=theirs)


def _measure_ours(case: Case, inputs: Path) -> ToolResult:
    progress(f"{case.name}: ours")
    page = OUT / f"ours-{case.slug}.html"
    result = run_worker(Path(sys.executable), "worker_ours", str(inputs), case.mode, str(page), ours=True)
    return ToolResult(
        tool=f"circuitsvis {result['version']}",
        python=result["call"],
        from_values=result["from_values"],
        page=measure_page(page, screenshot=page.with_suffix(".png")),
    )


def _measure_peer(case: Case, peer: Peer, inputs: Path, python: Path) -> ToolResult:
    progress(f"{case.name}: {peer.name}")
    page = OUT / f"{peer.call}-{case.slug}.html"
    result = run_worker(python, peer.worker, str(inputs), peer.call, str(page), ours=False)
    return ToolResult(
        tool=peer.name, python=result["call"], page=measure_page(page, screenshot=page.with_suffix(".png"))
    )


if __name__ == "__main__":
    sys.exit(main())
