"""The doors: signing in, guessing, forgotten passwords, invitations, and what protects them."""

import re
from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select
from structlog.testing import capture_logs

from exchange.accounts import actions, passwords, queries
from exchange.accounts.models import Link, LinkKind, SignIn, SignInAttempt
from exchange.clock import now
from exchange.directory.models import OrganisationKind
from exchange.extensions import db
from exchange.limits import limiter
from exchange.messages.models import Message
from exchange.web.passwords import EVEN_SECONDS
from tests import factories

PASSWORD = "tigre verde lluvia nueve"
NEW = "siete barcos azules lentos"


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


def somebody(password=PASSWORD, **facts):
    return factories.person(password_hash=passwords.hashed(password), **facts)


def send(page, email, password=PASSWORD, **options):
    return page.post("/sign-in", data={"email": email, "password": password}, **options)


def is_in(page):
    return page.get("/account/sign-ins").status_code == 200


def link_in_mail(kind):
    message = db.session.scalars(select(Message).filter_by(kind=kind)).one()
    found = re.search(r"https?://[^/]+(/\S+)", message.text)
    assert found
    return found[1]


# ---- signing in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "kind", "desk"),
    [
        ({"staff_role": "officer"}, None, "/dashboard"),
        ({}, OrganisationKind.association, "/my"),
        ({}, OrganisationKind.local_government, "/city"),
        ({}, None, "/my"),
    ],
)
def test_signing_in_leads_to_the_desk(browser, facts, kind, desk):
    of = factories.organisation(kind=kind) if kind else None
    person = somebody(email="ana@city.example", of=of, **facts)
    assert send(browser.as_(), person.email).location == desk


def test_somebody_signs_in_and_comes_back_to_the_page_they_wanted(browser):
    person = somebody(email="ana@city.example")
    page = browser.as_()
    wanted = page.get("/account/sign-ins").location
    answer = page.post(wanted, data={"email": "ANA@city.example", "password": PASSWORD})
    assert answer.location == "/account/sign-ins"
    assert is_in(page)
    db.session.refresh(person)
    assert person.last_sign_in_at is not None


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:x",
    ],
)
def test_signing_in_never_leads_to_another_site(browser, target):
    person = somebody()
    page = browser.as_()
    answer = page.post(
        "/sign-in",
        query_string={"next": target},
        data={"email": person.email, "password": PASSWORD},
    )
    assert answer.location == "/my"
    assert page.get("/language/fr", query_string={"next": target}).location == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser):
    person = somebody()
    token = r'name="(csrf_token|once)" value="[^"]*"'
    wrong = send(browser.as_(), person.email, "wrong")
    nobody = send(browser.as_(), "nobody@city.example", "wrong")
    closed = somebody(disabled_at=now())
    disabled = send(browser.as_(), closed.email)
    assert wrong.status_code == nobody.status_code == disabled.status_code == 422
    seen = [
        re.sub(token, "", answer.text.replace(email, "THE ADDRESS"))
        for answer, email in (
            (wrong, person.email),
            (nobody, "nobody@city.example"),
            (disabled, closed.email),
        )
    ]
    assert seen[0] == seen[1] == seen[2]
    assert "do not go together" in seen[0]


def test_a_password_is_never_written_into_a_page(browser):
    assert "mistyped-secret" not in send(browser.as_(), "x@city.example", "mistyped-secret").text


def test_a_hash_of_weaker_settings_is_made_anew_at_sign_in(browser):
    old = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    person = factories.person(password_hash=old)
    assert send(browser.as_(), person.email).status_code == 302
    db.session.refresh(person)
    assert person.password_hash != old
    assert not passwords.is_dated(person.password_hash)
    assert passwords.matches(person.password_hash, PASSWORD)


def test_signing_in_again_ends_the_session_before(browser):
    person = somebody()
    page = browser.as_(person)
    with page.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["sign_in"]
    assert send(page, person.email).status_code == 302
    with page.session_transaction() as session:
        assert session["sign_in"] != before
        assert "planted" not in session
    db.session.expire_all()
    assert [s.ended_at is None for s in db.session.query(SignIn).order_by(SignIn.id)] == [
        False,
        True,
    ]


def test_signing_out_ends_the_session_and_clears_the_browser(browser):
    page = browser.as_(somebody())
    with page.session_transaction() as session:
        secret = session["sign_in"]
    answer = page.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(page)
    thief = browser.as_()
    with thief.session_transaction() as session:
        session["sign_in"] = secret
    assert not is_in(thief)


# ---- guessing ------------------------------------------------------------------------------------


