"""Every kind of reminder can be asked for: one that cannot stops all others."""

from datetime import timedelta

import pytest
from flask import Flask

from exchange.clock import today
from exchange.reminders import subjects
from exchange.reminders.kinds import KINDS


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_rows_of_a_kind_can_be_read(app: Flask, kind) -> None:
    span = (today() - timedelta(days=400), today() + timedelta(days=400))
    assert subjects.asking(kind, days=span) == []
    assert subjects.asking(kind, ids=[1]) == []
