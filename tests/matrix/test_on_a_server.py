"""Every route once more on a server: PostgreSQL refuses statements that SQLite takes."""

import pytest
from sqlalchemy import text

from exchange.extensions import db
from tests.databases import DATABASE
from tests.matrix.asking import asked
from tests.matrix.routes import routes
from tests.matrix.world import World

# Those who get furthest: into their own rows, and into what is for administrators.
ASKED_BY = {"coordinator": "own", "administrator": "foreign"}
PARTS = 4

pytestmark = pytest.mark.skipif(not DATABASE, reason="no server: TEST_DATABASE_URL names one")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One application whose pages are drawn."""
    return World(tmp_path_factory.mktemp("server"), drawn=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_statement_is_refused(world, part):
    refused = {}
    for route in list(routes(world.app))[part::PARTS]:
        for role, one in ASKED_BY.items():
            try:
                asked(world, route, role, one)
            except AssertionError as fault:  # an answer of 500 and more
                refused[f"{route.line} ({role})"] = str(fault)
    assert not refused


def test_nobody_waits_for_the_compiler_of_the_server(world):
    with world.app.app_context():
        with db.engine.connect() as connection:
            assert connection.scalar(text("SHOW jit")) == "off"
        db.engine.dispose()
