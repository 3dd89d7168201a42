"""Pages that are told a number in their address answer, whatever number it is."""

import pytest

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
