"""The second step of signing in, and what asks for a fresh proof of who one is."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from exchange.accounts import passwords, sealing, second_factor
from exchange.accounts.models import ApiToken, KnownDevice, RecoveryCode, SecondFactor, SignIn
from exchange.clock import now
from exchange.extensions import db
from exchange.limits import limiter
from exchange.messages.models import Message
from tests import factories

PASSWORD = "tigre verde lluvia nueve"
STEP = timedelta(seconds=second_factor.STEP)


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


def somebody(**facts):
    return factories.person(password_hash=passwords.hashed(PASSWORD), **facts)


def sign_in(page, person, **options):
    data = {"email": person.email, "password": PASSWORD}
    return page.post("/sign-in", data=data, **options)


def is_in(page):
    return page.get("/account/sign-ins").status_code == 200


def code_of(person, at=None):
    factor = db.session.get(SecondFactor, person.id)
    return pyotp.TOTP(second_factor.secret_of(factor)).at(at or now())


def with_factor(browser, person):
    """Set the second step up by the pages; returns the browser and the recovery codes."""
    page = browser.as_(person)
    assert page.post("/account/second-step/begin").location == "/account/second-step/confirm"
    shown = page.get("/account/second-step/confirm")
    assert "<svg" in shown.text
    answer = page.post("/account/second-step/confirm", data={"one_time_code": code_of(person)})
    codes = re.findall(r"<code>([a-z2-7-]+)</code>", answer.text)
    assert len(codes) == second_factor.RECOVERY_CODES
    return page, codes


def type_code(page, code):
    return page.post("/sign-in/code", data={"one_time_code": code})


def notices():
    query = select(Message).filter_by(kind="account_notice").order_by(Message.id)
    return list(db.session.scalars(query))


# ---- the second step -----------------------------------------------------------------------------


def test_whoever_has_a_second_step_is_in_only_after_it(browser):
    person = somebody(language="fr")
    with time_machine.travel(now(), tick=False) as clock:
        with_factor(browser, person)
        page = browser.as_()
        answer = sign_in(page, person, query_string={"next": "/account/sign-ins"})
        assert answer.location == "/sign-in/code"
        assert not is_in(page)
        assert type_code(page, "000000").status_code == 422
        clock.shift(STEP)
        answer = type_code(page, code_of(person))
        assert answer.location == "/account/sign-ins"
        assert is_in(page)
    assert "étape" in notices()[0].text


def test_a_code_works_once_also_for_whoever_saw_it_typed(browser):
    person = somebody()
    with time_machine.travel(now(), tick=False) as clock:
        with_factor(browser, person)
        clock.shift(STEP)
        code = code_of(person)
        mine, thief = browser.as_(), browser.as_()
        for page in (mine, thief):
            sign_in(page, person)
        assert type_code(mine, code).status_code == 302
        assert type_code(thief, code).status_code == 422
        assert not is_in(thief)


def test_a_code_of_the_minute_before_last_is_refused(browser):
    person = somebody()
    with time_machine.travel(now(), tick=False) as clock:
        with_factor(browser, person)
        page = browser.as_()
        old = code_of(person, now() + STEP)
        clock.shift(STEP * 3)
        sign_in(page, person)
        assert type_code(page, old).status_code == 422


def test_a_recovery_code_opens_once_however_it_is_written(browser):
    person = somebody()
    _page, codes = with_factor(browser, person)
    first, second = browser.as_(), browser.as_()
    for page in (first, second):
        sign_in(page, person)
    assert type_code(first, codes[0].upper().replace("-", " ")).status_code == 302
    assert type_code(second, codes[0]).status_code == 422
    assert second_factor.codes_left(person) == second_factor.RECOVERY_CODES - 1


def test_fresh_recovery_codes_end_those_before(browser):
    person = somebody()
    page, codes = with_factor(browser, person)
    shown = page.post("/account/second-step/codes").text
    assert codes[0] not in shown
    assert not second_factor.proves(person, codes[0])


def test_what_is_kept_of_the_second_step_opens_nothing_by_itself(browser):
    person = somebody()
    _page, codes = with_factor(browser, person)
    factor = db.session.get(SecondFactor, person.id)
    secret = second_factor.secret_of(factor)
    assert secret not in factor.sealed_secret
    kept = db.session.scalars(select(RecoveryCode.secret_hash)).all()
    assert not set(codes) & set(kept)


def test_a_new_secret_key_opens_what_the_old_one_sealed(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "sealing", ("old " * 10,))
    sealed = sealing.seal("a secret")
    monkeypatch.setitem(app.extensions, "sealing", ("new " * 10, "old " * 10))
    assert sealing.opened(sealed) == "a secret"
    monkeypatch.setitem(app.extensions, "sealing", ("new " * 10,))
    assert sealing.opened(sealed) is None


def test_what_was_begun_under_another_key_is_begun_again(browser):
    person = somebody()
    page = browser.as_(person)
    page.post("/account/second-step/begin")
    db.session.get(SecondFactor, person.id).sealed_secret = "sealed with another key"
    db.session.commit()
    assert page.get("/account/second-step/confirm").location == "/account/second-step"
    page.post("/account/second-step/begin")
    assert page.get("/account/second-step/confirm").status_code == 200


def test_guessing_codes_has_to_wait(browser):
    person = somebody()
    with_factor(browser, person)
    page = browser.as_()
    sign_in(page, person)
    for _ in range(5):
        assert type_code(page, "000000").status_code == 422
    assert "Wait" in type_code(page, "000000").text


def test_half_way_lasts_ten_minutes_and_ends_with_the_password(browser):
    person = somebody()
    with time_machine.travel(now(), tick=False) as clock:
        with_factor(browser, person)
        late, changed = browser.as_(), browser.as_()
        sign_in(late, person)
        clock.shift(timedelta(minutes=11))
        assert type_code(late, code_of(person)).location == "/sign-in"
        sign_in(changed, person)
        person.password_hash = passwords.hashed("siete barcos azules lentos")
        db.session.commit()
        assert type_code(changed, code_of(person)).location == "/sign-in"


@pytest.mark.parametrize("door", ["/sign-in/by-link", "/new-password"])
def test_a_mailed_link_does_not_go_around_the_second_step(browser, door):
    from exchange.accounts import actions

    person = somebody()
    with_factor(browser, person)
    make = actions.reset if door == "/new-password" else actions.sign_in_link_if_wanted
    secret = make(person)
    db.session.commit()
    page = browser.as_()
    data = {"new_password": "siete barcos azules lentos"}
    assert page.post(f"{door}/{secret}", data=data).location == "/sign-in/code"
    assert not is_in(page)


def test_setting_it_up_ends_the_other_sign_ins(browser):
    person = somebody()
    other = browser.as_(person)
    page, _codes = with_factor(browser, person)
    assert is_in(page)
    assert not is_in(other)


def test_a_square_that_was_never_confirmed_counts_for_nothing(browser):
    person = somebody()
    page = browser.as_(person)
    page.post("/account/second-step/begin")
    assert page.post("/account/second-step/confirm", data={"one_time_code": "1"}).status_code == 422
    assert sign_in(browser.as_(), person).location == "/my"


def test_an_administrator_takes_it_away_and_its_person_is_told(browser):
    person = somebody(language="es")
    page, _codes = with_factor(browser, person)
    path = f"/people/{person.id}/account/second-step/remove"
    assert browser.as_(factories.officer()).post(path).status_code == 403
    assert browser.as_(factories.administrator()).post(path).status_code == 302
    assert second_factor.of(person) is None
    assert not is_in(page)
    assert "administrador" in notices()[-1].text


# ---- staff ---------------------------------------------------------------------------------------


@pytest.fixture
def staff_must(app, monkeypatch):
    from dataclasses import replace

    asking = replace(app.config["EXCHANGE"], staff_second_factor=True)
    monkeypatch.setitem(app.config, "EXCHANGE", asking)


def test_staff_without_a_second_step_are_led_to_set_it_up(browser, staff_must):
    officer = factories.officer(password_hash=passwords.hashed(PASSWORD))
    page = browser.as_(officer)
    for path in ("/dashboard", "/account/tokens", "/people"):
        assert page.get(path).location == "/account/second-step"
    assert page.get("/account/second-step").status_code == 200
    page, _codes = with_factor(browser, officer)
    assert page.get("/dashboard").status_code == 200
    assert page.post("/account/second-step/remove").status_code == 422


def test_a_token_of_staff_and_people_of_cities_are_asked_for_none(browser, staff_must):
    assert browser.api(factories.officer()).get("/api/v1/me").status_code == 200
    assert is_in(browser.as_(somebody()))


# ---- a fresh proof -------------------------------------------------------------------------------


def grown_old(person):
    for row in db.session.scalars(select(SignIn).filter_by(person_id=person.id)):
        row.proved_at = now() - timedelta(minutes=16)
    db.session.commit()


def test_a_token_is_made_only_after_the_password_once_more_and_nothing_typed_is_lost(browser):
    person = somebody()
    page = browser.as_(person)
    grown_old(person)
    asked = page.post("/account/tokens", data={"name": "Reports", "scope": "read"})
    assert asked.location.startswith("/sign-in/again?next=")
    assert page.post(asked.location, data={"password": "wrong"}).status_code == 422
    back = page.post(asked.location, data={"password": PASSWORD}).location
    assert "Reports" in page.get(back, follow_redirects=True).text
    assert db.session.scalars(select(ApiToken)).all() == []
    made = page.post("/account/tokens", data={"name": "Reports", "scope": "read"})
    assert made.status_code == 201


@pytest.mark.parametrize(
    "path", ["/account/second-step/begin", "/account/second-step/codes", "/people/1/account"]
)
def test_what_is_hard_to_undo_asks_again(browser, path):
    admin = factories.administrator()
    other = factories.person()
    page = browser.as_(admin)
    grown_old(admin)
    answer = page.post(path.replace("/1/", f"/{other.id}/"), data={"email": "x@city.example"})
    assert answer.location.startswith("/sign-in/again")


# ---- devices -------------------------------------------------------------------------------------


def test_a_sign_in_from_another_device_is_mailed_in_the_readers_language(browser):
    person = somebody(language="pt")
    first, second = browser.as_(), browser.as_()
    sign_in(first, person)
    assert notices() == []
    sign_in(first, person)
    assert notices() == []
    sign_in(second, person, headers={"User-Agent": "Firefox on a borrowed machine"})
    (mail,) = notices()
    assert "Firefox on a borrowed machine" in mail.text
    assert "dispositivo" in mail.text
    assert len(db.session.scalars(select(KnownDevice)).all()) == 2


def test_what_others_guess_keeps_nobody_out_of_their_own_device(browser):
    person = somebody()
    mine = browser.as_()
    sign_in(mine, person)
    thief = browser.as_()
    for _ in range(6):
        wrong = {"email": person.email, "password": "wrong"}
        answer = thief.post("/sign-in", data=wrong)
    assert "Wait" in answer.text
    assert sign_in(mine, person).status_code == 302
    assert sign_in(browser.as_(), person).status_code == 302  # who gets in wipes the count
