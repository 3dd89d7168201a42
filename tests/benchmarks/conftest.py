"""Benchmarks run when they are asked for (`make bench`), not with the tests."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless the command names it or a file of it."""
    asked = any(HERE.name in argument for argument in config.args)
    return None if asked else HERE in (collection_path, *collection_path.parents)
