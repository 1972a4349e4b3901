"""Folders, the environment of the peers, worker processes, and facts about the machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "bench"
PEERS = ROOT / ".venv-bench"
REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")


def peer_python() -> Path:
    """The Python of the peers' environment, which is installed on first use and when its requirements change."""
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = PEERS / "requirements.installed"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        progress(f"installing the peers in {PEERS.name} (once; about a minute)")
        if not python.exists():
            venv.create(PEERS, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS], check=True
        )
        stamp.write_text(wanted, encoding="utf-8")
    return python


def our_environment() -> dict[str, str]:
    """Environment variables with which `import circuitsvis` imports this checkout, compiled once as an installed package is."""
    paths = [str(ROOT / "python"), *filter(None, [os.environ.get("PYTHONPATH")])]
    others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPATH": os.pathsep.join(paths)}


WORKER_S = 900.0
"""Time limit of a worker: more than three times what the slowest one needs."""


def run_worker(python: Path, module: str, *arguments: str, ours: bool) -> dict[str, Any]:
    """The JSON that `python -m benchmarks.workers.<module>` prints, run in the repository root."""
    done = subprocess.run(
        [python, "-m", f"benchmarks.workers.{module}", *arguments],
        timeout=WORKER_S,
        cwd=ROOT,
        env=our_environment() if ours else {**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"benchmarks.workers.{module} failed with exit code {done.returncode}:\n{done.stderr[-4000:]}"
        )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def machine_facts() -> dict[str, str]:
    """The machine, its load and the versions, which a reader needs to judge the times."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%d"),
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown",
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def progress(text: str) -> None:
    """Prints a line of progress to standard error; standard output is for the report."""
    print(f"bench: {text}", file=sys.stderr, flush=True)
