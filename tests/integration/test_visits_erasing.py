"""A participant asks to be forgotten: the delegation keeps its numbers and nothing else."""

import pytest

from exchange.errors import Invalid, NotFound
from exchange.extensions import db
from exchange.messages.actions import write
from exchange.messages.models import Message
from exchange.reminders.audience import Guest
from exchange.reminders.models import Reminder
from exchange.reminders.send import plan_now
from exchange.visits import actions, queries
from exchange.visits.models import Evaluation
from tests import factories
from tests.factories import visits
from workflows.message import MessageState


@pytest.fixture
def forgotten(app):
    """A participant who has been written to, has a link and has answered."""
    visit = visits.visit(attendance_recorded_on=visits.LAST, evaluation_opened_on=visits.LAST)
    learner = visit.exchange.partners[1].organisation
    person = visits.participant(
        visit, organisation=learner, name="Amina Juma", email="amina@example.org", attended=True
    )
    person.function, person.needs = "Director of markets", "Wheelchair"
    db.session.add(
        Evaluation(visit=visit, participant=person, role="participant", answers={"a": 5})
    )
    db.session.commit()
    return person


def mail(participant):
    return write("participation", participant_reader(participant), facts=FACTS, link="/p/secret")


FACTS = {"title": "Markets", "place": "Durban", "organisation": "Nampula"}
FACTS |= dict.fromkeys(("visit_start", "visit_end", "due_on", "note"))


def participant_reader(participant):
    return Guest(participant.name, participant.email, "en", "UTC")


def test_staff_erases_on_request_and_nothing_tells_who_it_was(forgotten, browser):
    secret = actions.make_participant_link(forgotten)
    written = mail(forgotten)
    db.session.commit()
    officer = browser.as_(factories.officer())
    address = f"/visits/participants/{forgotten.id}"
    assert "Erase the personal data" in officer.get(address).text
    assert officer.post(f"{address}/erase").status_code == 302
    page = officer.get(address).text
    assert "erased on" in page
    for gone in ("Amina Juma", "amina@example.org", "Director of markets", "Wheelchair"):
        assert gone not in page
    db.session.expire_all()
    assert forgotten.attended is True
    with pytest.raises(NotFound):
        queries.participant_of_link(secret)
    answers = db.session.query(Evaluation).one()
    assert (answers.participant_id, answers.answers) == (None, {"a": 5})
    written = db.session.get_one(Message, written.id)
    assert (written.state, written.to_email, written.text) == (MessageState.skipped, "", "")


def test_nobody_is_asked_or_corrected_after_it(forgotten):
    actions.erase_participant(forgotten, actor=None)
    for change in (
        lambda: actions.erase_participant(forgotten, actor=None),
        lambda: actions.edit_participant(forgotten, {"name": "Again"}, actor=None),
        lambda: actions.advance_participant(forgotten, "confirm", actor=None),
        lambda: actions.make_participant_link(forgotten),
    ):
        with pytest.raises(Invalid, match="already_erased"):
            change()
    db.session.commit()
    plan_now()
    asked = db.session.query(Reminder).filter_by(subject_type="participant").count()
    assert asked == 0


def test_a_partner_does_not_erase_and_the_api_does_as_the_page(forgotten, browser):
    partner = factories.person(of=forgotten.organisation)
    address = f"/api/v1/visits/participants/{forgotten.id}/personal-data"
    assert browser.api(partner).delete(address).status_code == 403
    officer = browser.api(factories.officer())
    assert officer.delete(address).status_code == 204
    again = officer.delete(address)
    assert (again.status_code, again.json["error"]["code"]) == (422, "already_erased")
