"""The audit trail: every change is written with it, and whatever is done to the trail is found."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from exchange.audit import anchors, sealing
from exchange.audit.author import Author, acting
from exchange.audit.chain import extend, last_link
from exchange.audit.models import Action, AuditEntry, AuditLink, Through
from exchange.audit.recording import Change, write
from exchange.audit.seeing import saw
from exchange.audit.verify import Fault, problems
from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.extensions import db
from exchange.messages.audit_alarm import look
from exchange.messages.models import Message
from exchange.steps import advance
from exchange.transaction import read_only, transaction
from tests import factories
from tests.factories import visits
from workflows.need import NEED, NeedState


def entries(**facts):
    return db.session.query(AuditEntry).filter_by(**facts).order_by(AuditEntry.id).all()


def chain():
    more = 1
    while more:
        with transaction():
            more = extend(now=now(), whole=True)


def faults(**options):
    return [(p.fault, p.entry_id) for p in problems(now=now(), **options)]


def unguarded(statement, **values):
    """Whoever owns the database takes the triggers away first."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type='trigger'"))
        known = [tuple(row) for row in rows if row.name.startswith("audit_")]
        for name, _sql in known:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement), values)
        for _name, sql in known:
            connection.execute(text(sql))
    else:
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
        connection.execute(text(statement), values)
    db.session.commit()


def test_a_change_is_written_with_who_how_and_before_and_after(app, browser):
    city = factories.organisation("Nampula")
    coordinator = factories.person(of=city)
    need = factories.need(organisation=city, title="Markets", state=NeedState.published)
    page = browser.as_(coordinator)
    fields = page.get(f"/needs/{need.id}/edit")
    assert fields.status_code == 200
    answer = browser.api(coordinator).patch(f"/api/v1/needs/{need.id}", json={"title": "Water"})
    assert answer.status_code == 200, answer.json
    entry = entries(noun="need", subject_id=need.id, action=Action.change)[-1]
    assert json.loads(entry.changes)["title"] == ["Markets", "Water"]
    assert (entry.person_id, entry.through) == (coordinator.id, Through.api)
    assert entry.place.startswith("api_needs.")


def test_a_move_stands_in_the_trail_beside_its_step(app):
    need = factories.need(state=NeedState.draft)
    with transaction():
        advance(NEED, need, "publish", actor=None)
    entry = entries(noun="need", subject_id=need.id)[-1]
    assert json.loads(entry.changes)["state"] == ["draft", "published"]


def test_what_is_rolled_back_leaves_nothing_nor_does_a_savepoint(app):
    need = factories.need(title="First")
    before = len(entries())
    need.title = "Second"
    db.session.flush()
    db.session.rollback()
    savepoint = db.session.begin_nested()
    need.title = "Third"
    db.session.flush()
    savepoint.rollback()
    db.session.commit()
    assert len(entries()) == before
    with db.session.begin_nested():
        need.title = "Fourth"
    need.title = "Fifth"
    db.session.commit()
    assert json.loads(entries()[-1].changes) == {"title": ["First", "Fifth"]}


def test_a_field_that_was_set_before_it_was_read_has_its_before(app):
    need = factories.need(title="First")
    db.session.commit()  # everything is forgotten
    need.title = "Second"
    db.session.commit()
    assert json.loads(entries()[-1].changes) == {"title": ["First", "Second"]}


def test_names_addresses_and_secrets_are_not_written(app):
    person = factories.person("Amina Juma", email="amina@example.org")
    person.password_hash = "argon2-of-something"
    db.session.commit()
    person.name, person.email, person.password_hash = "Amina Ali", "ali@example.org", "other"
    db.session.commit()
    told = "".join(entry.changes for entry in entries())
    for secret in ("Amina", "amina@", "ali@", "argon2-of"):
        assert secret not in told
    assert set(json.loads(entries()[-1].changes)) == {"name", "email", "password_hash"}


def test_tags_are_told_by_their_codes(app):
    need = factories.need()
    need.terms = [factories.term("theme", "markets")]
    db.session.commit()
    assert json.loads(entries()[-1].changes)["terms"][1] == ["markets"]


def test_a_statement_that_only_touches_what_the_trail_leaves_out_is_no_entry(app):
    need = factories.need()
    db.session.commit()
    before = len(entries())
    stamp = update(Need).where(Need.id == need.id)
    db.session.execute(stamp.values(updated_at=now()))
    db.session.commit()
    assert len(entries()) == before
    db.session.execute(stamp.values(updated_at=now(), passed_over=3))
    db.session.commit()
    assert len(entries()) == before + 1


def test_a_part_is_found_with_what_it_is_a_part_of(app):
    visit = visits.visit()
    host = visit.exchange.partners[0].organisation
    visits.participant(visit, organisation=host, name="Amina", email="amina@example.org")
    entry = entries(noun="participant")[-1]
    assert (entry.owner_noun, entry.owner_id) == ("visit", visit.id)


