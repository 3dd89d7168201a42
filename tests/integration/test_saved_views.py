"""Saved views: one's own, shared by staff, renamed, removed."""

import pytest

from exchange.extensions import db
from exchange.keeping.views import SavedView
from tests import factories

SENT = {"list_name": "exchanges", "query": "phase=matching&overdue=yes", "name": "Late matching"}


def view_of(**facts):
    return db.session.query(SavedView).filter_by(**facts).one()


def test_a_view_waits_on_top_of_its_list(browser):
    client = browser.as_(factories.officer())
    assert "Save this view" in client.get("/exchanges?phase=matching&page=1").text
    answer = client.post("/views", data=SENT)
    assert answer.location == "/exchanges?phase=matching&overdue=yes"
    text = client.get(answer.location).text
    assert 'aria-current="page">Late matching</a>' in text
    assert "Save this view</summary>" not in text
    assert "Late matching" not in client.get("/needs").text
    assert "Late matching" in client.get("/views").text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("overdue=yes&phase=matching", True),  # in another order
        ("q=&phase=matching&overdue=yes&theme=", True),  # as the form of the filter sends it
        ("phase=matching&overdue=yes&sort=due&page=2&size=50", True),  # what is so anyway
        ("phase=matching&overdue=yes&sort=-due", False),  # another order of the rows
        ("phase=matching", False),
    ],
)
def test_a_view_is_known_however_its_address_is_written(browser, address, shown):
    client = browser.as_(factories.officer())
    client.post("/views", data=SENT)
    text = client.get(f"/exchanges?{address}").text
    assert ('aria-current="page">Late matching</a>' in text) is shown
    assert ("Save this view</summary>" in text) is not shown


@pytest.mark.parametrize("name", ["needs", "offers", "matches", "visits", "messages"])
def test_every_list_keeps_views(browser, name):
    client = browser.as_(factories.officer())
    client.post("/views", data={"list_name": name, "query": "q=bus", "name": "Buses"})
    text = client.get(f"/{name}").text
    assert f'href="/{name}?q=bus">Buses</a>' in text


def test_what_staff_share_staff_see_and_cities_do_not(browser):
    client = browser.as_(factories.officer(name="Lucía"))
    client.post("/views", data={**SENT, "shared": "yes"})
    other = browser.as_(factories.officer())
    assert "Shared by Lucía" in other.get("/views").text
    city = browser.as_(factories.person(of=factories.organisation()))
    assert "Late matching" not in city.get("/exchanges").text
    answer = city.post("/views", data={**SENT, "shared": "yes"})
    assert answer.status_code == 422
    assert "Only staff share views." in answer.text
    view = view_of(name="Late matching")
    assert other.post(f"/views/{view.id}/delete").status_code == 403
    assert city.post(f"/views/{view.id}/delete").status_code == 404


def test_a_view_is_renamed_replaced_and_removed(browser):
    client = browser.as_(factories.officer())
    client.post("/views", data=SENT)
    client.post("/views", data={**SENT, "query": "phase=visit"})
    view = view_of(name="Late matching")
    assert view.query == "phase=visit"
    client.post("/views", data={**SENT, "name": "Other"})
    answer = client.post(f"/views/{view.id}/edit", data={"name": "Other"})
    assert answer.status_code == 422
    assert "You have a view of this name already." in answer.text
    client.post(f"/views/{view.id}/edit", data={"name": "Visits"})
    assert view_of(query="phase=visit").name == "Visits"
    client.post(f"/views/{view.id}/delete")
    assert db.session.query(SavedView).count() == 1


def test_an_address_of_another_site_is_no_view(browser):
    client = browser.as_(factories.officer())
    answer = client.post("/views", data={**SENT, "query": "//evil.example/?a=b&c=d"})
    assert answer.location.startswith("/exchanges?")
