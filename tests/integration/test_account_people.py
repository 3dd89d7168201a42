"""Who gets an account, in which role, and who loses it."""

import re

import pytest

from exchange import cli
from exchange.accounts import passwords
from exchange.clock import now
from exchange.config import load
from exchange.directory.models import Affiliation, Person, Role, StaffRole
from exchange.extensions import db
from exchange.limits import limiter
from exchange.messages.models import Message
from tests import factories

PASSWORD = "tigre verde lluvia nueve"


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


def invitation(**changes):
    sent = {"email": "new@city.example", "name": "New", "language": "fr", "role": "coordinator"}
    return {**sent, **changes}


def is_in(page):
    return page.get("/account/sign-ins").status_code == 200


def by_email(email="new@city.example"):
    return db.session.query(Person).filter_by(email=email).one_or_none()


# ---- to an organisation --------------------------------------------------------------------------


def test_staff_invite_somebody_who_then_speaks_for_the_city(browser):
    city = factories.organisation("Nampula")
    page = browser.as_(factories.officer(name="Ana"))
    answer = page.post(f"/organisations/{city.id}/invite", data=invitation(), follow_redirects=True)
    assert "on its way to new@city.example" in answer.text
    assert "Invited" in answer.text
    mail = db.session.query(Message).one()
    assert (mail.to_email, mail.language) == ("new@city.example", "fr")
    assert "Nampula" in mail.text
    assert "Ana" in mail.text
    path = re.search(r"(/invitation/\S+)", mail.text)[1]
    guest = browser.as_()
    assert "new@city.example" in guest.get(path).text
    assert guest.post(path, data={"new_password": PASSWORD}).status_code == 302
    assert is_in(guest)
    assert guest.get(f"/organisations/{city.id}/people").status_code == 200
    person = by_email()
    assert person.organisation_ids(Role.coordinator) == {city.id}
    assert passwords.matches(person.password_hash, PASSWORD)


def test_an_association_invites_for_its_member(browser):
    city = factories.organisation()
    page = browser.as_(factories.person(of=factories.association(members=(city,))))
    assert page.post(f"/organisations/{city.id}/invite", data=invitation()).status_code == 302


@pytest.mark.parametrize("role", [Role.member, Role.coordinator])
def test_others_invite_nobody(browser, role):
    city = factories.organisation()
    other = city if role == Role.member else factories.organisation()
    page = browser.as_(factories.person(of=other, role=role))
    path = f"/organisations/{city.id}/invite"
    assert page.get(path).status_code == 403
    assert page.post(path, data=invitation()).status_code == 403
    assert page.get(f"/organisations/{city.id}/people").status_code == 403
    assert by_email() is None


def test_an_invitation_that_was_lost_is_sent_again(browser):
    city = factories.organisation()
    page = browser.as_(factories.officer())
    for _ in range(2):
        assert page.post(f"/organisations/{city.id}/invite", data=invitation()).status_code == 302
    assert db.session.query(Message).count() == 2
    assert db.session.query(Affiliation).filter_by(person=by_email()).count() == 1


def test_somebody_with_an_account_gets_the_role_and_keeps_their_name(browser):
    city = factories.organisation()
    known = factories.person("Known", email="new@city.example", password_hash="x", language="es")
    page = browser.as_(factories.officer())
    path = f"/organisations/{city.id}/invite"
    answer = page.post(path, data=invitation(name="Else"), follow_redirects=True)
    assert "has an account already" in answer.text
    db.session.refresh(known)
    assert (known.name, known.language) == ("Known", "es")
    assert known.organisation_ids(Role.coordinator) == {city.id}
    assert db.session.query(Message).count() == 0
    again = page.post(path, data=invitation())
    assert again.status_code == 422
    assert "this role already" in again.text


def test_a_closed_account_is_not_invited(browser):
    city = factories.organisation()
    factories.person(email="new@city.example", disabled_at=now())
    page = browser.as_(factories.officer())
    answer = page.post(f"/organisations/{city.id}/invite", data=invitation())
    assert answer.status_code == 422
    assert "closed" in answer.text


# ---- roles in an organisation --------------------------------------------------------------------


