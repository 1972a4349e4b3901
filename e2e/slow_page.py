"""A server with one page, whose second part is sent only when a test says so."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SlowPage:
    """Serves `first`, then `second` after `send_second()`. Close it after the browser has closed its connections."""

    def __init__(self, first: bytes, second: bytes) -> None:
        self._allowed = threading.Event()
        allowed = self._allowed

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/":  # the browser requests an icon
                    self.send_response(204)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(first) + len(second)))
                self.end_headers()
                with suppress(ConnectionError):  # a test may end before its page is complete
                    self.wfile.write(first)
                    allowed.wait()
                    self.wfile.write(second)

            def log_message(self, format: str, *args: object) -> None:
                """Prints nothing, unlike the method of the base class."""

        # One thread per connection, because the icon is requested while the page waits. Daemons, so that pytest can end.
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def send_second(self) -> None:
        self._allowed.set()

    def close(self) -> None:
        self.send_second()
        self._server.shutdown()
        self._server.server_close()
