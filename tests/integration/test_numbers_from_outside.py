"""Numbers and words that no column can hold are no fault of the program (nor of PostgreSQL)."""

import pytest

from exchange.edge_rows import RowWord
from tests import factories

ADDRESSES = (
    "/labs/new?challenge={}",
    "/challenges/new?item={}",
    "/organisations/new?place={}",
    "/organisations/new?kept={}",
    "/exchanges/bulk?deed=remind&id={}",
    "/exchanges/bulk/report?deed=remind&done={}",
    "/messages/release?id={}",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("number", ["9" * 30, str(2**31), "²", "-1", "x", ""])
def test_a_number_that_no_row_can_have_is_no_fault_of_the_program(browser, address, number):
    page = browser.as_(factories.administrator())
    assert page.get(address.format(number)).status_code in (200, 404)


def test_a_word_that_no_row_can_have_is_behind_no_address(app, browser):
    page = browser.as_(factories.administrator())
    words = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    asked = 0
    for rule in words:
        named = {n for n, c in rule._converters.items() if type(c) is RowWord}
        if named and not rule.arguments - named:
            answer = page.get(rule.build(dict.fromkeys(named, "a\x00b"))[1])
            assert answer.status_code == 404, rule
            asked += 1
    assert asked > 10


@pytest.mark.parametrize("field", ["agendas", "themes", "title"])
def test_a_text_that_no_column_can_hold_is_refused_by_its_field(browser, field):
    client = browser.api(factories.officer())
    sent = {field: ["a\x00b"] if field.endswith("s") else "a\x00b"}
    answer = client.post("/api/v1/module-topics", json=sent)
    assert answer.status_code == 422
    assert field in answer.json["error"]["fields"]
