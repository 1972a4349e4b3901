"""A figure as a folder for a web server: the page, its script, and a Zarr store from which the page reads what is looked at."""

from __future__ import annotations

from pathlib import Path

from circuitsvis._page import html_page
from circuitsvis._page.bundle import Bundle, bundle_of
from circuitsvis._store import contents, site_folder, write_store
from circuitsvis._wire import serialize, views
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.stored import InStore

_NO_SCRIPT = (
    "This circuitsvis figure needs its script, the file {file} beside this page: load the page again, or upload the whole folder that "
    "figure.save_site has written. Opened as a file, it needs a server: python -m circuitsvis serve FOLDER."
)


class AsSite:
    """The part of a `Figure` that writes folders."""

    _props: FigureProps

    def save_site(self, folder: str | Path) -> Path:
        """Writes the figure as a folder for any static web server, and returns the folder's path.

        The page, index.html, holds the pictures that it starts with and reads each head from the folder when it is looked at, so that it
        opens as fast with a thousand heads as with ten. Put the folder on a web server (GitHub Pages, S3, nginx), or look at it by
        `python -m circuitsvis serve FOLDER`: opened as a file, browsers let it read nothing. `save` writes one file that needs no server.

        The values of attention heads are in data.zarr, a Zarr store of version 3 that `zarr.open` and `xarray.open_zarr` read:
        docs/store.md describes it. They are as exact as on the page, or within a quarter of a step more; each array states its error.
        Other figures than those of attention heads are in the page as a whole.

        Args:
            folder: a folder that is new, empty, or was written by this method: it is replaced as a whole once everything is written.

        Raises:
            FileExistsError: the folder holds other files.
            FileNotFoundError: there is no folder to make it in.
            NotADirectoryError: it is a file.
        """
        path = site_folder.checked(folder)
        site_folder.replace(path, self._write_site)
        return path

    def _write_site(self, into: Path) -> None:
        groups = list(contents.groups(self._props))
        places = write_store.write(groups, into / site_folder.STORE) if groups else {}
        script = bundle_of(views.names_in(self._props))
        name = f"circuitsvis-{script.hash}.js"
        (into / name).write_text(_script(script), encoding="ascii")
        wrapper = html_page.wrapper(
            serialize.to_json(self._props, InStore(places)),
            serialize.blocks(self._props, places),
            script=script,
            sentence=_NO_SCRIPT.format(file=name),
        )
        document = html_page.document(
            wrapper, self._props.title, script=script, mark=site_folder.MARK, loader=f'<script src="{name}"></script>'
        )
        with (into / site_folder.PAGE).open("w", encoding="utf-8") as page:
            page.writelines(document)


def _script(script: Bundle) -> str:
    """The bundle as a file, which does what the loader of other pages does."""
    return f"globalThis.circuitsvis_{script.hash}=Promise.resolve((()=>{{{script.code};return circuitsvis}})());\n"
