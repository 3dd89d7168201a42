"""The settings of the matcher: versions that are added, checked, and never changed."""

import pytest

from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.matching import settings
from exchange.matching.core.configuration import WEIGHTS, Configuration
from exchange.matching.models import Settings
from exchange.transaction import transaction
from tests import factories


def save(values, **options):
    options.setdefault("note", "Text counts more for this call")
    with transaction():
        return settings.save(values, actor=options.pop("actor", None), **options)


def test_where_nobody_changed_anything_the_programs_own_settings_hold(app, statements):
    with statements() as seen:
        assert settings.current() == Configuration()
    assert len(seen) == 1


def test_every_setting_has_bounds_within_which_its_default_lies():
    own = Configuration().as_dict()
    assert set(own) == {*settings.BOUNDS, "weights"}
    for name, (least, most) in settings.BOUNDS.items():
        assert least <= own[name] <= most
    assert settings.checked({}, Configuration()) == Configuration()


def test_a_change_is_a_new_version_that_says_who_and_why(app):
    officer = factories.officer()
    first = save({"hold_days": 10}, actor=officer)
    second = save({"floor": "2000"}, note="Too many weak pairs")
    now = settings.current()
    assert (now.hold_days, now.floor, now.hash) == (10, 2000, second.hash)
    assert (first.person, first.note) == (officer, "Text counts more for this call")
    assert first.values["floor"] == Configuration().floor
    assert first.hash != second.hash


def test_saving_what_holds_already_adds_nothing(app):
    row = save({"hold_days": 10})
    assert save({"hold_days": "10"}, note="") is row
    assert db.session.query(Settings).count() == 1


def test_two_officers_do_not_undo_each_other(app):
    seen = settings.current().hash
    save({"hold_days": 10}, expected_hash=seen)
    with pytest.raises(Conflict, match="moved_on"):
        save({"floor": 0}, expected_hash=seen)
    assert settings.current().floor == Configuration().floor


def test_weights_are_changed_together(app):
    save({"weights": {"same_words": 3000, "same_themes": 2500}})
    assert settings.current().weights["same_words"] == 3000
    assert sum(settings.current().weights.values()) == 10_000
    whole = dict.fromkeys(WEIGHTS, 0) | {"same_words": 10_000}
    assert settings.checked({"weights": whole}).weights == whole


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"weights": {"same_words": 2001}}, "weights", "weights_total"),
        ({"weights": {"same_words": -1}}, "weights.same_words", "number_outside"),
        ({"weights": {"same_words": 20.5}}, "weights.same_words", "not_a_number"),
        ({"weights": {"beauty": 1}}, "weights.beauty", "unknown_setting"),
        ({"weights": [1, 2]}, "weights", "bad_value"),
        ({"beauty": 1}, "beauty", "unknown_setting"),
        ({"floor": 10_001}, "floor", "number_outside"),
        ({"hold_days": 0}, "hold_days", "number_outside"),
        ({"hold_days": True}, "hold_days", "not_a_number"),
        ({"hold_days": ""}, "hold_days", "not_a_number"),
        ({"kept": 2, "waiting": 3}, "waiting", "line_too_long"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(app, values, field, code):
    with pytest.raises(Invalid) as refused:
        save(values)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert db.session.query(Settings).count() == 0


def test_a_change_needs_a_reason(app):
    with pytest.raises(Invalid) as refused:
        save({"hold_days": 10}, note=" ")
    assert (refused.value.field, refused.value.code) == ("note", "reason_required")
