"""The first hour: tasks for each kind of person, done as the rows say; examples; help; the demo."""

from dataclasses import replace

import pytest

from exchange.dashboards.first_hour import TASKS, Kind, first_hour, kind_of
from exchange.directory.models import Membership, OrganisationKind
from exchange.extensions import db
from exchange.labels import FIRST_TASKS
from exchange.steps import Step
from exchange.web import first_hour as shown
from tests import factories
from workflows.exchange import ExchangeState
from workflows.need import NeedState


def _steps(person, workflow, trigger):
    step = Step(subject_type=workflow, subject_id=1, trigger=trigger, from_state="a", to_state="b")
    step.actor = person
    db.session.add(step)
    db.session.commit()


def _complete(organisation, person):
    organisation.terms.append(factories.term("language", "pt"))
    organisation.contact = person
    organisation.population = 750_000
    db.session.commit()


def test_a_city_goes_from_nothing_to_its_first_answer(browser):
    city = factories.organisation("Nampula")
    person = factories.person(of=city)
    page = browser.as_(person)
    assert set(first_hour(person).states.values()) == {"todo"}
    text = page.get("/").text
    assert "Your first steps" in text
    assert "0 of 4 done." in text
    need = factories.need(organisation=city, state=NeedState.draft)
    assert first_hour(person).states["need"] == "begun"
    assert "/needs?mine=yes&amp;state=draft" in page.get("/").text
    need.published_at = need.created_at
    offer = factories.offer(organisation=city)
    offer.published_at = offer.created_at
    _complete(city, person)
    assert "3 of 4 done." in page.get("/").text
    _steps(person, "match", "accept")
    assert first_hour(person).over
    assert "Your first steps" not in page.get("/").text


def test_an_association_works_for_its_members(browser):
    body = factories.organisation("ANAMM", kind=OrganisationKind.association)
    person = factories.person(of=body)
    assert kind_of(person) is Kind.association
    member = factories.organisation("Beira")
    db.session.add(Membership(body=body, member=member))
    need = factories.need(organisation=member)
    need.published_at = need.created_at
    factories.exchange(proposer=body, state=ExchangeState.draft)
    db.session.commit()
    states = first_hour(person).states
    assert states == {"profile": "todo", "members": "done", "need": "done", "proposal": "begun"}
    factories.exchange(proposer=body, state=ExchangeState.submitted)
    assert first_hour(person).states["proposal"] == "done"
    assert "Name your member cities" in browser.as_(person).get("/").text


def test_an_officer_has_other_first_steps(browser):
    officer = factories.officer()
    assert first_hour(officer).states == dict.fromkeys(TASKS[Kind.office], "todo")
    factories.person(of=factories.organisation())
    factories.exchange(owner=officer)
    _steps(officer, "exchange", "find_eligible")
    _steps(factories.officer(), "match", "propose")
    assert list(first_hour(officer).states.values()) == ["done", "done", "done", "todo"]
    assert "Propose your first match" in browser.as_(officer).get("/").text


def test_whoever_only_takes_part_has_no_tasks(browser):
    member = factories.person(of=factories.organisation(), role="member")
    assert first_hour(member) is None
    assert "Your first steps" not in browser.as_(member).get("/").text


def test_it_costs_one_statement(app, statements):
    city = factories.organisation()
    person = factories.person(of=city)
    assert person.affiliations[0].organisation.name
    for _n in range(3):
        factories.need(organisation=city)
    db.session.refresh(person)
    assert person.affiliations[0].organisation.name
    with statements() as seen:
        first_hour(person)
    assert len(seen) == 1


def test_every_task_has_words_and_a_place():
    known = {task for tasks in TASKS.values() for task in tasks}
    assert set(FIRST_TASKS) == known
    assert set(shown.PLACES) == known - {"profile", "members"}


@pytest.mark.parametrize("noun", ["need", "offer"])
def test_examples_stand_beside_the_first_form_only(browser, noun):
    city = factories.organisation()
    page = browser.as_(factories.person(of=city))
    words = f"Three good {noun}s"
    assert words in page.get(f"/{noun}s/new").text
    row = getattr(factories, noun)(organisation=city)
    assert words not in page.get(f"/{noun}s/new").text
    assert words not in page.get(f"/{noun}s/{row.id}/edit").text


def test_help_opens_the_hour_of_the_reader(app, browser, monkeypatch):
    text = browser.as_().get("/help").text
    assert text.count("<details open>") == len(Kind)
    city = browser.as_(factories.person(of=factories.organisation())).get("/help").text
    assert city.count("<details open>") == 1
    assert "this is you" in city
    assert "mailto:" not in city
    settings = replace(app.config["EXCHANGE"], help_address="help@cities.example")
    monkeypatch.setitem(app.config, "EXCHANGE", settings)
    assert "mailto:help@cities.example" in browser.as_().get("/help").text


def test_the_sign_in_of_a_demonstration_names_its_people(app, browser, monkeypatch):
    assert "demonstration" not in browser.as_().get("/sign-in").text
    officer = factories.officer()
    officer.demo, officer.email = True, "officer@demo.peer-exchange.example"
    db.session.commit()
    text = browser.as_().get("/sign-in").text
    assert "This is a demonstration" in text
    assert "demonstration_password" in text
    assert "/sign-in?email=officer@demo" in text
    filled = browser.as_().get("/sign-in?email=officer@demo.peer-exchange.example").text
    assert 'value="officer@demo.peer-exchange.example"' in filled
    outside = replace(app.config["EXCHANGE"], production=True)
    monkeypatch.setitem(app.config, "EXCHANGE", outside)
    assert "demonstration" not in browser.as_().get("/sign-in").text
