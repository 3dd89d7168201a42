"""In a long list one writes a part of a name."""

import pytest
from werkzeug.datastructures import MultiDict

from exchange.web import picking
from exchange.web.option import Option

CITIES = [
    Option("", "Choose"),
    Option("7", "Nampula, Mozambique"),
    Option("8", "San José, Costa Rica"),
    Option("9", "San José, Uruguay"),
    Option("10", "Umeå, Sweden"),
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7", ["7"]),
        ("Nampula, Mozambique", ["7"]),
        ("nampula", ["7"]),
        ("umea", ["10"]),
        ("San José", ["8", "9"]),
        ("san jose, u", ["9"]),
        ("Atlantis", []),
        ("choose", []),
    ],
)
def test_a_part_of_a_name_is_enough_whatever_its_accents(typed, meant):
    assert [option.value for option in picking.fitting(typed, CITIES)] == meant


def test_what_is_clear_becomes_its_code_and_the_rest_stays_as_sent():
    sent = MultiDict([("title", "Water"), ("organisation_id", "nampula")])
    taken, unclear = picking.picked(sent, {"organisation_id": CITIES})
    assert (taken["organisation_id"], taken["title"], unclear) == ("7", "Water", {})
    assert sent["organisation_id"] == "nampula"


def test_a_number_that_is_not_in_the_list_is_left_to_the_schema():
    taken, unclear = picking.picked(MultiDict([("who", "99")]), {"who": CITIES})
    assert (taken["who"], unclear) == ("99", {})


def test_the_name_is_shown_for_its_code_and_nothing_for_nothing():
    assert picking.shown("7", CITIES) == "Nampula, Mozambique"
    assert picking.shown("", CITIES) == ""
    assert picking.shown("Atlan", CITIES) == "Atlan"


def test_some_two_hundred_entries_are_long_and_fifty_are_not():
    assert picking.is_long(CITIES * 50)
    assert not picking.is_long(CITIES * 10)
