"""One's own account: what one is called, where one is signed in, which programs may act for one."""

import re
from datetime import timedelta

import pytest

from exchange.accounts import actions, passwords
from exchange.accounts.models import ApiToken, SignIn
from exchange.clock import now
from exchange.extensions import db
from exchange.limits import limiter
from tests import factories

PASSWORD = "tigre verde lluvia nueve"
NEW = "siete barcos azules lentos"


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


def is_in(page):
    return page.get("/account/sign-ins").status_code == 200


def test_somebody_changes_name_language_and_time_zone_at_once(browser):
    person = factories.person(of=factories.organisation("Nampula"))
    page = browser.as_(person)
    shown = page.get("/account").text
    assert "Nampula" in shown
    assert 'autocomplete="name"' in shown
    page.get("/language/es")
    sent = {"name": "Zoé", "language": "fr", "time_zone": "Africa/Maputo"}
    answer = page.post("/account", data=sent, follow_redirects=True)
    assert '<html lang="fr">' in answer.text
    db.session.refresh(person)
    assert (person.name, person.language, person.time_zone) == ("Zoé", "fr", "Africa/Maputo")


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("language", "xx"), ("time_zone", "Mars/Base")]
)
def test_a_profile_takes_only_what_exists(browser, field, value):
    page = browser.as_(factories.person())
    sent = {"name": "Zoé", "language": "fr", "time_zone": "UTC", field: value}
    assert page.post("/account", data=sent).status_code == 422


def test_the_language_of_the_foot_of_the_page_counts_for_this_browser(browser):
    page = browser.as_(factories.person(language="en"))
    page.get("/language/es?next=/account/sign-ins")
    assert '<html lang="es">' in page.get("/account/sign-ins").text
    assert page.get("/language/xx").status_code == 302
    assert '<html lang="es">' in page.get("/account/sign-ins").text


def test_a_new_password_asks_for_the_present_one_and_ends_other_sessions(browser):
    person = factories.person(password_hash=passwords.hashed(PASSWORD))
    page, other = browser.as_(person), browser.as_(person)
    wrong = page.post("/account/password", data={"current_password": "x", "new_password": NEW})
    assert "not your present password" in wrong.text
    easy = {"current_password": PASSWORD, "new_password": "password12345"}
    assert page.post("/account/password", data=easy).status_code == 422
    assert is_in(other)
    sent = {"current_password": PASSWORD, "new_password": NEW}
    assert page.post("/account/password", data=sent).location == "/account"
    assert is_in(page)
    assert not is_in(other)
    db.session.refresh(person)
    assert passwords.matches(person.password_hash, NEW)


def test_one_sees_and_ends_ones_sign_ins(browser):
    person = factories.person()
    phone, desk = browser.as_(person), browser.as_(person)
    ids = [s.id for s in db.session.query(SignIn).order_by(SignIn.id)]
    shown = desk.get("/account/sign-ins").text
    assert shown.count("Sign out there") == 1
    assert "Sign out here" in shown
    assert desk.post(f"/account/sign-ins/{ids[0]}/end").location == "/account/sign-ins"
    assert not is_in(phone)
    assert is_in(desk)


def test_one_ends_all_other_sign_ins(browser):
    person = factories.person()
    others, desk = [browser.as_(person) for _ in range(2)], browser.as_(person)
    desk.post("/account/sign-ins/end")
    assert [is_in(page) for page in (*others, desk)] == [False, False, True]


def test_nobody_ends_the_sign_in_of_somebody_else(browser):
    victim = browser.as_(factories.person())
    sign_in = db.session.query(SignIn).one()
    stranger = browser.as_(factories.administrator())
    assert stranger.post(f"/account/sign-ins/{sign_in.id}/end").status_code == 404
    assert is_in(victim)


def test_a_sign_in_ends_when_it_idles_and_is_refreshed_while_it_is_used(browser):
    page = browser.as_(factories.person())
    sign_in = db.session.query(SignIn).one()
    sign_in.seen_at = now() - timedelta(hours=11)
    db.session.commit()
    assert is_in(page)
    db.session.rollback()  # the page wrote on a connection of its own
    db.session.refresh(sign_in)
    assert sign_in.seen_at > now() - timedelta(minutes=1)
    sign_in.seen_at = now() - timedelta(hours=13)
    db.session.commit()
    assert not is_in(page)


def test_a_token_is_shown_once_works_and_is_revoked(browser, app):
    page = browser.as_(factories.person())
    assert "You have no token" in page.get("/account/tokens").text
    made = page.post("/account/tokens", data={"name": "Reports", "scope": "read"})
    assert made.status_code == 201
    secret = re.search(r"px_[\w-]{43}", made.text)[0]
    assert secret not in page.get("/account/tokens").text
    client = app.test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    db.session.rollback()
    assert client.get("/api/v1/me", headers=headers).json["scopes"] == ["read"]
    db.session.rollback()  # the API wrote on a connection of its own
    token = db.session.query(ApiToken).one()
    assert token.used_at is not None
    refused = client.patch("/api/v1/me", headers=headers, json={"name": "X"})
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "scope_missing")
    assert page.post(f"/account/tokens/{token.id}/revoke").location == "/account/tokens"
    gone = client.get("/api/v1/me", headers=headers)
    assert (gone.status_code, gone.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_that_may_write_may_read(browser):
    page = browser.as_(factories.person())
    page.post("/account/tokens", data={"name": "Sync", "scope": "write"})
    assert db.session.query(ApiToken).one().scopes == ["read", "write"]
    assert "Read and write" in page.get("/account/tokens").text


def test_a_token_needs_a_name_and_there_are_not_too_many(browser):
    person = factories.person()
    page = browser.as_(person)
    assert page.post("/account/tokens", data={"scope": "read"}).status_code == 422
    for number in range(20):
        actions.make_token({"name": str(number), "scope": "read"}, actor=person)
    db.session.commit()
    full = page.post("/account/tokens", data={"name": "One more", "scope": "read"})
    assert full.status_code == 422
    assert "20 tokens already" in full.text


def test_nobody_revokes_the_token_of_somebody_else(browser):
    actions.make_token({"name": "Mine", "scope": "read"}, actor=factories.person())
    db.session.commit()
    token = db.session.query(ApiToken).one()
    assert (
        browser.as_(factories.administrator())
        .post(f"/account/tokens/{token.id}/revoke")
        .status_code
        == 404
    )


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_lists_cost_the_same_however_many(browser, statements, rows):
    person = factories.person()
    for number in range(rows):
        actions.begin_sign_in(person)
        db.session.add(ApiToken(person=person, name="x", secret_hash=str(number), scopes=["read"]))
    db.session.commit()
    page = browser.as_(person)
    page.get("/account/tokens")
    with statements() as seen:
        assert page.get("/account/sign-ins").status_code == 200
    assert len(seen) <= 4
    with statements() as seen:
        assert page.get("/account/tokens").status_code == 200
    assert len(seen) <= 4
