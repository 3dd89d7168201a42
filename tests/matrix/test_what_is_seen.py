"""Who is shown the address of another stands in the trail: what every page and every call of the
API shows is looked through for addresses that were planted in the rows.
"""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import String, cast, delete, literal, select, update

from exchange.audit.history import changes_of
from exchange.audit.models import Action, AuditEntry, Look
from exchange.extensions import Base, db
from exchange.messages.models import Message, Reply
from exchange.personal import Datum, annotation
from tests.matrix import answers
from tests.matrix.asking import client_of, no_limits, what_is_sent
from tests.matrix.routes import Route, address, routes
from tests.matrix.world import ROLES, World

# Some fifteen hundred pages: a minute, and several where others work, too.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
# The noun and the number of the row that holds the address.
PLANTED = re.compile(r"planted\.([a-z_]+)\.(\d+)@px\.test")
# Those who see much, and whose rows they open.
READERS = {"coordinator": "own", "officer": "own", "administrator": "foreign"}
# Those who may see nobody's address, but of who offers to be written to.
OUTSIDERS = {"visitor": "foreign", "stranger": "foreign"}
OFFERED = ("/expertise", "/api/v1/expertise")
Rows = set[tuple[str, int]]
KNOWN = answers.read()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One application whose pages are drawn, an address of its own in each row that holds one."""
    made = World(tmp_path_factory.mktemp("seen"), drawn=True)
    with made.app.app_context(), db.engine.begin() as connection:
        for table in Base.metadata.tables.values():
            for column in table.columns:
                said = annotation(column)
                if said is not None and said.datum == Datum.address:
                    own = literal(f"planted.{table.name}.") + cast(table.c.id, String) + "@px.test"
                    connection.execute(update(table).values({column: own}))
    return made


def opens(role: str, route: Route) -> bool:
    """Without the pages behind a mailed link, whose holder is its reader; of administrators what is
    theirs alone, the rest is asked of officers."""
    if route.method != "GET" or route.rule.arguments & {"secret", "token", "filename"}:
        return False
    by_role = [dict(zip(ROLES, row, strict=True)) for row in KNOWN[route.line].values()]
    return role != "administrator" or all(row["officer"] != "yes" for row in by_role)


def shown(world: World, role: str, one: str) -> Iterator[tuple[Route, Rows, Rows]]:
    """Of each route that ``role`` opens: whose addresses it shows, and whose the trail has."""
    for route in routes(world.app):
        if not opens(role, route):
            continue
        keys = world.objects[one]
        with world.app.app_context():
            where = address(route, keys)
        client = client_of(world, role, is_api=route.is_api)
        with no_limits():
            answer = client.get(where, **what_is_sent(route, keys))
        text = answer.get_data().decode("utf-8", "replace")
        assert answer.status_code < 500 or answer.request.path == "/readyz", where
        yield route, {(noun, int(number)) for noun, number in PLANTED.findall(text)}, trail(world)


def trail(world: World) -> Rows:
    """What was seen since this was asked last; what is looked at again is new again."""
    found: Rows = set()
    with world.app.app_context():
        looks = select(Look.entry_id)
        query = select(AuditEntry).where(AuditEntry.action == Action.see, AuditEntry.id.in_(looks))
        for entry in db.session.scalars(query):
            told = {name: after for name, (_before, after) in changes_of(entry).items()}
            found |= {(entry.noun, number) for number in told.get("records", [entry.subject_id])}
            if told["what"] == "personal_data":  # all that is kept of somebody, as one
                found |= about(entry.subject_id)
        if found:
            db.session.execute(delete(Look))
            db.session.commit()
    return found


def about(person_id: int | None) -> Rows:
    """Somebody's account and letters."""
    letters = {
        (model.__tablename__, number)
        for model in (Message, Reply)
        for number in db.session.scalars(select(model.id).where(model.person_id == person_id))
    }
    return {("person", person_id or 0)} | letters


def own_of(world: World, role: str) -> Rows:
    """What is of whoever looks: seeing that is nobody's business."""
    with world.app.app_context():
        return about(world.people.get(role))


@pytest.mark.parametrize("role", READERS)
def test_whoever_is_shown_an_address_stands_in_the_trail(world, role):
    own, everywhere, missing = own_of(world, role), set(), {}
    for route, found, seen in shown(world, role, READERS[role]):
        everywhere |= found
        if not found - own <= seen:
            missing[route.line] = found - own - seen
    assert not missing, missing
    assert everywhere - own  # there was something to be seen


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nobodys_address_is_shown_to_outsiders(world, role):
    own = own_of(world, role)
    told = {
        route.line: found - own
        for route, found, _seen in shown(world, role, OUTSIDERS[role])
        if found - own and route.rule.rule not in OFFERED
    }
    assert not told, told
