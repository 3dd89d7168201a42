"""Reads the files of the demonstration: facts restated in our own words, see their headers."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
# Everything that the demonstration makes carries this before its key in the file.
PREFIX = "demo:"


def read(name: str) -> dict[str, Any]:
    """One file, by its name without the ending."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def external_id(key: str) -> str:
    """The key under which a row of a file is kept: loading again finds it."""
    return PREFIX + key
