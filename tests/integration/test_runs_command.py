"""`exchange match run`: a full run in this process."""

import pytest
from click.testing import CliRunner

from exchange.commands.match import match
from exchange.errors import Conflict, NotFound
from exchange.extensions import db
from exchange.matching.models import Match
from exchange.programmes import actions as programmes
from exchange.runs.models import Occasion, Run
from exchange.transaction import transaction
from tests import factories
from tests.integration.run_stories import begin, review
from workflows.match import MatchState
from workflows.matching_run import RunState


@pytest.fixture
def command(app, monkeypatch):
    monkeypatch.setattr("exchange.app.create_app", lambda: app)

    def run(*words):
        db.session.rollback()  # whoever only reads must not hold the command up
        return CliRunner().invoke(match, ["run", *words])

    return run


def test_it_prints_what_was_found_and_what_was_not(command):
    factories.need(languages=("pt",)), factories.need(), factories.offer(places=5)
    answer = command()
    assert answer.exit_code == 0, answer.output
    printed = answer.stdout
    assert "2 needs, 1 offers, 2 pairs looked at" in printed
    assert "       1  a_common_language" in printed
    assert "       1  fit" in printed
    assert "       1  of 2 needs get a host" in printed
    assert "proven to be the best (flow, 1 rounds)" in printed
    assert "is published: 1 asked" in printed
    assert "block 1 of 1 compared" in answer.stderr
    assert "round 1" in answer.stderr
    assert db.session.query(Match).one().state == MatchState.proposed
    assert db.session.query(Run).one().occasion == Occasion.command


def test_where_an_officer_reviews_it_is_published_when_that_is_asked_for(command):
    review()
    factories.need(), factories.offer()
    assert "is draft: 1 drafted" in command().stdout
    assert db.session.query(Match).count() == 0
    assert "is published: 1 asked" in command("--publish").stdout


def test_a_programme_by_its_code(command):
    with transaction():
        own = programmes.create({"code": "forum", "title_en": "Forum", "mode": "review"})
    factories.need(programme=own), factories.need(), factories.offer(places=4)
    assert "1 needs, 1 offers" in command("--programme", "forum").stdout
    assert isinstance(command("--programme", "nothing").exception, NotFound)


def test_beside_another_run_it_refuses(command):
    begin()
    assert isinstance(command().exception, Conflict)


def test_in_a_large_run_it_says_for_how_many_the_rules_were_counted(command, monkeypatch):
    monkeypatch.setattr("exchange.runs.work.COUNTED", 2)
    for _ in range(5):
        factories.need(), factories.offer()
    assert "of 10 pairs of 2 needs among them:" in command().stdout


def test_a_run_that_fails_is_told(command, monkeypatch):
    def fails(*_given):
        raise MemoryError("no more")

    monkeypatch.setattr("exchange.runs.work._solved", fails)
    factories.need(), factories.offer()
    assert isinstance(command().exception, MemoryError)
    assert db.session.query(Run).one().state == RunState.comparing
