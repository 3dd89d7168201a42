"""Numbers that come from outside are numbers of rows, or nothing."""

import pytest

from exchange.schemas import LARGEST
from exchange.web.named import number_of, numbers_of


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("7", 7),
        ("007", 7),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), None),  # no column of ours can hold it
        ("9" * 5000, None),
        ("-1", None),
        ("1.0", None),
        (" 1", None),
        ("²", None),  # a digit to Python, and no number
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_what_no_row_can_have_is_nothing(sent, number):
    assert number_of(sent) == number


def test_of_many_each_is_taken_once():
    assert numbers_of(["3", "x", "1", "3", "9" * 30]) == [3, 1]