def test_whoever_guesses_five_times_waits_a_quarter_of_an_hour(browser):
    person = somebody()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            assert "do not go together" in send(browser.as_(), person.email, "wrong").text
        blocked = send(browser.as_(), person.email)
        assert blocked.status_code == 422
        assert "Wait 15 minutes" in blocked.text
        # The person at another address is not kept out.
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        other = browser.as_()
        assert send(other, person.email, environ_base=elsewhere).status_code == 302
        clock.shift(timedelta(minutes=15, seconds=1))
        assert send(browser.as_(), person.email).status_code == 302


def test_waiting_ends_even_when_the_guesser_goes_on(browser):
    person = somebody()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            send(browser.as_(), person.email, "wrong")
        for _ in range(5):
            clock.shift(timedelta(minutes=2))
            send(browser.as_(), person.email, "wrong")
        clock.shift(timedelta(minutes=6))
        assert send(browser.as_(), person.email).status_code == 302


def test_a_guess_spread_over_many_machines_is_slowed_and_a_reset_link_still_opens(browser):
    person = somebody()
    for number in range(30):
        address = f"2001:db8:{number:x}::1"
        db.session.add(SignInAttempt(email=person.email, address=address))
    db.session.commit()
    fresh = {"REMOTE_ADDR": "203.0.113.9"}
    assert send(browser.as_(), person.email, environ_base=fresh).status_code == 422
    secret = actions.reset(person)
    db.session.commit()
    page = browser.as_()
    assert page.post(f"/new-password/{secret}", data={"new_password": NEW}).status_code == 302
    assert is_in(page)
    assert send(browser.as_(), person.email, NEW, environ_base=fresh).status_code == 302


def test_an_ipv6_customer_counts_as_one_client(browser):
    person = somebody()
    for number in range(5):
        send(
            browser.as_(),
            person.email,
            "wrong",
            environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number}"},
        )
    near = {"REMOTE_ADDR": "2001:db8:1:2:ffff::1"}
    assert "Wait" in send(browser.as_(), person.email, environ_base=near).text
    mapped = {"REMOTE_ADDR": "::ffff:192.0.2.1"}
    assert send(browser.as_(), person.email, environ_base=mapped).status_code == 302


def test_a_client_without_an_address_is_counted_too(browser):
    answer = send(browser.as_(), "x@city.example", environ_base={"REMOTE_ADDR": "a socket"})
    assert answer.status_code == 422
    assert db.session.scalars(select(SignInAttempt.address)).all() == [""]