def test_a_look_is_written_before_the_answer_also_where_one_only_reads(app):
    with acting(lambda: Author(Through.page, "people.show", 7)), read_only():
        saw("person", 3, "contacts")
    entry = entries()[-1]
    assert (entry.action, entry.person_id, entry.subject_id) == (Action.see, 7, 3)
    saw("person", None, "export", rows=12)
    assert entries()[-1] == entry
    db.session.commit()
    assert json.loads(entries()[-1].changes) == {"what": [None, "export"], "rows": [None, 12]}


@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_an_entry(app, table, verb):
    factories.need()
    chain()
    column = "noun = 'x'" if table == "audit_entry" else "hash = 'x'"
    with pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(text(verb.format(table, column)))
    db.session.rollback()
    assert faults() == []


def test_a_changed_a_missing_and_an_inserted_row_are_found_and_named(app):
    need = factories.need(title="First")
    for title in "abcdef":
        need.title = title
        db.session.commit()
    chain()
    assert faults() == []
    ids = [entry.id for entry in entries(noun="need")]
    unguarded("UPDATE audit_entry SET changes = '{}' WHERE id = :id", id=ids[1])
    unguarded("DELETE FROM audit_entry WHERE id = :id", id=ids[3])
    copied = "happened_at, person_id, through, place, request_id, action, noun, subject_id"
    copied += ", owner_noun, owner_id, changes"
    unguarded(
        f"INSERT INTO audit_entry ({copied}, seal) SELECT {copied}, 'made up' "
        "FROM audit_entry WHERE id = :id",
        id=ids[2],
    )
    inserted = max(entry.id for entry in entries())
    expected = [(Fault.changed, ids[1]), (Fault.missing, ids[3]), (Fault.inserted, inserted)]
    assert faults() == expected
    chain()  # a sweep that comes by does not make it ours
    assert faults() == expected


def test_a_hole_in_the_chain_is_found_and_its_end_by_an_anchor(app, tmp_path):
    need = factories.need(title="First")
    for title in "abcd":
        need.title = title
        db.session.commit()
    chain()
    end, _hash = anchors.keep(tmp_path)
    known = anchors.read(tmp_path / anchors.FILE)
    last = db.session.get_one(AuditLink, end).entry_id
    unguarded("DELETE FROM audit_link WHERE position = 2")
    assert [fault for fault, _ in faults(anchors=known)][:1] == [Fault.links_missing]
    unguarded("DELETE FROM audit_link WHERE position = :p", p=end)
    unguarded("DELETE FROM audit_entry WHERE id = :id", id=last)
    assert Fault.tail_missing in [fault for fault, _ in faults(anchors=known)]
    assert Fault.tail_missing not in [fault for fault, _ in faults()]
    assert next(f for f, _ in faults(anchors={1: "0" * 64})) == Fault.anchor_differs


def test_an_entry_that_no_sweep_chained_is_told_after_an_hour(app):
    factories.need()
    assert faults() == []
    late = now() + timedelta(hours=2)
    assert {p.fault for p in problems(now=late)} == {Fault.unchained}


def test_what_was_signed_with_the_key_before_is_still_ours(app):
    factories.need()
    chain()
    keys = app.extensions[sealing.KEYS]
    try:
        app.extensions[sealing.KEYS] = (b"the new key", *keys)
        assert faults() == []
        app.extensions[sealing.KEYS] = (b"the new key",)
        assert {fault for fault, _ in faults()} == {Fault.inserted}
    finally:
        app.extensions[sealing.KEYS] = keys


def test_administrators_are_told_once_a_day(app):
    administrator = factories.administrator()
    factories.officer()
    chain()
    assert look(now=now(), anchors={}) == []
    for _twice in range(2):
        assert look(now=now(), anchors={9999: "0" * 64})
        db.session.commit()
    [message] = db.session.query(Message).filter_by(kind="audit_alarm").all()
    assert message.person_id == administrator.id
    assert "9999" in message.text


CHANGES = st.lists(
    st.tuples(st.sampled_from(["title", "text", "budget_note"]), st.text(max_size=40)), max_size=6
)
TAMPERING = {
    "changed": "UPDATE audit_entry SET changes = changes || ' ' WHERE id = :id",
    "moved": "UPDATE audit_entry SET person_id = 4711 WHERE id = :id",
    "missing": "DELETE FROM audit_entry WHERE id = :id",
    "swapped": "UPDATE audit_link SET entry_id = -entry_id WHERE entry_id = :id",
    "link": "UPDATE audit_link SET hash = 'x' WHERE entry_id = :id",
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, how=st.sampled_from(sorted(TAMPERING)), which=st.integers(0, 1000))
def test_any_changes_hold_and_any_tampering_is_found(app, changes, how, which):
    need = db.session.query(Need).first() or factories.need()
    for name, value in changes:
        setattr(need, name, value.replace("\0", ""))
        db.session.commit()
    chain()
    assert faults() == []
    ids = [row.entry_id for row in db.session.query(AuditLink) if row.entry_id > 0]
    unguarded(TAMPERING[how], id=ids[which % len(ids)])
    assert faults()
    # The next example begins with a trail that is whole.
    for table in ("audit_entry", "audit_link"):
        unguarded(f"DELETE FROM {table}")
    need.title = f"{need.title[:20]}."
    db.session.commit()
    chain()
    assert faults() == []


