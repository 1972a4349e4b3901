"""Serves a folder to browsers on this machine."""

from __future__ import annotations

import os
import shutil
import socketserver
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from circuitsvis._store.site_folder import PAGE

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
"""Names of this machine. Under another name, a page from elsewhere could read the folder (DNS rebinding)."""


class Server(socketserver.ThreadingTCPServer):
    """Listens on loopback. `serve_forever` answers, each connection in a thread, until `shutdown`."""

    allow_reuse_address = os.name == "posix"  # elsewhere it would let two servers have one port
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), partial(_Handler, folder))

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of browsers that no longer want an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # passed on


def server(folder: Path, port: int) -> Server:
    """A server of a folder, which listens already.

    Args:
        folder: with a page in it.
        port: 0 for any that is free.

    Raises:
        FileNotFoundError: there is no page in the folder.
        OSError: the port is not free.
        ValueError: there is no such port.
    """
    folder = folder.resolve()
    if not (folder / PAGE).is_file():
        raise FileNotFoundError(f"{folder} holds no {PAGE}; name a folder that figure.save_site(folder) has written")
    if not 0 <= port <= 65535:
        raise ValueError(f"--port: must be from 0 to 65535, got {port}; leave it out for a free one")
    try:
        return Server(folder, port)
    except OSError as error:
        raise OSError(f"--port: {port} cannot be used ({error.strerror}); leave it out for a free one") from error


def file_of(folder: Path, target: str) -> Path | None:
    """The file that a request names; None if there is none inside of the folder, which a link in it may lead out of.

    Args:
        folder: resolved.
        target: of the request line, e.g. "/data.zarr/zarr.json?1".
    """
    try:
        parts = [part for part in unquote(urlsplit(target).path).split("/") if part not in ("", ".")]
        if any(part == ".." or set(part) & set("\\:\0") for part in parts):
            return None
        file = (folder.joinpath(*parts) if parts else folder / PAGE).resolve()
        return file if file.is_relative_to(folder) and file.is_file() else None
    except (OSError, RuntimeError, ValueError):  # a name that is too long, a link to itself, no address
        return None


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD. Browsers keep what they have, and ask each time whether it is still the same."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # it would hold back the end of each answer until the browser has confirmed its start
    )
    wbufsize = 65536

    def __init__(self, folder: Path, *connection: object) -> None:
        self._folder = folder
        super().__init__(*connection)  # type: ignore[arg-type]  # what socketserver passes on

    def do_GET(self) -> None:
        """Sends a file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Sends what is known of a file."""
        self._answer()

    def _answer(self) -> None:
        if "content-length" in self.headers or "transfer-encoding" in self.headers:
            self.close_connection = True  # a body, which is not read
        host = self.headers.get("host", "localhost").rsplit(":", 1)
        name = host[0] if host[-1].isdigit() else ":".join(host)
        if name.lower() not in _LOOPBACK:
            self._say(HTTPStatus.FORBIDDEN, "This server answers to localhost only.")
            return
        file = file_of(self._folder, self.path)
        if file is None:
            self._say(HTTPStatus.NOT_FOUND, "There is no such file.")
            return
        with file.open("rb") as content:
            known = os.fstat(content.fileno())
            tag = f'"{known.st_mtime_ns:x}-{known.st_size:x}-{known.st_ino:x}"'
            seen = self.headers.get("if-none-match", "")
            if tag in [one.strip().removeprefix("W/") for one in seen.split(",")]:
                self._head(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
                return
            kind = _TYPES.get(file.suffix, "application/octet-stream")
            self._head(HTTPStatus.OK, {"ETag": tag, "Content-Type": kind, "Content-Length": str(known.st_size)})
            if self.command == "GET":
                shutil.copyfileobj(content, self.wfile)

    def _say(self, status: HTTPStatus, text: str) -> None:
        data = f"{text}\n".encode()
        self._head(status, {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(data))})
        if self.command == "GET":
            self.wfile.write(data)

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Prints nothing, unlike the method of the base class."""
