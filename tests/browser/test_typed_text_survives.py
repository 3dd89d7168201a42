"""Type, then reload, cut the line, open a second tab, restart the server, sign in again: all of the
text is there again. A real server in a process of its own, a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import expect

from exchange.accounts.actions import end_sign_ins, set_password
from exchange.app import create_app
from exchange.config import load
from exchange.directory.models import Person
from exchange.exchanges import proposals
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.vocabularies.reference import load_reference
from tests import factories

PASSWORD = "a long walk by the river 42"
# Longer than a line, in several scripts, with what HTML and JSON must not touch.
TEXT = (
    "Como drenar mercados? <b>\"Sim\" & 'não'</b> — 40 t/dia, ١٢٣ 市場.\n\nSegundo parágrafo. " * 12
)
MUCH = TEXT.strip()


class Site:
    """The program over HTTP with a folder of its own; it can be stopped and started again."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        known = {k: v for k, v in os.environ.items() if not k.startswith("EXCHANGE_")}
        ours = {"EXCHANGE_VAR": str(var), "EXCHANGE_PORT": str(self.port), "EXCHANGE_DEMO": "0"}
        self.environ = {**known, **ours, "EXCHANGE_WEB_WORKERS": "1"}
        self.app = create_app(load(ours))
        with self.app.app_context():
            upgrade()
            load_reference(cities_from=5_000_000)
            db.session.commit()

    def start(self) -> None:
        """Start the web server and wait until it answers."""
        config = ("--config", "python:exchange.web_server", "exchange.app:create_app()")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *config], env=self.environ
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()  # noqa: S310
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        """Stop it, and wait until nobody answers."""
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A running site with an association, two of its people, and a member's need."""
    running = Site(tmp_path_factory.mktemp("var"))
    with running.app.app_context():
        city = factories.organisation("Nampula")
        body = factories.association("ANAMM", members=(city,))
        factories.need(organisation=city, title="Drainage")
        for name in ("Ana", "Rui"):
            person = factories.person(name, of=body, email=f"{name.lower()}@px.test")
            set_password(person, PASSWORD)
        db.session.commit()
    running.start()
    yield running
    running.stop()
    with running.app.app_context():
        db.engine.dispose()


@pytest.fixture
def person(site, chromium):
    """Makes windows of somebody who has signed in; what breaks in a script breaks the test."""
    contexts, broken = [], []

    def make(name="ana", **options):
        context = chromium.new_context(base_url=site.address, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        sign_in(page, name)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not broken


def sign_in(page, name):
    """Sign in on the page one is on, or on the sign-in page."""
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.fill("#email", f"{name}@px.test")
    page.fill("#password", PASSWORD)
    page.click("main form button")


@pytest.fixture
def draft(site):
    """A fresh draft of the association; its address."""
    with site.app.app_context():
        ana = db.session.query(Person).filter_by(email="ana@px.test").one()
        body = ana.affiliations[0].organisation
        made = proposals.start(body.id, "Markets", [], language="pt", actor=ana)
        db.session.commit()
        return f"/my/proposals/{made.id}"


def saved(site, draft, field="purpose"):
    """What the database holds of a draft."""
    with site.app.app_context():
        return getattr(db.session.get_one(Exchange, int(draft.rsplit("/", 1)[-1])), field)


def wait_until_saved(page):
    page.wait_for_selector("#saved:has-text('Saved at')")


def kept(page):
    """The names under which this device keeps text."""
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('px:'))")


