"""What administrators may do to an entry, and what its use forbids."""

from datetime import UTC, datetime

import pytest

from exchange.errors import Conflict, Invalid, NotFound
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.vocabularies import actions, queries
from exchange.vocabularies.models import Term
from tests import factories


def add(code: str = "night-work", vocabulary: str = "theme", **data) -> Term:
    labels = {"en": "Night work", "fr": "Travail de nuit"}
    data = {"code": code, "labels": labels, **data}
    return actions.add(vocabulary, data, actor=factories.administrator())


def test_a_new_entry_comes_last_and_speaks_english_where_it_has_no_other_word(app):
    term = add()
    assert queries.terms_of("theme")[-1] is term
    assert (term.label("fr"), term.label("es")) == ("Travail de nuit", "Night work")


def test_nobody_adds_a_vocabulary_by_a_mistyped_name(app):
    with pytest.raises(NotFound):
        add(vocabulary="themes")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": "mobility"}, "code", "already_there"),
        ({"parent_code": "nothing"}, "parent", "unknown_term"),
        ({"parent_code": "night-work"}, "parent", "under_itself"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(app, change, field, code):
    term = add()
    with pytest.raises(Invalid) as refused:
        actions.edit(term, change, actor=None)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_words_change_one_language_at_a_time_and_can_be_taken_away(app):
    term = add()
    actions.edit(term, {"labels": {"es": "Trabajo nocturno", "fr": ""}}, actor=None)
    assert term.labels == {"en": "Night work", "es": "Trabajo nocturno"}


def test_an_entry_lies_under_another_and_not_in_a_circle(app):
    above, below = add("above"), add("below")
    actions.edit(below, {"parent_code": "above"}, actor=None)
    assert below.parent_code == "above"
    with pytest.raises(Invalid, match="under_itself"):
        actions.edit(above, {"parent_code": "below"}, actor=None)
    actions.edit(below, {"parent_code": ""}, actor=None)
    assert below.parent_code == ""
    target = add("99.1", "sdg_target", parent_code="17")
    assert target.parent.vocabulary == "sdg_goal"


def test_a_code_that_others_know_stays(app):
    term, mobility = add(), factories.term("theme", "mobility")
    actions.edit(term, {"code": "night-shift"}, actor=None)
    assert term.code == "night-shift"
    factories.need(themes=("night-shift",))
    for known in (term, mobility):
        with pytest.raises(Invalid, match="code_is_fixed"):
            actions.edit(known, {"code": "other"}, actor=None)


def test_a_retired_entry_is_no_longer_offered_and_can_come_back(app):
    term = add()
    actions.retire(term, actor=None)
    since = term.retired_at
    actions.retire(term, actor=None)
    assert term.retired_at == since
    assert term not in queries.terms_of("theme")
    assert term in queries.terms_of("theme", retired=True)
    actions.edit(term, {"retired": False}, actor=None)
    assert term in queries.terms_of("theme")
    actions.edit(term, {"retired": True}, actor=None)
    assert term.retired_at
    actions.bring_back(term, actor=None)
    assert term.retired_at is None


def test_an_unused_entry_is_deleted(app):
    term = add()
    actions.delete(term, actor=None)
    assert queries.term_or_none("theme", "night-work") is None


def test_what_came_with_the_program_is_retired_not_deleted(app):
    """The next start would bring it back."""
    with pytest.raises(Conflict, match="came_with_program"):
        actions.delete(factories.term("theme", "health"), actor=None)


def _in_a_follow_up(code: str) -> None:
    exchange = factories.exchange()
    row = FollowUp(exchange=exchange, organisation=factories.organisation(), months=3)
    row.due_on, row.answers = datetime(2026, 5, 1, tzinfo=UTC).date(), {code: "yes"}
    db.session.add(row)


@pytest.mark.parametrize(
    ("vocabulary", "code", "use", "table"),
    [
        ("theme", "t-1", lambda code: factories.need(themes=(code,)), "need_term"),
        ("theme", "t-1", lambda code: factories.offer(themes=(code,)), "offer_term"),
        ("theme", "t-1", lambda code: factories.exchange(themes=(code,)), "exchange_term"),
        (
            "section",
            "S-1",
            lambda code: factories.organisation(sections=(code,)),
            "organisation_term",
        ),
        ("section", "S-1", factories.section_officer, "person"),
        ("country", "XX", lambda code: factories.organisation(country_code=code), "organisation"),
        ("language", "xx", lambda code: factories.need(language=code), "need"),
        ("theme", "t-1", lambda code: add("t-2", parent_code=code), "term"),
        ("follow_up_question", "why", _in_a_follow_up, "follow_up"),
    ],
)
def test_every_use_forbids_deleting(app, vocabulary, code, use, table):
    term = add(code, vocabulary)
    assert queries.usage(term) == {}
    use(code)
    assert queries.usage(term) == {table: 1}
    with pytest.raises(Conflict, match="in_use"):
        actions.delete(term, actor=None)


def test_uses_in_one_table_are_added_up(app):
    term = factories.term("country", "MZ")
    factories.organisation(country_code="MZ")
    assert queries.usage(term) == {"organisation": 1, "place": _places("MZ")}


def _places(country: str) -> int:
    found = db.session.execute(
        db.text("SELECT count(*) FROM place WHERE country_code = :code"), {"code": country}
    )
    return found.scalar_one()


def test_search_forgives_accents_in_any_language(app):
    found = queries.matching("theme", {"q": "MOVILIDAD"})
    assert "mobility" in [term.code for term in found.items]
    page = queries.matching("country", {"size": 10, "page": 2})
    assert (len(page.items), page.number, page.total) == (10, 2, 249)
    assert queries.matching("theme", {"retired": True}).items == []
    with pytest.raises(NotFound):
        queries.matching("nothing", {})
