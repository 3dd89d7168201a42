"""The state of learning in a network that grows: what it asks of the database, and how long it
takes beside one bare statement that counts all exchanges by state in the same run.
"""

from functools import partial
from typing import Any

import pytest

from exchange.extensions import db
from tests.benchmarks.bench_dashboard import FEW, MOST, _bare, network
from tests.benchmarks.figures import seconds, tell

__all__ = ["network"]  # the fixture
pytestmark = pytest.mark.timeout(1800)

ADDRESSES = {
    "page": "/learning",
    "a section": "/learning?section=AFRICA",
    "rows": "/learning/rows?counted=visited",
    "file": "/learning/figures.json",
}


def test_it_asks_the_same_whatever_the_size_and_tells_how_long(network: Any, statements: Any):
    asked: dict[str, list[list[str]]] = {name: [] for name in ADDRESSES}
    for size in (FEW, MOST):
        page = network(size)
        for name, path in ADDRESSES.items():
            page.get(path)
            with statements() as seen:
                assert page.get(path).status_code == 200
            asked[name].append(seen.all)
        for name, path in ADDRESSES.items():
            time, bare = seconds(partial(page.get, path), _bare, rounds=3)
            what = f"{db.engine.dialect.name}, {size} exchanges, {name}"
            tell(what, ("the page", time), ("one bare count by state", bare))
    numbers = {name: [len(one) for one in both] for name, both in asked.items()}
    print(f"\nStatements at {FEW} and {MOST} exchanges: {numbers}")  # noqa: T201 - the output
    for few, many in asked.values():
        assert few == many
