"""Single sign-on, with a real provider of OpenID Connect that runs beside the tests."""

from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from oidc_provider_mock import User, run_server_in_thread
from sqlalchemy import select

from exchange.accounts import actions
from exchange.accounts.models import Identity, LinkKind
from exchange.accounts.queries import live_link
from exchange.app import create_app
from exchange.config import ConfigError, load
from exchange.directory.models import Person
from exchange.extensions import Base, db

# The provider runs in this process, and its library warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
ANA = {"email": "ana@city.example", "email_verified": True}


@pytest.fixture(scope="module")
def provider():
    """A provider with people: one verified, one not, one whom nobody invited."""
    people = [
        User(sub="ana", claims=ANA),
        User(sub="another-ana", claims=ANA),
        User(sub="eva", claims={"email": "eva@city.example", "email_verified": False}),
        User(sub="nobody", claims={"email": "nobody@city.example", "email_verified": True}),
    ]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def site(provider, tmp_path):
    """The program with that provider, and two people in its directory."""
    environ = {
        "EXCHANGE_VAR": str(tmp_path),
        "EXCHANGE_LOG_LEVEL": "ERROR",
        "EXCHANGE_PUBLIC_URL": "http://localhost",
        "EXCHANGE_OIDC_ISSUER": provider,
        "EXCHANGE_OIDC_CLIENT_ID": "peer-exchange",
        "EXCHANGE_OIDC_CLIENT_SECRET": "a secret of both",
        "EXCHANGE_OIDC_NAME": "UCLG",
    }
    app = create_app(load(environ))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        Base.metadata.create_all(db.engine)
        for name in ("ana", "eva"):
            db.session.add(Person(name=name.title(), email=f"{name}@city.example"))
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def rows(site):
    with site.app_context():
        yield db.session


def at_provider(page, who, query=""):
    """Begin here, say there who one is; returns the address to which the provider leads back."""
    there = page.get(f"/sign-in/sso{query}").location
    answer = requests.post(there, data={"sub": who}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def is_in(page):
    return page.get("/account/sign-ins").status_code == 200


def test_the_sign_in_page_names_the_provider_and_the_way_there_is_guarded(site):
    page = site.test_client()
    assert "Sign in with UCLG" in page.get("/sign-in").text
    asked = parse_qs(urlsplit(page.get("/sign-in/sso").location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    for proof in ("state", "nonce", "code_challenge"):
        assert len(asked[proof][0]) >= 20


def test_somebody_invited_gets_in_by_a_verified_address_and_comes_back(site):
    with rows(site) as session:
        ana = session.scalars(select(Person).filter_by(name="Ana")).one()
        secret = actions.invite(ana)
        session.commit()
    page = site.test_client()
    back = at_provider(page, "ana", "?next=/account/sign-ins")
    assert page.get(back).location == "/account/sign-ins"
    assert is_in(page)
    with rows(site):
        assert live_link(secret, LinkKind.invitation) is None


def test_from_then_on_the_number_counts_and_not_the_address(site):
    page = site.test_client()
    page.get(at_provider(page, "ana"))
    with rows(site) as session:
        session.scalars(select(Person).filter_by(name="Ana")).one().email = "ana@new.example"
        session.commit()
    again = site.test_client()
    again.get(at_provider(again, "ana"))
    assert is_in(again)


def test_an_address_given_to_somebody_else_does_not_open_the_account(site):
    page, other = site.test_client(), site.test_client()
    page.get(at_provider(page, "ana"))
    other.get(at_provider(other, "another-ana"))
    assert not is_in(other)
    with rows(site) as session:
        assert session.scalars(select(Identity.subject)).all() == ["ana"]


@pytest.mark.parametrize(
    ("who", "words"), [("eva", "does not vouch"), ("nobody", "Nobody was invited")]
)
def test_who_is_not_verified_or_not_invited_stays_outside(site, who, words):
    page = site.test_client()
    answer = page.get(at_provider(page, who), follow_redirects=True)
    assert words in answer.text
    assert not is_in(page)


def test_an_answer_to_another_browser_or_a_second_time_is_refused(site):
    page, thief = site.test_client(), site.test_client()
    back = at_provider(page, "ana")
    assert "did not work" in thief.get(back, follow_redirects=True).text
    assert not is_in(thief)
    page.get(back)
    assert is_in(page)
    late = site.test_client()
    late.get("/sign-in/sso")
    late.get(back)
    assert not is_in(late)


def test_whoever_closed_the_account_closed_this_door_too(site):
    from exchange.clock import now

    with rows(site) as session:
        session.scalars(select(Person).filter_by(name="Ana")).one().disabled_at = now()
        session.commit()
    page = site.test_client()
    page.get(at_provider(page, "ana"))
    assert not is_in(page)


def test_a_second_step_of_ours_is_asked_after_the_providers(site):
    from exchange.accounts import second_factor
    from exchange.clock import now

    with rows(site) as session:
        ana = session.scalars(select(Person).filter_by(name="Ana")).one()
        second_factor.begin(ana).confirmed_at = now()
        session.commit()
    page = site.test_client()
    assert page.get(at_provider(page, "ana")).location == "/sign-in/code"
    assert not is_in(page)


def test_a_provider_that_is_away_leaves_the_other_ways_open(tmp_path):
    environ = {"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_DATABASE_URL": "sqlite://"}
    environ |= {"EXCHANGE_OIDC_ISSUER": "http://localhost:9", "EXCHANGE_OIDC_CLIENT_ID": "px"}
    page = create_app(load(environ)).test_client()
    assert page.get("/sign-in/sso").location == "/sign-in"


def test_without_a_provider_there_is_no_such_door(browser):
    for path in ("/sign-in/sso", "/sign-in/sso/back"):
        assert browser.as_().get(path).status_code == 404


@pytest.mark.parametrize("issuer", ["http://login.example.org", "login", "https://x/?q=1"])
def test_a_provider_is_asked_over_https_only(tmp_path, issuer):
    with pytest.raises(ConfigError):
        load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_OIDC_ISSUER": issuer})
