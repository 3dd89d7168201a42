"""What is sent may name rows: only those that one may know of, and for whom one may speak."""

import pytest

from tests.matrix.asking import client_of, no_limits
from tests.matrix.world import World

# A number that no row has.
NOBODY = 2_000_000_000
CHALLENGE = {"text": "A", "language": "en", "said_on": "2026-01-01"}
DAYS = {"starts_on": "2031-01-01", "ends_on": "2031-02-01"}
MINE = {"organisation_id": "organisation"}
LAB = {"title": "A", "text": "B", "language": "en", **DAYS, **MINE}
PILOT = {"title": "A", "language": "en", "hypothesis": "B", **DAYS, **MINE}
EXCHANGE = {"title": "A", "language": "en", "kind": "study_visit"}
# What names a row that not everybody may know of: the address, the rest of the body, the name.
UNSEEN = [
    ("/api/v1/mechanisms/{mechanism}/links", {}, "practice_id", "practice"),
    ("/api/v1/mechanisms/{mechanism}/links", {}, "need_id", "need"),
    ("/api/v1/labs", LAB, "exchange_id", "exchange"),
    ("/api/v1/labs", LAB, "pilot_id", "method_pilot"),
    ("/api/v1/methods/{method}/pilots", PILOT, "exchange_id", "exchange"),
]
# What is written in the name of an organisation.
IN_THE_NAME_OF = [
    ("/api/v1/needs", {"title": "A", "language": "en"}, "organisation_id"),
    ("/api/v1/offers", {"title": "A", "language": "en"}, "organisation_id"),
    ("/api/v1/labs", LAB, "organisation_id"),
    ("/api/v1/methods/{method}/pilots", PILOT, "organisation_id"),
    ("/api/v1/challenges", CHALLENGE, "organisation_id"),
    ("/api/v1/practices", {"title": "A", "summary": "B", "language": "en"}, "organisation_id"),
    ("/api/v1/exchanges", EXCHANGE, "proposer_id"),
    ("/api/v1/webhooks", {"url": "https://example.org/hook", "exchanges": True}, "organisation_id"),
    ("/api/v1/recommendations/{recommendation}/supports", {}, "organisation_id"),
    ("/api/v1/forums/{forum}/notes", {"kind": "need", "text": "A"}, "organisation_id"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One application with its rows for all that is asked here."""
    return World(tmp_path_factory.mktemp("sent"))


@pytest.fixture
def send(world):
    """Send as the coordinator; what it answers, and the rows are as they were."""

    def sent(address, body):
        keys = world.objects["own"]
        body = body | {name: keys[body[name]] for name in MINE if body.get(name) in keys}
        client = client_of(world, "coordinator", is_api=True)
        with no_limits():
            return client.post(address.format(**keys), json=body)

    yield sent
    world.database.put_back(world.app)


@pytest.mark.parametrize("case", UNSEEN)
def test_nobody_names_what_they_may_not_know_of(world, send, case):
    address, body, name, table = case
    hidden = send(address, {**body, name: world.objects["draft"][table]})
    none = send(address, {**body, name: NOBODY})
    assert (hidden.status_code, hidden.json) == (none.status_code, none.json)
    assert hidden.status_code == 422
    assert send(address, {**body, name: world.objects["foreign"][table]}).status_code == 201


@pytest.mark.parametrize(("address", "body", "name"), IN_THE_NAME_OF)
def test_nobody_writes_in_the_name_of_another(world, send, address, body, name):
    for other in ("foreign", "draft"):
        answer = send(address, {**body, name: world.objects[other]["organisation"]})
        assert answer.status_code in (403, 404, 422), answer.json
    own = send(address, {**body, name: world.objects["own"]["organisation"]})
    assert own.status_code < 300, own.json
