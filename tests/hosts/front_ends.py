"""Jupyter's three front ends: how each opens a notebook, runs, saves and reads it. The same server serves all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from playwright.sync_api import Browser, Page, Response

from e2e.conftest import new_context
from tests.hosts.jupyter_server import TOKEN, JupyterServer


@dataclass(frozen=True)
class FrontEnd:
    """One of Jupyter's front ends.

    Attributes:
        name: as people say it.
        path: of its page, before the name of the notebook.
        query: further arguments of its address.
        ready: JavaScript that is true once the notebook is there and its kernel answers.
        tidy: JavaScript that takes away what greets a new user.
        run_all, save: JavaScript.
        cells: JavaScript that gives the source of each cell.
        count: JavaScript that gives the number in brackets beside the first cell.
    """

    name: str
    path: str
    query: str
    ready: str
    tidy: str
    run_all: str
    save: str
    cells: str
    count: str

    def __str__(self) -> str:
        return self.name

    def open(self, browser: Browser, server: JupyterServer, notebook: str, **options: object) -> Page:
        """A page of its own with a notebook of the server, without a network. Close its context in the end.

        Args:
            browser, server: where it is opened, and from where.
            notebook: the name of its file.
            **options: of the browser context.
        """
        context = new_context(browser, **{"viewport": {"width": 1300, "height": 900}, **options})
        context.route(lambda url: not url.startswith(server.address), lambda route: route.abort())
        page = context.new_page()
        self.go(page, server, notebook)
        return page

    def go(self, page: Page, server: JupyterServer, notebook: str) -> None:
        """Opens a notebook in a page, from the file."""
        page.goto(f"{server.address}{self.path}{notebook}?token={TOKEN}{self.query}")
        page.wait_for_function(self.ready)
        page.evaluate(f"() => {{ {self.tidy} }}")

    def run(self, page: Page) -> None:
        page.evaluate(f"() => {{ {self.run_all} }}")

    def save_file(self, page: Page) -> None:
        """Saves the notebook, and waits until the server has it."""
        with page.expect_response(saves_a_notebook) as response:
            page.evaluate(f"() => {{ {self.save} }}")
        assert response.value.ok

    def sources(self, page: Page) -> list[str]:
        """The source of every cell, as the front end would save it."""
        return cast("list[str]", page.evaluate(f"() => {self.cells}"))


def saves_a_notebook(response: Response) -> bool:
    return response.request.method == "PUT" and "/api/contents/" in response.url and ".ipynb" in response.url


_COMMANDS = {
    "ready": "globalThis.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
    "tidy": "",
    "run_all": "jupyterapp.commands.execute('notebook:run-all-cells')",
    "save": "jupyterapp.commands.execute('docmanager:save')",
    "cells": "[...jupyterapp.shell.currentWidget.content.model.cells].map((cell) => cell.sharedModel.getSource())",
    "count": "jupyterapp.shell.currentWidget.content.model.cells.get(0).executionCount",
}
LAB = FrontEnd("JupyterLab", "/lab/tree/", "&reset", **_COMMANDS)
NOTEBOOK_7 = FrontEnd("Notebook 7", "/notebooks/", "", **_COMMANDS)
NBCLASSIC = FrontEnd(
    "nbclassic",
    "/nbclassic/notebooks/",
    "",
    ready="globalThis.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()",
    tidy="document.getElementById('newsId').remove()",
    run_all="Jupyter.notebook.execute_all_cells()",
    save="Jupyter.notebook.save_notebook()",
    cells="Jupyter.notebook.get_cells().map((cell) => cell.get_text())",
    count="Jupyter.notebook.get_cell(0).input_prompt_number",
)
FRONT_ENDS = [LAB, NOTEBOOK_7, NBCLASSIC]
