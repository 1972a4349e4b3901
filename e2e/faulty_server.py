"""A server of a folder that answers late, cuts files off, drops connections, loses and exchanges files, as a test asks it to."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Fault = Literal["late", "dropped", "cut off", "lost", "exchanged", "changed", "empty", "refused", "shortened"]

_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}


class FaultyServer:
    """Serves a folder.

    Attributes:
        faults: by the path of a file in the folder.
        asked: paths of the requests, in order, without the icon.
    """

    def __init__(self, folder: Path) -> None:
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self._in_time = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = urlsplit(self.path).path.lstrip("/") or "index.html"
                if path != "favicon.ico":
                    server.asked.append(path)
                fault = server.faults.get(path)
                file = folder / path
                if fault == "late":
                    server._in_time.wait()
                with suppress(ConnectionError):
                    if fault in ("lost", "refused") or not file.is_file():
                        self._send(b"<!doctype html><title>none</title>", 503 if fault == "refused" else 404, ".html")
                    elif fault == "dropped":
                        self.close_connection = True
                    else:
                        data = _damaged(file, fault)
                        self._send(data, 200, file.suffix, short=len(data) // 2 if fault == "cut off" else 0)

            def _send(self, data: bytes, status: int, ending: str, short: int = 0) -> None:
                self.send_response(status)
                self.send_header("Content-Type", _TYPES.get(ending, "application/octet-stream"))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) - short])
                if short:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Prints nothing, unlike the method of the base class."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self) -> None:
        """Sends what was late; nothing is late any more."""
        self.faults = {path: fault for path, fault in self.faults.items() if fault != "late"}
        self._in_time.set()

    def close(self) -> None:
        self.answer()
        self._server.shutdown()
        self._server.server_close()


def _damaged(file: Path, fault: Fault | None) -> bytes:
    data = file.read_bytes()
    if fault == "exchanged":
        return next(other for other in sorted(file.parent.glob("c.*")) if other != file).read_bytes()
    if fault == "changed":
        middle = 12  # in the first code lengths, where every bit counts
        return data[:middle] + bytes([data[middle] ^ 16]) + data[middle + 1 :]
    if fault == "shortened":
        return data[:-5]
    return b"" if fault == "empty" else data
