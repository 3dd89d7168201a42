"""Programmes: who asks the cities of a call, and of the network at large."""

import pytest

from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.programmes import actions, queries
from exchange.programmes.models import MatchingMode, Programme
from exchange.programmes.schemas import ProgrammeSchema
from exchange.transaction import transaction

FORUM = {"code": "forum-2026", "title_en": "Forum", "title_fr": "Forum d'été", "mode": "review"}


def create(**changes):
    with transaction():
        return actions.create({**FORUM, **changes})


def test_a_programme_is_made_and_changed(app):
    forum = create()
    assert forum.titles == {"en": "Forum", "fr": "Forum d'été"}
    assert queries.mode_of(forum) == MatchingMode.review
    with transaction():
        actions.edit(forum, {"title_fr": "", "mode": MatchingMode.automatic, "open": False})
    assert forum.titles == {"en": "Forum"}
    assert (forum.mode, forum.open) == (MatchingMode.automatic, False)
    assert queries.open_programmes() == []


def test_two_programmes_have_two_codes(app):
    create()
    for code in ("forum-2026", "network"):
        with pytest.raises(Invalid, match="code_taken"):
            actions.create({**FORUM, "code": code})


def test_a_code_stays(app):
    forum = create()
    with pytest.raises(Invalid, match="code_stays"):
        actions.edit(forum, {"code": "other"})
    assert actions.edit(forum, FORUM) == forum


def test_the_network_has_a_row_once_somebody_decides_for_it(app):
    assert queries.mode_of(None) == MatchingMode.automatic
    assert queries.general() is None
    with transaction():
        actions.edit(actions.general(), {"mode": MatchingMode.suggest})
    assert queries.mode_of(None) == MatchingMode.suggest
    assert actions.general() == queries.general()
    with pytest.raises(Invalid, match="network_stays_open"):
        actions.edit(actions.general(), {"open": False})
    assert db.session.query(Programme).count() == 1


def test_who_saves_an_old_page_is_told(app):
    forum = create()
    assert forum.version_id == 1  # what the page was made of
    newer = db.update(Programme).values(version_id=7)
    db.session.execute(newer, execution_options={"synchronize_session": False})
    with pytest.raises(Conflict, match="moved_on"):
        actions.edit(forum, {"mode": MatchingMode.suggest})


def test_the_form_shows_what_is_there(app):
    shown = actions.as_form(create())
    assert shown == {**FORUM, "title_es": "", "title_pt": "", "open": True}


def test_a_code_is_made_of_small_letters(app):
    problems = ProgrammeSchema().validate({**FORUM, "code": "Forum 2026"})
    assert list(problems) == ["code"]
