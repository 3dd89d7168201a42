"""Observatories are looked at every night: what they gave, or why nothing, stays on their row."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from exchange import outgoing
from exchange.clock import now
from exchange.extensions import db
from exchange.mechanisms.models import Mechanism, MechanismKind
from exchange.practices import dublin_core, fetching, nightly
from exchange.practices.models import HarvestProblem, Observatory, Practice
from tests import factories
from tests.factories.practices import OAI, record
from tests.house.source import tree
from tests.integration.strangers import reachable, stranger

ADDRESS = "https://oai.example.org/request"
# The second of July, three in the morning in Maputo.
NIGHT = datetime(2026, 7, 2, 1, 0, tzinfo=UTC)
ZONE = "Africa/Maputo"


def observatory(code="iopd", **facts):
    row = Observatory(code=code, name=code.upper(), harvest_url=ADDRESS, trusted=True, **facts)
    db.session.add(row)
    db.session.commit()
    return row


def test_each_is_due_once_a_night_and_never_by_day(app):
    never = observatory("never")
    observatory("lately", tried_at=NIGHT - timedelta(minutes=20))
    before = observatory("before", tried_at=NIGHT - timedelta(days=1))
    observatory("asleep", nightly=False)
    db.session.add(Observatory(code="nowhere", name="No address"))
    db.session.commit()
    assert nightly.due(NIGHT, ZONE) == [never.id, before.id]
    assert nightly.due(NIGHT + timedelta(hours=6), ZONE) == []


def test_what_it_gave_stays_on_its_row(app, browser):
    row = observatory()
    given = (OAI % (record("oai:1", "Plan", "Text") + record("oai:2", "Market", "Text"))).encode()
    nightly.look_at(row.id, lambda _url: given)
    again = nightly.look_at(row.id, lambda _url: given)
    assert (again.new, again.same) == (0, 2)
    db.session.expire_all()
    assert row.harvested["same"] == 2
    assert row.tried_at == row.harvested_at
    assert db.session.query(Practice).count() == 2
    text = browser.as_(factories.officer()).get("/observatories").text
    assert "0 new, 0 changed, 2 as before" in text
    assert "Failed" not in text


def whole_night():
    for row_id in nightly.due(now(), ZONE):
        nightly.look_at(row_id)


def test_a_night_brings_what_a_source_over_the_net_gives_part_by_part(app, browser, monkeypatch):
    """Nothing between the look by night and the socket is another than in earnest, but for the name
    of the source: it leads to this machine."""
    reachable(monkeypatch)
    parts = {
        "verb=ListRecords&metadataPrefix=oai_dc": record("oai:1", "Mercados limpios", "Se barre.")
        + "<resumptionToken>second</resumptionToken>",
        "verb=ListRecords&resumptionToken=second": record("oai:2", "Un plan", place="Mozambique"),
    }
    with stranger() as there, time_machine.travel(NIGHT):
        there.headers = {"Content-Type": "text/xml; charset=utf-8"}
        there.answer = lambda path: (OAI % parts[path.partition("?")[2]]).encode()
        row = observatory()
        row.harvest_url = there.url
        db.session.commit()
        whole_night()
        tried = [call.path for call in there.calls]
        assert tried == [f"/hook?{query}" for query in parts]
        whole_night()
        assert len(there.calls) == 2, "once a night"
    db.session.expire_all()
    assert row.problem is None
    assert row.harvested["new"] == 2
    found = {one.title: one for one in db.session.query(Practice)}
    assert set(found) == {"Mercados limpios", "Un plan"}
    assert found["Un plan"].country_code == "MZ"
    page = browser.as_().get("/es/practices?q=mercado").text
    assert "Mercados limpios" in page
    with stranger() as there, time_machine.travel(NIGHT + timedelta(days=1)):
        there.status = 503
        row.harvest_url = there.url
        db.session.commit()
        whole_night()
    db.session.expire_all()
    assert row.problem == HarvestProblem.no_answer
    assert db.session.query(Practice).count() == 2, "what came before stays"


def test_why_it_gave_nothing_is_told_to_staff_and_to_whoever_answers_for_it(app, browser):
    home, row = factories.organisation(), observatory()
    hub = Mechanism(code="iopd", kind=MechanismKind.observatory, titles={"en": "IOPD"})
    hub.organisation, hub.observatory = home, row
    db.session.add(hub)
    db.session.commit()
    assert nightly.look_at(row.id, lambda _url: b"<html></html>") is None
    db.session.expire_all()
    assert row.problem == HarvestProblem.no_records
    assert row.harvested_at is None
    officer, owner = browser.as_(factories.officer()), browser.as_(factories.person(of=home))
    assert "there are no records in what came" in officer.get("/inbox?waiting_for=harvest").text
    assert "Failed" in officer.get("/observatories").text
    page = f"/mechanisms/{hub.id}"
    assert "could not be harvested" in owner.get(page).text
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert "could not be harvested" not in stranger.get(page).text
    nightly.look_at(row.id, lambda _url: (OAI % record("oai:1", "Plan", "Text")).encode())
    assert "Nothing waits for you" in officer.get("/inbox").text


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://127.0.0.1/oai", HarvestProblem.not_public),
        ("http://example.org/oai", HarvestProblem.not_https),
    ],
)
def test_an_address_of_our_own_house_is_not_asked(app, address, problem):
    row = observatory()
    row.harvest_url = address
    db.session.commit()
    assert nightly.look_at(row.id) is None
    db.session.expire_all()
    assert row.problem == problem


def test_an_observatory_that_is_gone_is_no_failure(app):
    assert nightly.look_at(404, lambda _url: b"") is None


def test_every_problem_of_reading_has_its_name():
    """Whatever the readers and the guard of the way out say goes into the column."""
    said = set()
    for module in (dublin_core, fetching, outgoing):
        for node in ast.walk(tree(Path(module.__file__))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "Unreachable",
                "Unreadable",
            ):
                said.add(ast.literal_eval(node.args[0]))
    assert said == {problem.value for problem in HarvestProblem}


def test_a_box_that_is_not_ticked_lets_it_sleep(browser):
    row = observatory()
    page = browser.as_(factories.officer())
    sent = {
        "code": row.code,
        "name": row.name,
        "harvest_url": ADDRESS,
        "version_id": row.version_id,
    }
    assert page.post(f"/observatories/{row.id}/edit", data=sent).status_code == 302
    db.session.expire_all()
    assert not row.nightly
