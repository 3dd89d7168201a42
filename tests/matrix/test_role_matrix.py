"""Who gets in where, for every route, every role, one's own rows and those of others."""

import pytest

from tests.matrix import answers
from tests.matrix.asking import ask
from tests.matrix.routes import routes
from tests.matrix.world import World

# So that several processes share the work.
PARTS = 8


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One application with its rows for all that is asked here."""
    return World(tmp_path_factory.mktemp("matrix"))


def test_every_route_has_a_row(app):
    missing = {route.line for route in routes(app)} - set(answers.read())
    assert not missing, (
        f"no row in {answers.FILE.name} for {sorted(missing)}: `make role-matrix NEW=1` writes "
        "what they answer now; read it against the sentences of permissions/ before you keep it"
    )


def test_the_table_names_only_routes_that_exist(app):
    gone = set(answers.read()) - {route.line for route in routes(app)}
    assert not gone, f"take these out of {answers.FILE.name}: {sorted(gone)}"


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_in_where_the_table_says(world, part):
    expected = answers.read()
    wrong = {}
    for number, route in enumerate(routes(world.app)):
        if number % PARTS == part:
            got = dict(ask(world, route))
            if got != expected[route.line]:
                wrong[route.line] = {"expected": expected[route.line], "got": got}
    assert not wrong