def test_a_coordinator_changes_a_role_and_ends_it(browser):
    city = factories.organisation()
    colleague = factories.person(of=city, role=Role.member)
    page = browser.as_(factories.person(of=city))
    path = f"/organisations/{city.id}/people/{colleague.id}"
    assert page.post(path, data={"role": "coordinator"}).status_code == 302
    db.session.expire_all()
    assert colleague.organisation_ids(Role.coordinator) == {city.id}
    assert page.post(path, data={"role": "none"}).status_code == 302
    db.session.expire_all()
    assert colleague.organisation_ids() == set()
    assert page.post(path, data={"role": "none"}).status_code == 404
    assert page.post(path, data={"role": "king"}).status_code == 422


@pytest.mark.parametrize("role", ["member", "none"])
def test_the_last_coordinator_stays_unless_staff_decide(browser, role):
    city = factories.organisation()
    last = factories.person(of=city)
    path = f"/organisations/{city.id}/people/{last.id}"
    answer = browser.as_(last).post(path, data={"role": role})
    assert answer.status_code == 422
    assert "another coordinator first" in answer.text
    assert browser.as_(factories.officer()).post(path, data={"role": role}).status_code == 302


def test_inviting_the_last_coordinator_as_a_member_is_no_way_round(browser):
    city = factories.organisation()
    last = factories.person(of=city, email="new@city.example")
    answer = browser.as_(last).post(
        f"/organisations/{city.id}/invite", data=invitation(role="member")
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_team_costs_the_same_however_many(browser, statements, rows):
    city = factories.organisation()
    for _ in range(rows):
        factories.person(of=city)
    page = browser.as_(factories.officer())
    page.get(f"/organisations/{city.id}/people")
    with statements() as seen:
        assert page.get(f"/organisations/{city.id}/people").status_code == 200
    assert len(seen) <= 10


# ---- staff ---------------------------------------------------------------------------------------


def test_an_administrator_makes_staff(browser):
    page = browser.as_(factories.administrator())
    sent = {"email": "new@city.example", "name": "New", "language": "en"}
    bare = {**sent, "staff_role": "section_officer"}
    assert "Say which section" in page.post("/people/invite", data=bare).text
    answer = page.post("/people/invite", data={**bare, "section_code": "AFRICA"})
    person = by_email()
    assert answer.location == f"/people/{person.id}/account"
    assert (person.staff_role, person.section_code) == (StaffRole.section_officer, "AFRICA")
    assert "/invitation/" in db.session.query(Message).one().text


def test_an_officer_makes_no_staff(browser):
    page = browser.as_(factories.officer())
    assert page.get("/people/invite").status_code == 403
    person = factories.person()
    sent = {"name": "A", "email": person.email, "language": "en", "time_zone": "UTC"}
    answer = page.post(f"/people/{person.id}/account", data={**sent, "staff_role": "officer"})
    assert answer.status_code in (302, 422)
    db.session.refresh(person)
    assert person.staff_role is None


def test_an_officer_does_not_touch_the_account_of_an_administrator(browser):
    page, target = browser.as_(factories.officer()), factories.administrator()
    for way in ("", "/disable", "/enable", "/invite"):
        assert page.post(f"/people/{target.id}/account{way}").status_code == 403


def test_an_administrator_changes_a_staff_role_but_not_their_own(browser):
    boss, other = factories.administrator(), factories.officer()
    page = browser.as_(boss)

    def send(person, role):
        sent = {"name": "A", "email": person.email, "language": "en", "time_zone": "UTC"}
        return page.post(f"/people/{person.id}/account", data={**sent, "staff_role": role})

    assert send(other, "").status_code == 302
    refused = send(boss, "officer")
    assert refused.status_code == 422
    assert "another administrator" in refused.text
    assert send(boss, "administrator").status_code == 302
    db.session.expire_all()
    assert (boss.staff_role, other.staff_role) == (StaffRole.administrator, None)


def test_a_new_address_ends_what_was_opened_with_the_old_one(browser):
    person, other = factories.person(), factories.person()
    theirs = browser.as_(person)
    page = browser.as_(factories.officer())
    sent = {"name": "A", "language": "en", "time_zone": "UTC"}
    path = f"/people/{person.id}/account"
    assert "Another account" in page.post(path, data={**sent, "email": other.email}).text
    assert is_in(theirs)
    assert page.post(path, data={**sent, "email": "moved@city.example"}).status_code == 302
    assert not is_in(theirs)
    assert by_email("moved@city.example").id == person.id


def test_a_closed_account_is_signed_out_everywhere_until_it_is_opened(browser):
    person = factories.person(password_hash=passwords.hashed(PASSWORD))
    theirs, program = browser.as_(person), browser.api(person)
    page = browser.as_(factories.officer())
    assert page.post(f"/people/{person.id}/account/disable").status_code == 302
    assert "Closed" in page.get(f"/people/{person.id}/account").text
    assert not is_in(theirs)
    assert program.get("/api/v1/me").status_code == 401
    sent = {"email": person.email, "password": PASSWORD}
    assert browser.as_().post("/sign-in", data=sent).status_code == 422
    assert page.post(f"/people/{person.id}/account/enable").status_code == 302
    assert not is_in(theirs)
    assert browser.as_().post("/sign-in", data=sent).status_code == 302


def test_nobody_closes_their_own_account(browser):
    boss = factories.administrator()
    page = browser.as_(boss)
    assert page.post(f"/people/{boss.id}/account/disable").status_code == 422
    assert "Close the account" not in page.get(f"/people/{boss.id}/account").text


def test_staff_invite_again_who_has_no_password_yet(browser):
    page = browser.as_(factories.officer())
    person = factories.person()
    assert "Invite again" in page.get(f"/people/{person.id}/account").text
    assert page.post(f"/people/{person.id}/account/invite").status_code == 302
    assert db.session.query(Message).one().kind == "invitation"
    person.password_hash = "x"
    db.session.commit()
    assert page.post(f"/people/{person.id}/account/invite").status_code == 422


# ---- the command line ----------------------------------------------------------------------------


@pytest.fixture
def run(app, monkeypatch, capsys):
    monkeypatch.setattr("exchange.app.create_app", lambda: app)
    monkeypatch.setattr("exchange.app.load", load)

    def call(*arguments):
        db.session.remove()
        with pytest.raises(SystemExit) as end:
            cli.main(["user", "invite", *arguments])
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out + printed.err

    return call


def test_the_first_administrator_is_invited_from_the_command_line(run, browser):
    code, said = run("new@city.example", "--name", "First", "--staff-role", "administrator")
    assert code == 0
    path = re.search(r"http://[^/]+(/invitation/\S+)", said)[1]
    page = browser.as_()
    assert page.post(path, data={"new_password": PASSWORD}).status_code == 302
    assert page.get("/people/invite").status_code == 200
    assert db.session.query(Message).one().to_email == "new@city.example"


def test_a_coordinator_is_invited_by_the_name_of_the_organisation(run):
    city_id = factories.organisation("Nampula").id
    factories.organisation("Nampula Norte")
    code, _ = run("new@city.example", "--name", "N", "--organisation", "Nampula")
    assert code == 0
    assert by_email().organisation_ids(Role.coordinator) == {city_id}
    code, said = run("two@city.example", "--name", "N", "--organisation", str(city_id))
    assert code == 0
    db.session.query(Person).filter_by(email="two@city.example").one().password_hash = "x"
    db.session.commit()
    code, said = run(
        "two@city.example", "--name", "N", "--organisation", str(city_id), "--role", "member"
    )
    assert (code, "has an account already" in said) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("a@b.example", "--name", "N"), "either --staff-role or --organisation"),
        (("no address", "--name", "N", "--staff-role", "officer"), "email: "),
        (("a@b.example", "--name", "N", "--organisation", "Nowhere"), "found none"),
        (("a@b.example", "--name", "N", "--organisation", "999999"), "found none"),
        (("a@b.example", "--name", "N", "--staff-role", "section_officer"), "Say which section"),
    ],
)
def test_what_cannot_be_is_one_line(run, arguments, words):
    code, said = run(*arguments)
    assert (code, said.count("\n")) == (2, 1)
    assert words in said
