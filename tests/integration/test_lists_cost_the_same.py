"""Every list costs the same number of statements with one row, with three and with 300."""

import contextvars
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange import listing
from exchange.directory.models import Affiliation, Membership, Organisation, Person, Role
from exchange.extensions import db
from tests import factories
from tests.conftest import Browser, Statements
from tests.factories.network import Network

SIZES = (1, 3, 300)

# Each list that is cut into pages, and the address at which it shows what the network holds.
LISTS = {
    "/api/v1/events": "",
    "/api/v1/exchanges": "",
    "/api/v1/follow-ups": "",
    "/api/v1/forums": "",
    "/api/v1/imports": "",
    "/api/v1/log": "",
    "/api/v1/matches": "",
    "/api/v1/matching/runs": "",
    "/api/v1/matching/settings/versions": "",
    "/api/v1/matching/wishes": "",
    "/api/v1/mechanism-pairs": "",
    "/api/v1/mechanisms": "",
    "/api/v1/mechanisms/listings": "",
    "/api/v1/messages": "",
    "/api/v1/needs": "",
    "/api/v1/notes": "",
    "/api/v1/offers": "",
    "/api/v1/observatories": "",
    "/api/v1/organisations": "",
    "/api/v1/partnerships": "",
    "/api/v1/practices": "",
    "/api/v1/people": "",
    "/api/v1/programmes": "",
    "/api/v1/places": "?q=portville",
    "/api/v1/reminders": "",
    "/api/v1/road-map": "",
    "/api/v1/visits": "",
    "/api/v1/webhooks": "",
    "/browse": "",
    "/events": "",
    "/exchanges": "",
    "/follow-ups": "",
    "/forums": "",
    "/imports": "",
    "/en/lessons": "",
    "/en/practices": "",
    "/en/partnerships": "",
    "/api/v1/partnerships/public": "",
    "/observatories": "",
    "/partnerships": "",
    "/log": "",
    "/log/audit": "",
    "/mailbox": "",
    "/matches": "",
    "/matching": "",
    "/matching/runs": "",
    "/matching/settings/versions": "",
    "/matching/wishes": "",
    "/mechanisms": "",
    "/mechanisms/listings": "",
    "/mechanisms/pairs": "",
    "/messages": "",
    "/my/messages": "",
    "/needs": "",
    "/notes": "",
    "/offers": "",
    "/organisations": "",
    "/organisations/find-city": "?q=portville",
    "/people": "",
    "/programmes": "",
    "/challenges": "",
    "/api/v1/challenges": "",
    "/ledger": "",
    "/api/v1/ledger": "",
    "/modules": "",
    "/api/v1/modules": "",
    "/modules/topics": "",
    "/api/v1/module-topics": "",
    "/recommendations": "",
    "/expertise": "",
    "/api/v1/expertise": "",
    "/api/v1/recommendations": "",
    "/strategies": "",
    "/learning/rows": "",
    "/api/v1/learning/rows": "",
    "/methods": "",
    "/api/v1/methods": "",
    "/congresses": "",
    "/api/v1/congresses": "",
    "/work-done/rows": "?done=forums",
    "/api/v1/work-done/rows": "?done=forums",
    "/labs": "",
    "/api/v1/labs": "",
    "/api/v1/strategies": "",
    "/reminders": "",
    "/visits": "",
    "/webhooks": "",
}
# Lists that come whole.
WHOLE = (
    "/api/v1/reminders/rules",
    "/api/v1/views",
    "/",
    "/en/",
    "/account/sign-ins",
    "/account/tokens",
    "/api/v1/dashboard",
    "/api/v1/learning",
    "/learning",
    "/work-done",
    "/api/v1/work-done",
    "/api/v1/matching/quality",
    "/api/v1/me/tokens",
    "/api/v1/vocabularies",
    "/api/v1/vocabularies/theme/terms",
    "/board",
    "/dashboard",
    "/inbox",
    "/events/clashes",
    "/mechanisms/matrix",
    "/modules/agendas",
    "/mechanisms/meeting",
    "/matching/quality",
    "/matching/runs/new",
    "/matching/settings",
    "/views",
    "/vocabularies",
    "/vocabularies/theme",
)
# What the world secretariat alone may open.
STAFF_ONLY = {
    "/api/v1/log",
    "/api/v1/reminders/rules",
    "/api/v1/dashboard",
    "/api/v1/matching/quality",
    "/api/v1/matching/runs",
    "/api/v1/matching/settings/versions",
    "/api/v1/matching/wishes",
    "/api/v1/messages",
    "/api/v1/reminders",
    "/board",
    "/dashboard",
    "/inbox",
    "/log",
    "/log/audit",
    "/mailbox",
    "/matching",
    "/matching/quality",
    "/matching/runs",
    "/matching/runs/new",
    "/matching/settings",
    "/matching/settings/versions",
    "/matching/wishes",
    "/messages",
    "/organisations/find-city",
    "/reminders",
}


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[listing.Page]:
    """The pages that were cut, as they are cut."""
    cut: list[listing.Page] = []
    cutting = listing.Page

    def page(*args: Any) -> listing.Page:
        cut.append(cutting(*args))
        return cut[-1]

    monkeypatch.setattr(listing, "Page", page)
    return cut