def test_a_proposal_saves_by_itself_and_is_there_after_a_reload(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    page.fill("#purpose", MUCH)
    wait_until_saved(page)
    assert saved(site, draft) == MUCH
    assert kept(page) == []
    page.reload()
    assert page.input_value("#purpose") == MUCH


def test_a_reload_before_it_was_saved_loses_nothing(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    page.route("**/autosave", lambda route: route.abort())
    page.fill("#purpose", MUCH)
    page.check('[name="themes"] >> nth=2')
    page.reload()
    assert page.input_value("#purpose") == MUCH
    assert page.is_checked('[name="themes"] >> nth=2')
    page.unroute("**/autosave")
    page.locator("#learning_question").fill("Who?")
    wait_until_saved(page)
    assert saved(site, draft) == MUCH


def test_a_cut_line_is_told_and_what_was_typed_is_sent_when_it_is_back(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    page.context.set_offline(True)
    page.fill("#purpose", MUCH)
    page.wait_for_selector("#saved:has-text('no connection')")
    assert kept(page) != []
    page.context.set_offline(False)
    wait_until_saved(page)
    assert saved(site, draft) == MUCH
    assert kept(page) == []


def test_a_tab_closed_without_a_line_is_whole_when_it_is_opened_again(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    page.context.set_offline(True)
    page.fill("#purpose", MUCH)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{draft}/learn")
    assert again.input_value("#purpose") == MUCH
    again.locator("#learning_question").fill("Who?")
    wait_until_saved(again)
    assert saved(site, draft) == MUCH


def test_a_server_that_restarts_loses_nothing(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    site.stop()
    page.fill("#purpose", MUCH)
    page.wait_for_selector("#saved:has-text('no connection')")
    site.start()
    page.locator("#purpose").blur()
    wait_until_saved(page)
    assert saved(site, draft) == MUCH


def test_two_tabs_write_different_fields(site, person, draft):
    first = person()
    first.goto(f"{draft}/learn")
    second = first.context.new_page()
    second.goto(f"{draft}/learn")
    first.fill("#purpose", MUCH)
    wait_until_saved(first)
    second.fill("#learning_question", "Who cleans the drains?")
    wait_until_saved(second)
    assert saved(site, draft) == MUCH
    assert saved(site, draft, "learning_question") == "Who cleans the drains?"
    second.get_by_role("button", name="Save and continue").click()
    second.wait_for_url("**/meet")
    assert saved(site, draft) == MUCH


def test_a_form_sent_while_it_still_saves_meets_no_text_of_its_own(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    held = []
    page.route("**/autosave", lambda route: held.append(route) if not held else route.continue_())
    page.fill("#purpose", "Half a senten")
    with page.expect_request("**/autosave"):
        page.locator("#purpose").blur()
    page.fill("#purpose", MUCH)
    page.get_by_role("button", name="Save and continue").click(no_wait_after=True)
    held[0].continue_()
    page.wait_for_url("**/meet")
    assert saved(site, draft) == MUCH


@pytest.mark.parametrize(("button", "stays"), [("Keep mine", "Ana's"), ("Take theirs", "Rui's")])
def test_two_people_in_one_field_see_both_texts(site, person, draft, button, stays):
    ana, rui = person("ana"), person("rui")
    for page in (ana, rui):
        page.goto(f"{draft}/learn")
    rui.fill("#purpose", "Rui's words")
    wait_until_saved(rui)
    ana.fill("#purpose", "Ana's words")
    ana.wait_for_selector('.banner:has-text("Rui\'s words")')
    assert ana.input_value("#purpose") == "Ana's words"
    ana.get_by_role("button", name=button).click()
    if button == "Keep mine":
        wait_until_saved(ana)
    assert ana.input_value("#purpose") == f"{stays} words"
    assert saved(site, draft) == f"{stays} words"


def test_a_sign_in_that_ends_leaves_the_text_and_takes_it_after_signing_in(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    with site.app.app_context():
        end_sign_ins(db.session.query(Person).filter_by(email="ana@px.test").one())
        db.session.commit()
    page.fill("#purpose", MUCH)
    page.wait_for_selector("#saved:has-text('sign-in has ended')")
    with page.context.expect_page() as opened:
        page.click("#saved a")
    sign_in(opened.value, "ana")
    opened.value.wait_for_url("**/learn")
    assert opened.value.input_value("#purpose") == MUCH
    page.bring_to_front()
    page.locator("#learning_question").fill("Who?")
    wait_until_saved(page)
    assert saved(site, draft) == MUCH


def test_signing_out_leaves_nothing_on_the_device(site, person, draft):
    page = person()
    page.goto(f"{draft}/learn")
    page.route("**/autosave", lambda route: route.abort())
    page.fill("#purpose", MUCH)
    assert kept(page) != []
    page.evaluate("document.querySelector('form[action$=\"/sign-out\"]').requestSubmit()")
    page.wait_for_url(lambda address: "/learn" not in address)
    assert kept(page) == []


def test_without_a_script_saving_is_a_button(site, person, draft):
    page = person(java_script_enabled=False)
    page.goto(f"{draft}/learn")
    page.fill("#purpose", MUCH)
    page.click("button[value=leave]")
    assert page.url.endswith("/my")
    assert saved(site, draft) == MUCH


def test_a_need_is_whole_after_a_reload_and_a_cut_line_and_is_sent_when_it_is_back(site, person):
    page = person()
    page.goto("/needs/new")
    page.fill("#title", "Drains")
    page.fill("#text", MUCH)
    page.check('[name="themes"] >> nth=1')
    page.wait_for_timeout(300)
    page.reload()
    assert page.input_value("#text") == MUCH
    assert page.is_checked('[name="themes"] >> nth=1')
    assert page.locator(".kept").is_visible()
    if not page.input_value("#organisation_id"):
        page.select_option("#organisation_id", index=1)
    page.select_option("#language", "pt")
    page.locator("details:has([name=languages]) > summary").click()
    page.check('[name="languages"] >> nth=1')
    page.context.set_offline(True)
    page.locator("form[data-keep] .actions button").first.click()
    page.get_by_role("button", name="Send when the line is back").click()
    page.context.set_offline(False)
    page.wait_for_url(lambda address: "/new" not in address)
    assert kept(page) == []


def test_what_was_typed_into_a_need_survives_the_server(site, person):
    page = person()
    page.goto("/needs/new")
    page.fill("#text", MUCH)
    page.wait_for_timeout(300)
    page.close()
    site.stop()
    site.start()
    again = page.context.new_page()
    again.goto("/needs/new")
    assert again.input_value("#text") == MUCH
    again.get_by_role("button", name="Throw it away").click()
    expect(again.locator("#text")).to_have_value("")
    assert kept(again) == []


def test_a_form_sent_after_the_sign_in_had_ended_needs_no_script(site, person):
    page = person(java_script_enabled=False)
    page.goto("/needs/new")
    page.fill("#text", MUCH)
    with site.app.app_context():
        end_sign_ins(db.session.query(Person).filter_by(email="ana@px.test").one())
        db.session.commit()
    page.locator("form[method=post] .actions button").first.click()
    sign_in(page, "ana")
    assert page.url.startswith(f"{site.address}/needs/new")
    assert page.input_value("#text") == MUCH
