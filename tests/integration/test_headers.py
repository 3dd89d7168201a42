"""What every answer of every address carries, errors and files too."""

import re
from dataclasses import replace

import pytest

from exchange.app import create_app
from exchange.config import load
from exchange.web.headers import ALWAYS, POLICY
from tests import factories

# These say themselves what may be done with what they give.
OWN_POLICY = {
    "api_document.page": "its viewer writes styles into its elements",
    "outbox.preview": "a mail has its look in its tags",
    "outbox.text_preview": "the same",
    "lesson_sheets.photo": "a picture may do nothing at all",
}


def addresses(app):
    """(endpoint, method, address) of every route, with a number or a word where one is asked."""
    for rule in app.url_map.iter_rules():
        named = {}
        for name in rule._converters:
            kind = rule._converters[name]
            items = sorted(getattr(kind, "items", ()))
            number = type(kind).__name__ == "RowNumber"
            named[name] = items[0] if items else 1 if number else "en" if name == "lang" else "x"
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule.endpoint, method, rule.build(named)[1]


@pytest.mark.parametrize("who", [None, factories.administrator])
def test_every_answer_says_what_a_browser_may_do_with_it_and_who_may_keep_it(app, browser, who):
    client = browser.as_(who() if who else None)
    seen = 0
    for endpoint, method, address in addresses(app):
        if endpoint == "account.sign_out" and who:
            continue
        with client.open(address, method=method) as answer:
            where = f"{method} {address}: {answer.status_code}"
            # /readyz tells that nothing is at work here, which is true.
            assert answer.status_code < 500 or endpoint == "machines.ready", where
            for name, value in ALWAYS.items():
                assert answer.headers.get(name) == value, f"{where} lacks {name}"
            policy = answer.headers["Content-Security-Policy"]
            if endpoint not in OWN_POLICY:
                assert policy == POLICY, where
                assert "unsafe" not in policy
            assert "default-src 'none'" in policy, where
            assert "frame-ancestors" in policy or "sandbox" in policy, where
            assert answer.headers["Cache-Control"], where
            if who and endpoint != "static" and not address.startswith("/api/"):
                assert "public" not in answer.headers["Cache-Control"], where
        seen += 1
    assert seen > 600


def test_what_somebody_sees_is_kept_by_nobody(browser):
    person = factories.person("Ana", of=factories.organisation("Nampula"))
    assert browser.as_(person).get("/my").headers["Cache-Control"] == "no-store"
    assert browser.api(person).get("/api/v1/me").headers["Cache-Control"] == "no-store"
    assert browser.as_().get("/en/sign-in").headers["Cache-Control"] == "private, no-cache"


def test_no_policy_lets_anything_come_from_elsewhere(app):
    for word in re.findall(r"[^\s;]+", POLICY):
        assert not word.startswith(("http", "*", "//")), word


@pytest.fixture
def public(tmp_path):
    """The application as a public server runs it."""
    environ = {
        "EXCHANGE_VAR": str(tmp_path),
        "EXCHANGE_PRODUCTION": "1",
        "EXCHANGE_SECRET_KEY": "k" * 40,
        "EXCHANGE_MAIL_URL": "smtp://127.0.0.1:25?tls=none",
        "EXCHANGE_PUBLIC_URL": "https://px.example.org",
    }
    return create_app(load(environ))


def test_a_public_server_speaks_https_alone_and_its_cookies_too(app, public):
    answer = app.test_client().get("/health")
    assert "Strict-Transport-Security" not in answer.headers
    assert public.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert public.config["SESSION_COOKIE_SECURE"]
    assert public.config["SESSION_COOKIE_HTTPONLY"]
    assert public.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert public.config["SESSION_COOKIE_DOMAIN"] is None
    assert public.config["SESSION_COOKIE_PATH"] is None


def test_a_public_server_says_so_in_its_header_and_in_its_cookies(app, monkeypatch):
    known = app.config["EXCHANGE"]
    monkeypatch.setitem(app.config, "EXCHANGE", replace(known, production=True))
    monkeypatch.setitem(app.config, "SESSION_COOKIE_NAME", "__Host-exchange")
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    client = app.test_client()
    answer = client.get("/en/sign-in", base_url="https://px.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    told = client.get("/language/fr", base_url="https://px.example.org")
    person = factories.person("Ana", of=factories.organisation("Nampula"))
    data = {"email": person.email, "password": "no such one"}
    refused = client.post("/sign-in", data=data, base_url="https://px.example.org")
    with client.session_transaction(base_url="https://px.example.org") as session:
        session["sign_in"] = "ended long ago"
    ended = client.get("/en/sign-in", base_url="https://px.example.org")
    cookies = [
        cookie
        for each in (answer, told, refused, ended)
        for cookie in each.headers.getlist("Set-Cookie")
    ]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"lang", "__Host-exchange"}
    for cookie in cookies:
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain=" not in cookie
        if "__Host-" in cookie:
            assert ("HttpOnly" in cookie, "Path=/" in cookie) == (True, True)
