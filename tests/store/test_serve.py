"""`python -m circuitsvis serve FOLDER`: what is in the folder is served to this machine, and nothing else."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from circuitsvis import __main__ as command_line
from circuitsvis._store import serve


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "site"
    (folder / "data.zarr").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>page")
    (folder / "data.zarr" / "zarr.json").write_text("{}")
    (folder / "link").symlink_to(tmp_path / "secret.txt")
    (folder / "a b.js").write_text("1")
    return folder


@pytest.fixture
def connection(site: Path) -> Iterator[http.client.HTTPConnection]:
    with serve.server(site, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        opened = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=60)
        yield opened
        opened.close()
        server.shutdown()


def get(
    connection: http.client.HTTPConnection, path: str, method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


def test_files_are_served_with_their_types_over_one_connection(connection: http.client.HTTPConnection) -> None:
    for path, body, kind in [
        ("/", b"<!doctype html>page", "text/html; charset=utf-8"),
        ("/index.html?a=b", b"<!doctype html>page", "text/html; charset=utf-8"),
        ("/data.zarr/zarr.json", b"{}", "application/json"),
        ("/a%20b.js", b"1", "text/javascript; charset=utf-8"),
    ]:
        answer = get(connection, path)
        assert (answer.status, answer.read(), answer.headers["content-type"]) == (200, body, kind)
        assert answer.version == 11 and answer.headers["cache-control"] == "no-cache"
    answer = get(connection, "/", "HEAD")
    assert (answer.status, answer.headers["content-length"], answer.read()) == (200, "19", b"")


def test_a_file_is_sent_again_only_if_it_has_changed(site: Path, connection: http.client.HTTPConnection) -> None:
    first = get(connection, "/")
    first.read()
    again = get(connection, "/", if_none_match=f'"other", {first.headers["etag"]}')
    assert (again.status, again.read()) == (304, b"")
    (site / "new").write_text("<!doctype html>PAGE")  # as long as the old one, and written within its second
    (site / "new").replace(site / "index.html")
    changed = get(connection, "/", if_none_match=first.headers["etag"])
    assert (changed.status, changed.read()) == (200, b"<!doctype html>PAGE")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/data.zarr", "/../secret.txt", "/%2e%2e/secret.txt", "/data.zarr/..%2f..%2fsecret.txt", "/link", "/..%5csecret.txt",
     "/%00", "//[/", f"/{'a' * 5000}"],
)  # fmt: skip
def test_nothing_but_the_files_of_the_folder_is_served(path: str, connection: http.client.HTTPConnection) -> None:
    answer = get(connection, path)
    assert answer.status == 404 and b"secret" not in answer.read()


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:80", 200), ("127.0.0.1", 200), ("[::1]:9", 200), ("evil.example", 403)]
)
def test_a_page_from_elsewhere_cannot_read_the_folder_by_another_name_of_this_machine(
    host: str, status: int, connection: http.client.HTTPConnection
) -> None:
    answer = get(connection, "/", host=host)
    assert answer.status == status and (status == 200) == (b"page" in answer.read())


# A shell starts what runs in the background with interrupts ignored, and so perhaps these tests, from which the command would have that.
SERVE = """
import signal
from circuitsvis.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


def test_the_command_prints_its_address_and_ends_with_an_interrupt(site: Path) -> None:
    command = [sys.executable, "-u", "-c", SERVE, "serve", str(site)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "python"}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == f"{site} is at"
        address = process.stdout.readline().strip()
        port = int(address.removesuffix("/").rpartition(":")[2])
        opened = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        assert get(opened, "/").read() == b"<!doctype html>page"
        opened.close()
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()  # else a failure would wait for the process for ever


def test_a_folder_without_a_page_and_a_port_that_is_taken_are_refused(
    site: Path, connection: http.client.HTTPConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["serve", str(site / "data.zarr")]) == 1
    assert "holds no index.html; name a folder that figure.save_site(folder) has written" in capsys.readouterr().err
    assert command_line.main(["serve", str(site), "--port", str(connection.port)]) == 1
    assert f"--port: {connection.port} cannot be used" in capsys.readouterr().err
    assert command_line.main(["serve", str(site), "--port", "70000"]) == 1
    assert "--port: must be from 0 to 65535" in capsys.readouterr().err
