"""A pile of mails: what somebody asked for does not wait behind it, and it is bundled in pieces."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text

from exchange.clock import now
from exchange.config import MailServer
from exchange.extensions import db
from exchange.messages import actions, claims, queries
from exchange.messages.deliver import BATCH, Post, deliver_due
from exchange.messages.kinds import MAILS
from exchange.messages.models import Message, new_key
from exchange.transaction import transaction
from tests import factories
from workflows.message import MessageState

POST = Post(MailServer(kind="mailbox"), "px@px.test", "https://px.test")
PILE = 10_000


def pile(many, person=None, *, kind="partners_agreed", bundled=False, age=timedelta(hours=2)):
    """Messages that are due, the oldest first, written without the mapper."""
    begun = now() - age
    facts = {"to_email": "a@px.test", "language": "en", "subject": "S", "text": "T", "kind": kind}
    rows = [
        {
            **facts,
            "key": new_key(),
            "person_id": person.id if person else None,
            "bundled": bundled,
            "next_try_at": begun + timedelta(milliseconds=number),
        }
        for number in range(many)
    ]
    with transaction():
        db.session.execute(insert(Message), rows)


def asked_for(kind="invitation"):
    """A mail that somebody has asked for just now."""
    with transaction():
        facts = {"organisation": "Nampula", "what": "new_device", "device": "Firefox"}
        return actions.write(kind, factories.person(), facts=facts, link="/x/1").id


def taken(limit=BATCH):
    """The next batch, as a worker takes it."""
    with transaction():
        return claims.claim(at=now(), limit=limit, lease=timedelta(minutes=1), to_demo=True)


@pytest.mark.parametrize("kind", ["invitation", "joining", "reset", "sign_in", "account_notice"])
def test_what_somebody_asked_for_goes_before_ten_thousand_reminders(app, kind):
    pile(PILE)
    wanted = asked_for(kind)
    first, *others = taken()
    assert first.id == wanted
    oldest = select(Message.id).order_by(Message.next_try_at).limit(BATCH - 1)
    assert [letter.id for letter in others] == list(db.session.scalars(oldest))
    assert kind not in {letter.kind for letter in taken()}


def test_reminders_go_on_while_invitations_come_and_come(app):
    pile(20)
    pile(1_000, kind="invitation", age=timedelta(hours=1))
    for _batch in range(10):
        kinds = Counter(letter.kind for letter in taken())
        assert kinds == {"invitation": BATCH - BATCH // queries.BY_AGE, "partners_agreed": 2}
    assert Counter(letter.kind for letter in taken()) == {"invitation": BATCH}


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 10])
def test_each_is_taken_once_whatever_the_batch(app, limit):
    pile(23)
    pile(17, kind="sign_in", age=timedelta(minutes=5))
    pile(4, kind="reset", age=-timedelta(hours=1))  # not due yet
    pile(3, bundled=True)
    ids = []
    while letters := taken(limit):
        assert len(letters) <= limit
        ids += [letter.id for letter in letters]
    assert len(ids) == len(set(ids)) == 40


def test_what_a_dead_worker_held_goes_before_all(app):
    pile(3)
    lost = {letter.id for letter in taken()}
    with transaction():
        for message in db.session.scalars(select(Message)):
            message.claimed_until = now() - timedelta(seconds=1)
    pile(50)
    wanted = asked_for()
    ids = [letter.id for letter in taken()]
    assert set(ids[:3]) == lost
    assert ids[3] == wanted


def test_a_digest_is_no_mail_that_goes_first():
    """Thousands of them are written in one morning."""
    first = {kind.name for kind in MAILS.values() if kind.first}
    assert "digest" not in first
    assert all(MAILS[name].urgent for name in first)


def test_a_claim_reads_the_order_from_an_index(app, statements):
    """However many wait, no database sorts them for the next ten."""
    pile(10)
    with statements() as seen:
        taken()
    bind = db.session.connection()
    if bind.dialect.name == "postgresql":
        pytest.skip("its planner decides by the size of the table; the benchmark tells")
    asked = [one for one in seen.all if "FROM message" in one and "LIMIT" in one]
    assert len(asked) == 3
    plans = [
        "\n".join(
            str(row)
            for row in bind.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {one}", tuple([0] * one.count("?"))
            )
        )
        for one in asked
    ]
    assert "ix_message_due" in plans[2]
    assert "B-TREE" not in plans[2]


def digests():
    """How many messages each digest says it carries, and how many name it."""
    rows = db.session.scalars(select(Message).where(Message.kind == "digest"))
    told = {row.id: len(row.facts["items"]) for row in rows}
    named = func.count().label("named")
    found = db.session.execute(
        select(Message.reason, named).where(Message.bundled).group_by(Message.reason)
    )
    return told, {row.reason: row.named for row in found}


def held_by(readers, each):
    """Readers with as many held messages each; in the order in which they were written."""
    people = [factories.person() for _reader in range(readers)]
    db.session.commit()
    for person in people:
        pile(each, person, bundled=True)
    return people


def test_a_pile_is_bundled_in_pieces_and_every_digest_is_whole(app):
    held_by(60, 20)
    pieces = []
    while True:
        with transaction():
            done = actions.bundle_digests(at=now())
        if not done:
            break
        pieces.append(done)
    assert pieces == [500, 500, 200]
    told, named = digests()
    assert set(told.values()) == {20}
    assert named == {f"in_digest: {number}": 20 for number in told}
    assert len(told) == 60


def test_one_reader_is_never_cut_in_two(app, monkeypatch):
    monkeypatch.setattr(queries, "HELD_AT_ONCE", 10)
    held_by(3, 25)
    with transaction():
        assert actions.bundle_digests(at=now()) == 25
    told, _named = digests()
    assert list(told.values()) == [25]


def test_an_invitation_does_not_wait_until_the_pile_is_bundled(app, monkeypatch):
    monkeypatch.setattr(queries, "HELD_AT_ONCE", 10)
    held_by(5, 10)
    wanted = asked_for()
    assert deliver_due(POST, limit=1) == 1
    assert db.session.get(Message, wanted).state == MessageState.sent
    left = select(func.count()).where(Message.bundled, Message.state == MessageState.queued)
    assert db.session.scalar(left) == 40


def test_a_worker_that_dies_between_two_pieces_leaves_the_rest_to_the_next_sweep(app, monkeypatch):
    monkeypatch.setattr(queries, "HELD_AT_ONCE", 10)
    people = held_by(5, 10)
    calls = []

    def dies(**facts):
        calls.append(facts)
        if len(calls) == 3:
            bundle(**facts)  # it was at work on the third piece: what was not committed is not done
            raise SystemExit
        return bundle(**facts)

    bundle = actions.bundle_digests
    with monkeypatch.context() as patched:
        patched.setattr(actions, "bundle_digests", dies)
        with pytest.raises(SystemExit):
            deliver_due(POST)
    assert len(digests()[0]) == 2
    deliver_due(POST)
    told, named = digests()
    assert list(told.values()) == [10] * 5
    assert named == {f"in_digest: {number}": 10 for number in told}
    sent = select(Message.person_id).where(Message.kind == "digest")
    sent = sent.where(Message.state == MessageState.sent)
    assert sorted(db.session.scalars(sent)) == sorted(person.id for person in people)


def test_what_readers_left_behind_is_put_aside_in_pieces(app, monkeypatch):
    monkeypatch.setattr(queries, "HELD_AT_ONCE", 10)
    pile(25, bundled=True)
    for wanted in (10, 10, 5, 0):
        with transaction():
            assert actions.bundle_digests(at=now()) == wanted
    assert digests() == ({}, {"person_gone": 25})


@pytest.mark.services
def test_no_two_workers_write_the_digest_of_one_reader(app):
    """The one that comes second leaves the reader out, even when new messages are there."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    (person,) = held_by(1, 5)
    person_id = person.id
    db.session.commit()
    with db.engine.connect() as other:
        other.execute(
            text("SELECT id FROM person WHERE id = :id FOR NO KEY UPDATE"), {"id": person_id}
        )
        with transaction():
            assert actions.bundle_digests(at=now()) == 0
        pile(1, person, bundled=True)  # somebody may write to them all the same
        other.rollback()
    with transaction():
        assert actions.bundle_digests(at=now()) == 6
