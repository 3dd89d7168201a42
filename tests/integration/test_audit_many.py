"""A statement over many rows tells of each record in its own history."""

import json

import pytest
from sqlalchemy import delete, event, insert, update

from exchange.audit.author import Author, acting
from exchange.audit.history import of_record
from exchange.audit.models import Action, AuditEntry, Through
from exchange.catalogue.models import Need
from exchange.directory.models import Person
from exchange.exchanges.models import Partner, PartnerRole
from exchange.extensions import db
from exchange.matching import places
from exchange.matching.models import Match
from exchange.transaction import transaction
from exchange.visits.models import Participant
from tests import factories
from tests.factories import visits
from workflows.match import MatchState
from workflows.need import NeedState


def history(row):
    query = of_record(row.__tablename__, row.id, with_parts=False).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def last(row):
    entry = history(row)[-1]
    return entry.action, json.loads(entry.changes)


def test_each_record_says_who_changed_it_and_what_it_was_before(app):
    officer = factories.officer()
    needs = [factories.need(passed_over=number) for number in range(3)]
    other = factories.need(passed_over=9)
    before = len(history(other))
    with acting(lambda: Author(Through.page, "runs.publish", officer.id)), transaction():
        some = Need.id.in_([need.id for need in needs])
        db.session.execute(update(Need).where(some).values(passed_over=Need.passed_over + 1))
    for number, need in enumerate(needs):
        entry = history(need)[-1]
        assert (entry.action, entry.person_id) == (Action.change, officer.id)
        assert json.loads(entry.changes) == {"passed_over": [number, number + 1]}
    assert len(history(other)) == before


def test_what_a_statement_leaves_as_it_is_has_no_entry(app):
    need = factories.need(passed_over=2)
    before = len(history(need))
    with transaction():
        db.session.execute(update(Need).where(Need.id == need.id).values(passed_over=2))
    assert len(history(need)) == before


def test_a_form_and_a_statement_in_one_transaction_are_one_entry(app):
    need = factories.need(title="First", passed_over=0)
    before = len(history(need))
    with transaction():
        need.title = "Second"  # not flushed yet when the statement comes
        db.session.execute(update(Need).where(Need.title == "Second").values(passed_over=4))
        need.title = "Third"
    assert len(history(need)) == before + 1
    assert last(need)[1] == {"title": ["First", "Third"], "passed_over": [0, 4]}


def test_names_are_masked_and_a_change_of_one_still_shows(app):
    person = factories.person("Amina Juma")
    with transaction():
        db.session.execute(update(Person).where(Person.id == person.id).values(name="Someone"))
    assert last(person) == (Action.change, {"name": ["•••", "•••"]})


def test_a_row_that_goes_is_found_with_what_it_was_a_part_of(app):
    visit = visits.visit()
    host = visit.exchange.partners[0].organisation
    row = visits.participant(visit, organisation=host, name="Amina", email="amina@example.org")
    with transaction():
        db.session.execute(delete(Participant).where(Participant.id == row.id))
    entry = history(row)[-1]
    assert (entry.action, entry.owner_noun, entry.owner_id) == (Action.delete, "visit", visit.id)
    assert "Amina" not in entry.changes


def test_rows_that_are_put_in_together_are_created_each(app):
    exchange = factories.exchange()
    cities = [factories.organisation(f"City {letter}") for letter in "ABC"]
    rows = [
        {"exchange_id": exchange.id, "organisation_id": city.id, "role": PartnerRole.mentor}
        for city in cities
    ]
    with transaction():
        db.session.execute(insert(Partner), rows)
    made = db.session.query(Partner).filter_by(role=PartnerRole.mentor).order_by(Partner.id)
    assert [last(row)[0] for row in made] == [Action.create] * 3
    assert [last(row)[1]["organisation_id"][1] for row in made] == [city.id for city in cities]


def test_the_places_that_a_match_takes_and_gives_back_stand_in_the_history_of_its_offer(app):
    need, offer = factories.need(), factories.offer()
    match = Match(need=need, offer=offer, state=MatchState.suggested)
    db.session.add(match)
    db.session.commit()
    with transaction():
        assert places.take(match) is None
    assert last(offer)[1]["places_taken"] == [0, 1]
    assert last(need)[1]["hosts_held"] == [0, 1]
    assert last(match)[1]["holds_place"] == [False, True]
    with transaction():
        assert places.release(match, actor=None)
    assert last(offer)[1]["places_taken"] == [1, 0]
    assert last(match)[1]["holds_host"] == [True, False]


@pytest.mark.parametrize("many", [1, 40])
def test_it_costs_the_same_for_one_row_and_for_forty(app, many):
    needs = [factories.need(state=NeedState.published) for _number in range(many)]
    db.session.commit()
    which = update(Need).where(Need.id.in_([need.id for need in needs]))
    sent = []
    listener = (db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    event.listen(*listener)
    try:
        with transaction():
            db.session.execute(
                which.values(passed_over=5), execution_options={"synchronize_session": False}
            )
    finally:
        event.remove(*listener)
    # Before, the statement, after, and all entries.
    assert len(sent) == 4, sent
