"""Organisations support recommendations: what most stand behind comes first."""

import pytest

from exchange.errors import NotAllowed
from exchange.extensions import db
from exchange.recommendations import actions
from exchange.recommendations.models import About, Scale
from exchange.strategies.models import Axis, Strategy
from tests import factories
from tests.factories.network import DAY

FACTS = {"language": "en", "about": About.policy, "scale": Scale.national}


@pytest.fixture
def row(app):
    made = actions.propose({**FACTS, "title": "Fund peer learning"})
    db.session.commit()
    return made


def test_a_city_supports_and_withdraws_and_is_shown_by_name(browser, row):
    city = factories.organisation("Nampula")
    other = factories.organisation("Lyon")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    address = f"/recommendations/{row.id}"
    assert "Support it for Nampula" in mine.get(address).text
    for _again in range(2):
        assert mine.post(f"{address}/supports/{city.id}").status_code == 302
    assert row.supports == 1
    page = browser.as_(factories.officer()).get(address).text
    assert "Nampula" in page
    assert "Withdraw the support" not in page
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    assert mine.post(f"{address}/supports/{other.id}").status_code == 403
    assert "Withdraw the support" in mine.get(address).text
    mine.post(f"{address}/supports/{city.id}/withdraw")
    db.session.expire_all()
    assert row.supports == 0


def test_only_what_is_proposed_or_adopted_is_supported(browser, row):
    city = factories.organisation("Nampula")
    actions.support(row, city.id)
    actions.advance_recommendation(row, "drop", actor=None, note="No.")
    for change in (actions.support, actions.withdraw_support):
        with pytest.raises(NotAllowed, match="support_is_over"):
            change(row, city.id)
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    assert "Withdraw the support" not in mine.get(f"/recommendations/{row.id}").text


def test_register_sheet_and_axis_stand_in_the_order_of_support(browser, row):
    strategy = Strategy(code="S", titles={"en": "S"}, starts_on=DAY, ends_on=DAY)
    strategy.axes.append(Axis(titles={"en": "Axis"}))
    db.session.add(strategy)
    db.session.flush()
    axis = strategy.axes[0]
    first = actions.propose({**FACTS, "title": "Train mayors", "axis_id": axis.id})
    actions.edit(row, {"axis_id": axis.id})
    actions.support(first, factories.organisation("Nampula").id)
    db.session.commit()
    page = browser.as_(factories.officer())
    for address in (
        "/recommendations?sort=-supports",
        "/exports/recommendations.csv?sort=-supports",
        f"/strategies/axes/{axis.id}",
    ):
        text = page.get(address).text
        assert text.index("Train mayors") < text.index("Fund peer learning"), address
    assert "Organisations that support it" in page.get("/exports/recommendations.csv").text


def test_the_api_supports_lists_and_withdraws(browser, row):
    city = factories.organisation("Nampula")
    client = browser.api(factories.person(of=city, role="coordinator"))
    address = f"/api/v1/recommendations/{row.id}"
    sent = client.post(f"{address}/supports", json={"organisation_id": city.id})
    assert sent.json["supports"] == 1
    assert [one["name"] for one in client.get(f"{address}/supports").json] == ["Nampula"]
    assert client.get("/api/v1/recommendations?sort=-supports").json["items"][0]["supports"] == 1
    assert client.delete(f"{address}/supports/{city.id}").status_code == 204
    assert client.get(address).json["supports"] == 0
