"""`python -m circuitsvis demo` writes a page with every view of a model; `serve FOLDER` shows a folder that `save_site` wrote."""

from __future__ import annotations

import argparse
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from circuitsvis import demo
from circuitsvis._demo import demo_page
from circuitsvis._store import serve

_DEMO = "One page with every view, of the demo model or of another one."
_SERVE = "Serves a folder that figure.save_site wrote, to browsers on this machine only, until Ctrl-C."

_PACKAGED = "demo"
"""Name of the model in the package."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit status."""
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _serve(options: argparse.Namespace) -> int:
    try:
        server = serve.server(options.folder, options.port)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    with server, suppress(KeyboardInterrupt):
        print(f"{options.folder} is at\n  {server.address}\nCtrl-C ends it.", flush=True)
        server.serve_forever()
    return 0


def _demo(options: argparse.Namespace) -> int:
    try:
        model, name = _model(options.model)
    except ImportError as error:
        print(error, file=sys.stderr)
        return 1
    text = demo_page.page(model, name)
    path: Path = options.out or Path(tempfile.mkdtemp(prefix="circuitsvis-")) / "demo.html"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"--out: cannot write {path}: {error.strerror}; name a file in a folder that exists", file=sys.stderr)
        return 1
    print(f"The demo page ({len(text.encode()) / 1e6:.1f} MB, works offline) is in\n  {path.resolve()}")
    if options.open and not webbrowser.open(path.resolve().as_uri()):
        print("--open: no browser could be opened on this machine; open the file from there", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m circuitsvis", description="Interactive views of attention heads.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("demo", help="write a page with every view of a real model", description=_DEMO)
    command.set_defaults(run=_demo)
    command.add_argument(
        "--out", type=Path, metavar="FILE", help="the page (default: a new file in the temporary folder)"
    )
    command.add_argument(
        "--model",
        default=_PACKAGED,
        metavar="NAME",
        help="a model that TransformerLens loads by name, e.g. gpt2-small; needs network (default: the one in the package)",
    )
    command.add_argument("--open", action="store_true", help="open the page in the browser")
    command = commands.add_parser("serve", help="show a folder that figure.save_site wrote", description=_SERVE)
    command.set_defaults(run=_serve)
    command.add_argument("folder", type=Path, metavar="FOLDER", help="the folder, with its index.html")
    command.add_argument("--port", type=int, default=0, metavar="NUMBER", help="of the address (default: a free one)")
    return parser


def _model(name: str) -> tuple[Any, str]:
    """The model, and its name on the page."""
    if name == _PACKAGED:
        return demo.load(), "A small model of simple sentences, which comes with the package,"
    return demo.load_by_name(name), name


if __name__ == "__main__":
    sys.exit(main())
