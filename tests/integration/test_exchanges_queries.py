"""Finding exchanges: by words, stage, people, and whose turn it is."""

from datetime import timedelta

import pytest

from exchange import policy
from exchange.clock import today
from exchange.exchanges import queries
from exchange.exchanges.models import Exchange
from exchange.exchanges.turns import waited_for
from exchange.extensions import db
from exchange.lessons.models import FollowUp, Note
from exchange.listing import page_of
from tests import factories
from workflows.exchange import ExchangePhase
from workflows.exchange import ExchangeState as S


def found(actor, **filters):
    """The titles that the list shows to ``actor``, in its order."""
    query = queries.listed(policy.scoped(Exchange, actor), filters, actor)
    return [row.title for row in page_of(query, filters, queries.SORTS).items]


def test_by_words_of_title_reference_or_partner_without_accents(app):
    officer = factories.officer()
    host = factories.organisation("São Paulo", country_code="BR")
    one = factories.exchange(title="Markets", host=host, learner=factories.organisation())
    factories.exchange(title="Buses")
    for words in ("mark", "sao p", one.reference):
        assert found(officer, q=words) == ["Markets"]
    assert found(officer, country="br") == ["Markets"]
    assert found(officer, organisation=host.id) == ["Markets"]


def test_by_stage_state_kind_theme_and_officer(app):
    officer = factories.officer()
    factories.exchange(title="A", state=S.preparing, owner=officer, themes=("health",))
    factories.exchange(title="B", state=S.on_hold, held_state=S.matching, kind="mentoring")
    assert found(officer, phase=ExchangePhase.visit) == ["A"]
    assert found(officer, phase=ExchangePhase.matching) == ["B"]
    assert found(officer, phase=ExchangePhase.proposal) == []
    assert found(officer, state=S.on_hold) == ["B"]
    assert found(officer, kind="mentoring") == ["B"]
    assert found(officer, theme="health") == ["A"]
    assert found(officer, owner=officer.id) == ["A"]


def test_what_is_due_comes_first_and_what_has_no_day_last(app):
    officer = factories.officer()
    factories.exchange(title="Closed", state=S.cancelled)
    factories.exchange(title="Later", state=S.matching, due_on=today() + timedelta(days=9))
    factories.exchange(title="Late", state=S.matching, due_on=today() - timedelta(days=1))
    assert found(officer) == ["Late", "Later", "Closed"]
    assert found(officer, sort="-due") == ["Closed", "Later", "Late"]
    assert found(officer, overdue=True) == ["Late"]


def test_ours_are_those_we_propose_take_part_in_or_follow(app):
    city = factories.organisation()
    person, officer = factories.person(of=city), factories.officer()
    factories.exchange(title="Proposed", proposer=city)
    factories.exchange(title="Hosted", host=city, state=S.visited)
    answered = factories.exchange(title="Answered", state=S.visited)
    answered.needs = [factories.need(organisation=city)]
    factories.exchange(title="Foreign", state=S.visited, owner=officer)
    db.session.commit()
    assert sorted(found(person, mine=True)) == ["Answered", "Hosted", "Proposed"]
    assert found(officer, mine=True) == ["Foreign"]
    assert found(None, mine=True) == found(None, waiting=True) == []


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (S.draft, {"learner"}),
        (S.submitted, {"officer"}),
        (S.match_proposed, {"host", "learner"}),
        (S.partners_agreed, {"host", "learner"}),
        (S.preparing, {"host"}),
        (S.visited, {"officer"}),
        (S.note_drafting, {"author"}),
        (S.note_in_review, {"reviewer"}),
        (S.on_hold, {"officer"}),
        (S.closed_with_change, set()),
    ],
)
def test_whose_turn_it_is_is_the_same_in_the_list_and_on_the_page(app, state, turn):
    host, learner = factories.organisation("H"), factories.organisation("L")
    people = {
        "host": factories.person("H", of=host),
        "learner": factories.person("L", of=learner),
        "officer": factories.officer(name="O"),
        "author": factories.person("A"),
        "reviewer": factories.person("R"),
    }
    facts = {"held_state": S.preparing} if state == S.on_hold else {}
    exchange = factories.exchange(
        host=host, learner=learner, state=state, owner=people["officer"], **facts
    )
    author, reviewer = people["author"], people["reviewer"]
    exchange.note = Note(title="N", language="en", author=author, reviewer=reviewer)
    db.session.commit()
    waited = {
        name
        for name, person in people.items()
        if db.session.query(Exchange).filter(queries.waits_for_actor(person)).count()
    }
    assert waited == turn
    names = queries.waits_for(exchange)
    assert set(names) == {people[name].name for name in turn}
    assert waited_for([exchange]) == {exchange.id: names}


def test_in_a_follow_up_it_waits_for_those_who_have_not_answered(app):
    host, learner = factories.organisation("Host"), factories.organisation("Learner")
    exchange = factories.exchange(host=host, learner=learner, state=S.following_up_6)
    for months, who, state in ((3, host, "asked"), (6, host, "answered"), (6, learner, "asked")):
        asked = FollowUp(organisation=who, months=months, due_on=today(), state=state)
        exchange.follow_ups.append(asked)
    db.session.commit()
    assert queries.waits_for(exchange) == waited_for([exchange])[exchange.id] == ["Learner"]


def test_a_need_stands_for_its_city_until_a_learner_is_named(app):
    exchange = factories.exchange(state=S.match_proposed)
    exchange.needs = [factories.need(organisation=factories.organisation("Needy"))]
    db.session.commit()
    assert queries.waits_for(exchange) == waited_for([exchange])[exchange.id] == ["Needy"]
    exchange.state = S.note_drafting
    assert queries.waits_for(exchange) == []
    exchange.state = S.note_in_review
    assert queries.waits_for(exchange) == []


def test_days_are_counted_to_the_due_day_and_beyond_it(app):
    exchange = factories.exchange(due_on=today() + timedelta(days=2))
    assert queries.days_left(exchange) == 2
    assert queries.days_left(exchange, on=today() + timedelta(days=5)) == -3
    exchange.due_on = None
    assert queries.days_left(exchange) is None


def test_bundlers_and_officers(app):
    association, member = factories.association("ANAMM"), factories.person()
    officer = factories.officer(name="Zoe")
    assert queries.bundlers(factories.person(of=association)) == [association]
    assert queries.bundlers(member) == []
    assert queries.bundlers(officer) == [association]
    assert queries.officers() == [officer]
