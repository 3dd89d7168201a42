"""Files that never change are asked for once a year: their address names what they hold."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.utils import safe_join

FOR_A_YEAR = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Put ``v`` into each address of a static file, and let browsers keep what it names."""
    app.url_defaults(_name_the_content)
    app.after_request(_keep)


def _name_the_content(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (found := fingerprint(values.get("filename", ""))):
        values.setdefault("v", found)


def _keep(response: Response) -> Response:
    known = request.args.get("v") if request.endpoint == "static" else None
    if known and known == fingerprint((request.view_args or {})["filename"]):
        response.headers["Cache-Control"] = FOR_A_YEAR
        response.vary.clear()  # the same file for every reader
    return response


def fingerprint(name: str) -> str:
    """The first letters of the hash of a static file; empty when there is no such file."""
    path = safe_join(current_app.static_folder or "", name)
    if path is None or not (file := Path(path)).is_file():
        return ""
    return _hashed(file, file.stat().st_mtime_ns)


@cache
def _hashed(file: Path, _changed: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]
