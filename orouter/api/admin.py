"""The web UI under ``/admin/``: what ``make ui`` built, or a page that says how to build it."""

import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parents[1] / "admin_static"

_POLICY = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Arco sets style attributes
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{kind} {sources}" for kind, sources in _POLICY.items())
"""No script but our own files: nothing that is injected into a page runs."""

_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>orouter</title>
<body style="font:16px/1.6 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em">
<h1>The admin UI is not built</h1>
<p>The gateway itself runs. To build its web face, in a clone of the repository, with Node and npm
installed:</p>
<pre>make ui</pre>
<p>and load this page again. Wheels of a release contain it. All of it can be done on the command
line, too: <code>orouter --help</code>.</p>
"""


class AdminFiles(StaticFiles):
    """The built files. An address that is no file is a page of the UI, which its router knows."""

    def __init__(self, folder: Path = BUILT) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.folder = folder

    async def check_config(self) -> None:
        """Content with a folder that is not there: the answer says so."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not (self.folder / "index.html").is_file():
            return HTMLResponse(_NOT_BUILT, 503, {**_HEADERS, "cache-control": "no-store"})
        asset = path.startswith("assets" + os.sep)
        response = await self._file(path, scope, page="" if asset else "index.html")
        response.headers["cache-control"] = _FOR_EVER if asset else _ASK_AGAIN
        response.headers.update(_HEADERS)
        return response

    async def _file(self, path: str, scope: Scope, page: str) -> Response:
        """The file, or ``page`` if there is none; packed, if it is and the browser can unpack."""
        name = path if self._is_file(path) else page
        if not name:
            raise HTTPException(404)
        encoding, ending = self._packing(name, scope)
        response = await super().get_response(name + ending, scope)
        if encoding:
            response.headers["content-encoding"] = encoding
            response.headers["content-type"] = _MEDIA[Path(name).suffix]
        response.headers["vary"] = "accept-encoding"
        return response

    def _is_file(self, path: str) -> bool:
        found, _ = self.lookup_path(path)
        return bool(found) and Path(found).is_file()

    def _packing(self, name: str, scope: Scope) -> tuple[str, str]:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        words = {word.partition(";")[0].strip() for word in accepted.split(",")}
        packed = (
            each
            for each in _ENCODINGS.items()
            if each[0] in words and self._is_file(name + each[1])
        )
        return next(packed, ("", ""))
