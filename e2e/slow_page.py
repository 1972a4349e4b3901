"""A server of one page that sends the second part of it only when a test allows it."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SlowPage:
    """Serves `first`, and `second` after `send_second()`. To be closed after the browser has let go of its connections."""

    def __init__(self, first: bytes, second: bytes) -> None:
        self._allowed = threading.Event()
        allowed = self._allowed

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/":  # the browser asks for an icon
                    self.send_response(204)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(first) + len(second)))
                self.end_headers()
                with suppress(ConnectionError):  # where a test ends before its page
                    self.wfile.write(first)
                    allowed.wait()
                    self.wfile.write(second)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is printed."""

        # One thread per connection, so that the icon is answered while the page waits; none of them keeps pytest from ending.
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
