"""The list of exchanges when it is long: the numbers at its filters, and how its pages are cut."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from exchange import policy
from exchange.clock import today
from exchange.exchanges import facets, queries
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.listing import sorted_by
from tests import factories
from workflows.exchange import ExchangePhase
from workflows.exchange import ExchangeState as S


@pytest.fixture
def people(app):
    """Those who see the same exchanges with other eyes; and exchanges of all sorts."""
    city, officer = factories.organisation(), factories.officer()
    person, writer = factories.person(of=city), factories.person()
    late, soon = (today() + timedelta(days=days) for days in (-3, 3))
    themes = (("mobility",), ("mobility", "health"), ())
    for number, state in enumerate(
        (S.submitted, S.matching, S.preparing, S.note_drafting, S.draft)
    ):
        facts = {"state": state, "due_on": (late, soon, None)[number % 3]}
        factories.exchange(host=city, themes=themes[number % 3], owner=officer, **facts)
        factories.exchange(learner=city, themes=themes[number % 2], kind="mentoring", **facts)
        other = factories.exchange(contact=officer if number else None, **facts)
        other.note = Note(title="N", language="en", author=writer)
    factories.exchange(proposer=city, state=S.on_hold, held_state=S.matching, due_on=late)
    factories.exchange(state=S.cancelled, due_on=late, kind="mentoring")
    db.session.commit()
    return {"officer": officer, "city": person, "writer": writer, "nobody": None}


CHOSEN = (
    {},
    {"state": S.matching},
    {"phase": ExchangePhase.matching},
    {"kind": "mentoring"},
    {"theme": "health"},
    {"mine": True},
    {"overdue": True},
    {"waiting": True, "phase": ExchangePhase.visit},
    {"kind": "mentoring", "theme": "mobility", "overdue": True},
)


@pytest.mark.parametrize("chosen", CHOSEN, ids=str)
@pytest.mark.parametrize("who", ["officer", "city", "writer", "nobody"])
def test_each_number_is_that_of_the_list_behind_it(people, who, chosen):
    actor = people[who]

    def many(filters):
        query = queries.narrowed(policy.scoped(Exchange, actor), filters, actor)
        return len(db.session.scalars(query).unique().all())

    options = {
        "phase": list(ExchangePhase),
        "state": list(S),
        "kind": ["study_visit", "mentoring", "peer_review"],
        "owner": [people["officer"].id, people["city"].id],
        "theme": ["mobility", "health", "culture"],
        **{flag: [True] for flag in ("mine", "overdue", "waiting")},
    }
    wanted = {
        name: {
            "yes" if option is True else str(option): number
            for option in choices
            if (number := many({**chosen, name: option}))
        }
        for name, choices in options.items()
    }
    found = facets.counts(policy.scoped(Exchange, actor), chosen, actor)
    assert {name: {k: n for k, n in some.items() if n} for name, some in found.items()} == wanted


def test_an_officer_sees_something_at_every_filter(people):
    """The comparison above is not one of nothing with nothing."""
    officer = people["officer"]
    found = facets.counts(policy.scoped(Exchange, officer), {}, officer)
    assert all(sum(options.values()) for options in found.values()), found
    assert sum(found["phase"].values()) == sum(found["state"].values()) == 17
    assert found["phase"]["matching"] == 4


@pytest.mark.parametrize("sort", ["due", "-due"])
def test_a_page_is_cut_in_the_order_of_an_index(people, sort):
    """However long the list is, no database sorts all of it to show its first rows."""
    query = sorted_by(policy.scoped(Exchange, people["officer"]), sort, queries.SORTS).limit(25)
    bind = db.session.connection()
    words = query.compile(bind, compile_kwargs={"literal_binds": True})
    if bind.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN" if bind.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    plan = "\n".join(str(row) for row in bind.exec_driver_sql(f"{explain} {words}"))
    assert "ix_exchange_due_on" in plan
    assert "B-TREE FOR ORDER BY" not in plan