def test_one_client_may_not_try_many_accounts_at_speed(browser, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    monkeypatch.setattr(passwords, "matches", lambda kept, password: False)
    with time_machine.travel(now(), tick=False):
        seen = [send(browser.as_(), f"p{n}@city.example", "x").status_code for n in range(21)]
    limiter.reset()
    assert seen == [422] * 20 + [429]


# ---- forms, cookies, headers ---------------------------------------------------------------------


def test_a_form_of_another_site_is_refused(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    person = somebody()
    page = browser.as_()
    assert send(page, person.email).status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get("/sign-in").text)
    assert token
    data = {"email": person.email, "password": PASSWORD, "csrf_token": token[1]}
    assert page.post("/sign-in", data=data).status_code == 302
    assert is_in(page)
    assert page.post("/sign-out").status_code == 400
    # The token of before the sign-in is worth nothing after it.
    assert page.post("/sign-out", data={"csrf_token": token[1]}).status_code == 400


# What is sent by mail programs is proved by its signed address alone (RFC 8058); a harvester may
# ask by POST, and changes nothing (OAI-PMH 2.0, 3.1.1).
WITHOUT_TOKEN = {"mail_links.leave": 404, "oai.answer": 200}


def test_every_form_that_changes_something_asks_for_the_token(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = browser.as_(factories.administrator())
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
            path = adapter.build(rule.endpoint, _values(rule), method="POST")
            expected = WITHOUT_TOKEN.get(rule.endpoint, 400)
            assert page.post(path).status_code == expected, rule.endpoint


def _values(rule):
    """Something for each part of an address; the first of a list of words."""
    converters = rule._converters
    return {
        name: next(iter(sorted(getattr(converters[name], "items", ["1"]))))
        for name in rule.arguments
    }


def test_the_cookie_is_for_this_site_and_not_for_scripts(browser):
    person = somebody()
    cookie = send(browser.as_(), person.email).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_on_a_public_server_the_cookie_goes_over_https_only(tmp_path):
    from exchange.app import create_app
    from exchange.config import load

    app = create_app(
        load(
            {
                "EXCHANGE_VAR": str(tmp_path),
                "EXCHANGE_PRODUCTION": "1",
                "EXCHANGE_SECRET_KEY": "0123456789abcdef" * 4,
                "EXCHANGE_MAIL_URL": "smtp://localhost:25",
                "EXCHANGE_TRUSTED_PROXIES": "1",
            }
        )
    )
    answer = app.test_client().get(
        "/sign-in", headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-exchange=")
    assert "Secure" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_what_somebody_sees_signed_in_is_kept_nowhere(browser):
    answer = browser.as_(somebody()).get("/account/sign-ins")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


# ---- a forgotten password ------------------------------------------------------------------------


def ask_for_link(browser, email):
    return browser.as_().post("/forgotten-password", data={"email": email})


def test_the_answer_does_not_tell_whether_an_address_is_known(browser):
    person = somebody()
    closed = somebody(disabled_at=now())
    pages = [
        ask_for_link(browser, email).text.replace(email, "ADDRESS")
        for email in (person.email, "nobody@city.example", closed.email)
    ]
    assert pages[0] == pages[1] == pages[2]
    assert [m.to_email for m in db.session.query(Message)] == [person.email]


@pytest.mark.parametrize("door", ["/forgotten-password", "/sign-in/link"])
def test_how_long_the_answer_takes_does_not_tell_either(browser, door):
    person = somebody()
    took = []
    for email in (person.email, "nobody@city.example"):
        began = monotonic()
        assert browser.as_().post(door, data={"email": email}).status_code == 200
        took.append(monotonic() - began)
    assert min(took) >= EVEN_SECONDS


def test_an_address_that_is_none_is_said_so(browser):
    assert ask_for_link(browser, "no address").status_code == 422


def test_a_reset_link_works_once_and_ends_what_was_open(browser):
    person = somebody(language="fr")
    thief = browser.as_(person)
    ask_for_link(browser, person.email)
    path = link_in_mail("reset")
    page = browser.as_()
    for _ in range(2):  # looking at it, as a mail filter does, uses nothing up
        shown = page.get(path)
        assert shown.status_code == 200
        assert 'lang="fr"' in shown.text
        assert shown.headers["Cache-Control"] == "no-store"
    weak = page.post(path, data={"new_password": "password12345"})
    assert weak.status_code == 422
    answer = page.post(path, data={"new_password": NEW})
    assert answer.status_code == 302
    assert is_in(page)
    assert not is_in(thief)
    gone = browser.as_().post(path, data={"new_password": PASSWORD})
    assert gone.status_code == 410
    db.session.refresh(person)
    assert passwords.matches(person.password_hash, NEW)


def test_a_reset_link_lasts_an_hour_and_an_invitation_a_week(browser):
    person = somebody()
    start = now()
    with time_machine.travel(start, tick=False):
        reset, invitation = actions.reset(person), actions.invite(person)
        db.session.commit()
    for path, lasts in (
        (f"/new-password/{reset}", timedelta(hours=1)),
        (f"/invitation/{invitation}", timedelta(days=7)),
    ):
        with time_machine.travel(start + lasts - timedelta(seconds=1), tick=False):
            assert browser.as_().get(path).status_code == 200
        with time_machine.travel(start + lasts + timedelta(seconds=1), tick=False):
            assert browser.as_().get(path).status_code == 410


def test_a_link_of_one_kind_opens_no_other_door(browser):
    secret = actions.reset(somebody())
    db.session.commit()
    assert browser.as_().get(f"/invitation/{secret}").status_code == 410


def test_a_link_is_kept_as_a_hash(browser):
    secret = actions.reset(somebody())
    db.session.commit()
    assert db.session.scalars(select(Link.secret_hash)).one() == queries.hashed(secret)


def test_a_box_is_not_filled_with_links_nobody_asked_for(browser):
    person = somebody()
    for _ in range(5):
        assert ask_for_link(browser, person.email).status_code == 200
    assert db.session.query(Message).count() == actions.RESETS_AN_HOUR


def test_a_link_that_goes_while_the_form_is_filled_in_is_not_found(browser):
    from exchange.errors import NotFound

    secret = actions.reset(somebody())
    actions.use_link(secret, LinkKind.reset, NEW)
    with pytest.raises(NotFound):
        actions.use_link(secret, LinkKind.reset, PASSWORD)


def test_a_fault_behind_a_link_does_not_write_the_link_into_the_log(browser, monkeypatch):
    secret = actions.reset(somebody())
    db.session.commit()

    def fault(*_arguments):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(queries, "live_link", fault)
    with capture_logs() as logged:
        assert browser.as_().get(f"/new-password/{secret}").status_code == 500
    assert {line["route"] for line in logged} == {"/new-password/<secret>"}
    assert secret not in str(logged)