def test_the_end_of_the_chain_is_its_anchor(app):
    with transaction():
        write(db.session(), [Change(Action.create, "need", 1)])
    chain()
    position, digest = last_link()
    assert position == len(entries())
    assert anchors.parsed(anchors.line((position, digest))) == (position, digest)
    with pytest.raises(ValueError, match="no anchor"):
        anchors.parsed("1:short")


def test_the_page_of_a_record_leads_to_its_history_field_by_field(app, browser):
    city = factories.organisation("Nampula")
    coordinator = factories.person(of=city)
    need = factories.need(organisation=city, title="Markets", state=NeedState.published)
    foreigner = factories.person(of=factories.organisation("Lyon"))
    need.title = "Water"
    db.session.commit()
    address = f"/history/need/{need.id}"
    for person, allowed in ((coordinator, True), (factories.officer(), True), (foreigner, False)):
        page = browser.as_(person)
        assert (address in page.get(f"/needs/{need.id}").text) is allowed
        answer = page.get(address)
        assert answer.status_code == (200 if allowed else 403)
        assert ("<del>Markets</del> → <ins>Water</ins>" in answer.text) is allowed
    assert browser.as_(coordinator).get("/history/receipt/1").status_code == 404


def test_a_history_costs_the_same_however_long(app, browser, statements):
    need = factories.need(title="First", state=NeedState.published)
    page = browser.as_(factories.officer())
    address = f"/history/need/{need.id}"
    page.get(address)
    counted = []
    for _round in range(2):
        for number in range(10):
            need.title = f"Title {number} {_round}"
            db.session.commit()
        with statements() as seen:
            page.get(address)
        db.session.rollback()
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert counted[0] <= 6


def test_administrators_read_the_whole_trail_and_officers_do_not(app, browser):
    factories.need(title="Markets")
    chain()
    page = browser.as_(factories.administrator()).get("/log/audit")
    assert anchors.line(last_link()) in page.text
    assert browser.as_(factories.officer()).get("/log/audit").status_code == 403


def test_a_history_speaks_the_words_of_the_field_and_of_its_reader(app, browser):
    city, association = factories.organisation("Nampula"), factories.organisation("ANAMM")
    officer = factories.officer(name="Olga Officer")
    need = factories.need(organisation=city, title="Markets", state=NeedState.published)
    need.terms = [factories.term("theme", "markets")]
    need.published_by_id = association.id
    with transaction():
        advance(NEED, need, "withdraw", actor=None)
    address = f"/history/need/{need.id}"
    english = browser.as_(officer).get(address).text
    for words in (
        "State",
        "<del>Published</del> → <ins>Withdrawn</ins>",
        "ANAMM",
        f"Need {need.id}",
    ):
        assert words in english, words
    french = browser.as_(officer, "fr").get(f"{address}?lang=fr").text
    assert "<del>Publié" in french
    assert "<ins>Retiré" in french
    for raw in ("published_by_id", "organisation_id", "terms<", ">state<", ">need "):
        assert raw not in english + french, raw


def test_the_whole_trail_says_who_saw_and_leads_to_the_record(app, browser):
    amina = factories.person("Amina Juma", email="amina@px.test")
    administrator = factories.administrator(name="Ada")
    page = browser.as_(administrator)
    page.get(f"/people/{amina.id}")
    whole = page.get("/log/audit").text
    assert f'<a href="/people/{amina.id}">Person {amina.id}</a>' in whole
    for words in ("Seen", "opened", "Ada", "on a page"):
        assert words in whole, words


def test_what_is_gone_is_told_as_it_was_written(app, browser):
    need = factories.need(state=NeedState.published)
    fields = {"state": ["abolished", "published"], "old_column": [None, {"en": "Water"}]}
    with transaction():
        write(db.session(), [Change(Action.change, "need", need.id, fields=fields)])
        write(db.session(), [Change(Action.delete, "old_table", 7, fields={"x": [1.5, None]})])
    told = browser.as_(factories.administrator()).get("/log/audit").text
    for words in (
        "<del>abolished</del> → <ins>Published</ins>",
        "old_column",
        "Water",
        "old_table 7",
    ):
        assert words in told, words
