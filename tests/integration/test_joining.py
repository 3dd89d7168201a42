"""A coordinator asks somebody to belong to them, and learns nothing of the address."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from exchange.accounts import joining, passwords
from exchange.accounts.models import Invitation
from exchange.accounts.retention import purge
from exchange.clock import now
from exchange.directory.models import Organisation, Person, Role, StaffRole
from exchange.extensions import db
from exchange.limits import limiter
from exchange.messages.models import Message
from exchange.web.sessions import SECRET_ADDRESS
from tests import factories

PASSWORD = "tigre verde lluvia nueve"
EMAIL = "new@city.example"


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture
def city(app: Flask) -> Organisation:
    return factories.organisation("Nampula")


@pytest.fixture
def coordinator(city: Organisation) -> Person:
    return factories.person("Ana", of=city)


def invite(page: Any, city: Organisation, **changes: str) -> Any:
    sent = {"email": EMAIL, "name": "New", "language": "fr", "role": "coordinator", **changes}
    return page.post(f"/organisations/{city.id}/invite", data=sent, follow_redirects=True)


def link() -> str:
    """The path in the newest mail."""
    mail = db.session.query(Message).order_by(Message.id.desc()).first()
    assert mail is not None
    found = re.search(r"(/join/\S+)", mail.text)
    assert found
    return found[1]


def by_email(email: str = EMAIL) -> Person | None:
    db.session.expire_all()
    return db.session.query(Person).filter_by(email=email).one_or_none()


def is_in(page: Any) -> bool:
    return page.get("/account/sign-ins").status_code == 200


# ---- nothing is learnt ---------------------------------------------------------------------------


def plain(text: str, city: Organisation) -> str:
    """A page without what differs each time by nature."""
    text = re.sub(r'(name="(?:csrf_token|once|keep)" value=")[^"]*', r"\1", text)
    text = re.sub(r"invitations/\d+/|withdraw-\d+", "", text).replace(f"/{city.id}/", "/1/")
    return re.sub(r"nonce-?=?\"?[\w+/=-]+|\d{1,2}:\d{2}|\?v=\w+", "", text)


KINDS = ("nobody", "an account", "an account elsewhere", "a closed account", "an invited one")


def world(kind: str) -> None:
    facts: dict[str, Any] = {"email": EMAIL}
    if kind in ("an account", "an account elsewhere", "a closed account"):
        facts["password_hash"] = passwords.hashed(PASSWORD)
    if kind == "a closed account":
        facts["disabled_at"] = now()
    if kind != "nobody":
        of = factories.organisation("Lyon") if kind.endswith("elsewhere") else None
        factories.person("Known", of=of, **facts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_words_are_said_of_every_address(
    browser: Any, statements: Any, city: Organisation, coordinator: Person, kind: str
) -> None:
    """Words and work are compared with those for an address that nobody has ever seen."""
    page = browser.as_(coordinator)
    db.session.refresh(city)
    db.session.expunge(city)  # its number is enough
    with time_machine.travel(now(), tick=False):
        invite(page, city)  # what is kept on the way is kept
        page.post(f"/organisations/{city.id}/invitations/{only().id}/withdraw")
        page.get(f"/organisations/{city.id}/people")
        said, costs = [], []
        for known in ("nobody", kind):
            world(known)
            db.session.remove()  # a request finds nothing read before
            with statements() as seen:
                answer = invite(page, city)
            said.append(plain(answer.text, city))
            costs.append([re.sub(r"\d+", "", sql) for sql in seen.all])
            page.post(f"/organisations/{city.id}/invitations/{only().id}/withdraw")
            page.get(f"/organisations/{city.id}/people")
    assert "on its way to new@city.example" in said[0]
    assert "Known" not in said[1]
    assert said[0] == said[1]
    assert costs[0] == costs[1], "other statements take another time"


def test_who_is_told_of_an_account_finds_every_address_in_the_list_anyway(
    browser: Any, city: Organisation
) -> None:
    """Officers and administrators are told; they list all people by address. The officer of a
    section does not, and is told nothing."""
    lyon = factories.organisation("Lyon")
    tellers = (factories.officer(), factories.administrator(), factories.section_officer())
    for number, teller in enumerate(tellers):
        email = f"known{number}@px.test"
        factories.person("Known Elsewhere", of=lyon, email=email, password_hash="x")
        page = browser.as_(teller)
        finds = "Known Elsewhere" in page.get(f"/people?q={email}").text
        told = "has an account already" in invite(page, city, email=email).text
        assert finds == told == (teller.staff_role != StaffRole.section_officer)


def only() -> Invitation:
    db.session.expire_all()
    return db.session.query(Invitation).one()


def test_who_was_only_invited_is_not_among_the_people(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    page = browser.as_(coordinator)
    invite(page, city, name="Zacarias")
    assert by_email() is None
    assert browser.api(coordinator).get("/api/v1/people?q=Zacarias").json["total"] == 0
    assert "Zacarias" in page.get(f"/organisations/{city.id}/people").text


# ---- the answer ----------------------------------------------------------------------------------


def test_somebody_new_chooses_a_password_and_speaks_for_the_city(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    invite(browser.as_(coordinator), city)
    mail = db.session.query(Message).one()
    assert (mail.to_email, mail.language, mail.person_id) == (EMAIL, "fr", None)
    assert "Nampula" in mail.text
    assert "Ana" in mail.text
    guest, path = browser.as_(), link()
    shown = guest.get(path)
    assert EMAIL in shown.text
    assert {*SECRET_ADDRESS.items()} <= {*shown.headers.items()}
    assert by_email() is None, "looking changes nothing"
    assert guest.post(path, data={"new_password": "short"}).status_code == 422
    assert guest.post(path, data={"new_password": PASSWORD}).status_code == 302
    assert is_in(guest)
    person = by_email()
    assert person is not None
    assert person.organisation_ids(Role.coordinator) == {city.id}
    assert (person.name, person.language) == ("New", "fr")
    assert db.session.query(Invitation).count() == 0
    assert guest.get(path).status_code == 410


def test_somebody_with_an_account_says_yes_and_keeps_name_and_password(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    word = passwords.hashed(PASSWORD)
    known = factories.person("Known", email=EMAIL, password_hash=word, language="es")
    page = browser.as_(coordinator)
    invite(page, city, name="Else")
    assert known.organisation_ids() == set()
    guest, path = browser.as_(), link()
    assert "Choose a password" not in guest.get(path).text
    assert guest.post(path, data={"answer": "yes"}).status_code == 302
    assert not is_in(guest), "the link opens no account"
    db.session.refresh(known)
    assert (known.name, known.language, known.password_hash) == ("Known", "es", word)
    assert known.organisation_ids(Role.coordinator) == {city.id}
    assert "Known" in page.get(f"/organisations/{city.id}/people").text
    assert "this role already" in invite(page, city).text


def test_a_no_leaves_nothing(browser: Any, city: Organisation, coordinator: Person) -> None:
    page = browser.as_(coordinator)
    invite(page, city)
    guest, path = browser.as_(), link()
    assert guest.post(path, data={"answer": "no"}).status_code == 302
    assert (by_email(), db.session.query(Invitation).count()) == (None, 0)
    assert guest.get(path).status_code == 410
    assert EMAIL not in page.get(f"/organisations/{city.id}/people").text


def test_an_old_invitation_takes_no_role_away(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    invite(browser.as_(coordinator), city, role="member")
    word = passwords.hashed(PASSWORD)
    known = factories.person("Known", of=city, email=EMAIL, password_hash=word)
    assert browser.as_().post(link(), data={"answer": "yes"}).status_code == 302
    db.session.refresh(known)
    assert known.organisation_ids(Role.coordinator) == {city.id}


def test_a_second_mail_makes_the_first_link_void(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    page = browser.as_(coordinator)
    invite(page, city)
    first = link()
    invite(page, city)
    assert browser.as_().get(first).status_code == 410
    assert browser.as_().get(link()).status_code == 200
    assert db.session.query(Invitation).count() == 1


def test_what_was_withdrawn_or_is_too_old_or_closed_opens_nothing(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    page, guest = browser.as_(coordinator), browser.as_()
    invite(page, city)
    address = f"/organisations/{city.id}/invitations/{only().id}/withdraw"
    elsewhere = factories.organisation("Lyon")
    other = browser.as_(factories.person(of=elsewhere))
    wrong = f"/organisations/{elsewhere.id}/invitations/{only().id}/withdraw"
    assert (other.post(address).status_code, other.post(wrong).status_code) == (403, 404)
    assert page.post(address).status_code == 302
    assert guest.get(link()).status_code == 410
    invite(page, city)
    with time_machine.travel(now() + joining.LASTS + timedelta(seconds=1)):
        assert guest.get(link()).status_code == 410
        purge(now=now())
    assert db.session.query(Invitation).count() == 0
    invite(page, city)
    factories.person(email=EMAIL, disabled_at=now())
    assert guest.post(link(), data={"new_password": PASSWORD}).status_code == 410


def test_the_page_is_read_in_every_language(
    browser: Any, city: Organisation, coordinator: Person
) -> None:
    invite(browser.as_(coordinator), city)
    for language in ("en", "fr", "es", "pt"):
        page = browser.as_(None, language) if language != "en" else browser.as_()
        assert EMAIL in page.get(link().partition("?")[0] + f"?lang={language}").text
