"""A draft beside the last run, and what other settings would change, before anybody decides."""

import pytest

from exchange.errors import Invalid
from exchange.extensions import db
from exchange.matching import actions as matching
from exchange.matching import settings
from exchange.matching.models import Answer, Match, Side
from exchange.runs import actions, differences, previewing
from exchange.runs.models import Run, RunPair
from exchange.transaction import transaction
from tests import factories
from tests.integration.run_stories import begin, review, settled, work_off


@pytest.fixture
def draft(app):
    """Draws up a draft of the network, where an officer reviews runs."""
    review()
    return lambda: work_off(begin())


def publish(run):
    with transaction():
        actions.publish(run, actor=None)
    settled()


def names(lines):
    return [(line.need.title, line.offer.title) for line in lines]


def test_the_first_draft_is_all_new(draft):
    need = factories.need(title="Drains")
    factories.offer(title="Canals", organisation=factories.organisation("Port"))
    found = differences.compare(draft())
    assert found.before is None
    assert names(found.new) == [("Drains", "Canals")]
    assert found.gone == found.same == found.needs_lose == found.hosts_lose == []
    assert [(one.need.id, one.before) for one in found.needs_gain] == [(need.id, 0)]
    assert [(one.organisation, one.before, one.after) for one in found.hosts_gain] == [
        ("Port", 0, 1)
    ]
    assert found.coverage["size"]["unknown"] == differences.Group(0, 0, 1, 1)


def test_who_waits_for_an_answer_has_not_lost_it(draft):
    factories.need(title="Drains"), factories.offer(title="Canals")
    publish(draft())
    factories.need(title="Trams"), factories.offer(title="Rails")
    found = differences.compare(draft())
    assert names(found.new) == [("Trams", "Rails")]
    assert names(found.going_on) == [("Drains", "Canals")]
    assert found.gone == found.needs_lose == found.hosts_lose == []


def test_a_pair_that_was_declined_is_gone(draft):
    need = factories.need(title="Drains")
    factories.offer(title="Canals")
    publish(draft())
    with transaction():
        match = db.session.query(Match).one()
        matching.answer(match, Side.need, Answer.declined, actor=None, reason=("theme", ""))
    found = differences.compare(draft())
    assert names(found.gone) == [("Drains", "Canals")]
    assert [(one.need.id, one.after) for one in found.needs_lose] == [(need.id, 0)]
    assert [one.after for one in found.hosts_lose] == [0]
    assert found.totals[1] == 0 < found.totals[0]


def test_two_drafts_of_the_same_facts_are_the_same(draft):
    for _ in range(3):
        factories.need(), factories.offer()
    first, second = draft(), draft()
    found = differences.compare(second, first)
    assert len(found.same) == 3
    assert found.new == found.gone == []


def test_comparing_costs_the_same_however_many(draft, statements):
    counts = []
    for _ in range(2):
        for _ in range(3):
            factories.need(), factories.offer()
        publish(draft())
        later = draft()
        with statements() as seen:
            differences.compare(later)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


# Preview


def themes_or_size():
    """A need for which one offer has the theme and another the size."""
    city = factories.organisation("Learner", population=100_000)
    factories.need(title="Drains", organisation=city, themes=("mobility", "health"))
    big = factories.organisation("Theme", population=9_000_000)
    near = factories.organisation("Size", population=100_000)
    factories.offer(title="By theme", organisation=big, themes=("mobility", "health"))
    factories.offer(title="By size", organisation=near, themes=("mobility",))


BY_SIZE = {"weights": {"same_themes": 500, "similar_size": 3500}}


def test_other_weights_are_tried_on_the_last_run(draft):
    themes_or_size()
    run = draft()
    found = previewing.preview(BY_SIZE)
    assert found.run == run
    assert found.changed == len(found.changes) == 1
    (change,) = found.changes
    assert change.need.title == "Drains"
    assert [one.offer.title for one in change.before] == ["By theme"]
    assert [one.offer.title for one in change.after] == ["By size"]
    assert change.before[0].score == run.pairs[0].score
    assert found.served == (1, 1)
    assert found.certified
    assert not found.is_sample
    assert found.hash == settings.checked(BY_SIZE).hash != settings.current().hash


def test_a_preview_looks_at_a_published_run_as_if_nobody_had_been_asked(draft):
    themes_or_size()
    publish(draft())
    assert db.session.query(Match).filter_by(state="proposed").count() == 1
    found = previewing.preview(BY_SIZE)
    assert [one.offer.title for one in found.changes[0].before] == ["By theme"]
    assert [one.offer.title for one in found.changes[0].after] == ["By size"]


def test_the_settings_that_hold_change_nothing(draft):
    themes_or_size()
    draft()
    found = previewing.preview({})
    assert (found.changed, found.changes) == (0, [])
    assert found.total[0] == found.total[1] > 0


def test_a_preview_writes_nothing_and_refuses_what_is_no_setting(draft):
    themes_or_size()
    draft()
    runs, pairs = db.session.query(Run).count(), db.session.query(RunPair).count()
    previewing.preview(BY_SIZE)
    assert not db.session.dirty
    assert (db.session.query(Run).count(), db.session.query(RunPair).count()) == (runs, pairs)
    with pytest.raises(Invalid):
        previewing.preview({"floor": -1})


def test_without_any_run_the_needs_of_the_network_are_tried(app):
    themes_or_size()
    found = previewing.preview(BY_SIZE)
    assert found.run is None
    assert found.needs == (1, 1)
    assert found.changed == 1


def test_a_large_run_is_sampled_and_says_so(draft, monkeypatch):
    for _ in range(12):
        factories.need(), factories.offer()
    draft()
    monkeypatch.setattr(previewing, "MOST_NEEDS", 6)
    found = previewing.preview({})
    assert found.is_sample
    assert 0 < found.needs[0] < found.needs[1] == 12
    assert 0 < found.offers[0] < found.offers[1] == 12