def get(client: FlaskClient, path: str) -> int:
    """Ask as from outside: in a context of its own, so that no row is remembered."""
    return contextvars.Context().run(lambda: client.get(path).status_code)


def network_of(actor: Person) -> Network:
    """A network around a city; ``actor`` speaks for it unless it is staff."""
    home = factories.organisation("Home")
    if not actor.staff_role:
        actor.affiliations.append(Affiliation(organisation=home, role=Role.coordinator))
    return Network(home, actor)


class Reader:
    """Somebody who opens every list, by the pages or by the API."""

    def __init__(self, browser: Browser, person: Person) -> None:
        self.page, self.api = browser.as_(person), browser.api(person)
        db.session.remove()

    def cost(self, path: str) -> int:
        """The statements of one visit to a list, once everything that is kept is kept."""
        client = self.api if path.startswith("/api/") else self.page
        assert get(client, path) == 200, path
        with Statements() as seen:
            get(client, path)
        return len(seen)


def test_every_list_is_in_the_table(
    app: Flask, browser: Browser, pages: list[listing.Page]
) -> None:
    officer = factories.administrator()
    network = network_of(officer)
    reader = Reader(browser, officer)
    network.grow(1)
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= {"lang"}:
            pages.clear()
            path = re.sub(r"^/<any.*:lang>", "/en", rule.rule)
            client = reader.api if path.startswith("/api/") else reader.page
            get(client, path + LISTS.get(path, ""))
            found |= {path} if pages else set()
    assert found == set(LISTS), "add the list, so that its cost is counted"


@pytest.mark.timeout(600)  # nine hundred lists, the longest of 300 rows
@pytest.mark.parametrize("who", ["administrator", "coordinator"])
def test_a_list_costs_the_same_however_many(
    app: Flask, browser: Browser, pages: list[listing.Page], who: str
) -> None:
    person = getattr(factories, who, factories.person)()
    network, reader = network_of(person), Reader(browser, person)
    hidden = STAFF_ONLY if who == "coordinator" else set()
    paths = [path for path in (*LISTS, *WHOLE) if path not in hidden]
    costs: dict[str, list[int]] = {path: [] for path in paths}
    for size in SIZES:
        network.grow(size)
        for path in paths:
            pages.clear()
            costs[path].append(reader.cost(path + LISTS.get(path, "")))
            assert path not in LISTS or pages[-1].total >= size, f"{path} shows too few"
    uneven = {path: cost for path, cost in costs.items() if len(set(cost)) > 1}
    assert uneven == {}, f"statements at {SIZES} rows"


@pytest.mark.timeout(600)
def test_a_workspace_costs_the_same_however_many_members(app: Flask, browser: Browser) -> None:
    union = factories.association("Home union")
    person = factories.person(of=union)
    union_id, costs = union.id, []
    network, reader = Network(union, person), Reader(browser, person)
    for size in SIZES:
        network.grow(size)
        cities = db.session.query(Organisation).filter(Organisation.name.like("Port %"))
        for city in cities:
            if all(one.body_id != union_id for one in city.memberships):
                city.memberships.append(Membership(body_id=union_id))
        db.session.commit()
        db.session.remove()
        costs.append(reader.cost(f"/workspaces/{union_id}"))
    assert len(set(costs)) == 1, costs


def test_what_staff_alone_may_open_is_closed_to_others(browser: Browser) -> None:
    reader = Reader(browser, factories.person(of=factories.organisation()))
    for path in STAFF_ONLY:
        client = reader.api if path.startswith("/api/") else reader.page
        assert get(client, path + LISTS.get(path, "")) == 403, path
