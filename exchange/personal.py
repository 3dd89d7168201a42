"""What a column says of a person, why it is kept, and what becomes of it when the person goes.

The annotation stands at the column: ``info=personal(Datum.person_name, Purpose.visit)``.
The page of personal data, the export, the erasure and the masks of the audit trail are all made of
it; ``tests/house/test_personal.py`` finds the column that nobody thought of.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

KEY = "personal"


class Datum(StrEnum):
    """What kind of thing a column tells."""

    person_name = auto()
    address = auto()
    picture = auto()
    office = auto()
    gender = auto()
    special_needs = auto()
    network_address = auto()
    device = auto()
    activity = auto()
    choice = auto()
    secret = auto()
    letter = auto()
    contribution = auto()


class Purpose(StrEnum):
    """Why it is kept; words, readers and periods are in ``labels/privacy.py``."""

    account = auto()
    sign_in = auto()
    visit = auto()
    mail = auto()
    forum = auto()
    publication = auto()
    expertise = auto()
    record = auto()
    convenience = auto()
    watch = auto()


class Erased(StrEnum):
    """What becomes of it when its person is erased."""

    gone = auto()  # the whole row goes
    emptied = auto()
    renamed = auto()  # "a former member of …"
    kept = auto()  # the institution's record: it stays, without a name


@dataclass(frozen=True)
class Personal:
    """The annotation of one column."""

    datum: Datum
    purpose: Purpose
    erased: Erased

    @property
    def masked(self) -> bool:
        """Whether the audit trail says only that it changed. What people write into the record of
        the institution is shown before and after; what they say of a visit was said in confidence.
        """
        return self.datum != Datum.contribution or self.purpose == Purpose.visit


def personal(datum: Datum, purpose: Purpose, erased: Erased = Erased.emptied) -> dict[Any, Any]:
    """The ``info`` of a column that tells something of a person."""
    return {KEY: Personal(datum, purpose, erased)}


def annotation(column: Any) -> Personal | None:
    """What was said of a column; None when it tells nothing of a person."""
    said: Personal | None = column.info.get(KEY)
    return said
