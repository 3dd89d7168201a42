"""What happens to partnerships, their pairs and their reviews. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import multilingual, steps
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.partnerships.models import (
    Activity,
    Agreement,
    Benefit,
    Pair,
    Partnership,
    PartnershipPhase,
    ReviewSheet,
    ReviewWorkshop,
)
from exchange.steps import Step
from workflows.partnership import PARTNERSHIP

WORDS = {"title": "titles", "text": "texts"}
Part = Activity | Agreement | Benefit
# The parts of a pair: which list of it they stand in.
PARTS: dict[str, type[Part]] = {
    "activities": Activity,
    "agreements": Agreement,
    "benefits": Benefit,
}


def create(data: Mapping[str, Any]) -> Partnership:
    """Write a partnership.

    :raises Invalid: ``code_taken``; ``window``; ``no_such_organisation``.
    """
    row = Partnership()
    edit(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Partnership, data: Mapping[str, Any]) -> Partnership:
    """Change a partnership.

    :raises Invalid: ``code_taken``; ``window``; ``no_such_organisation``.
    """
    with db.session.no_autoflush:
        query = select(Partnership).where(Partnership.code == data.get("code", row.code))
        if (known := db.session.scalars(query).first()) is not None and known is not row:
            raise Invalid("code", "code_taken")
        _known(data.get("lead_id", row.lead_id), "lead_id")
        multilingual.write(row, data, WORDS)
    if row.ends_on < row.starts_on:
        raise Invalid("ends_on", "window")
    db.session.flush()
    return row


def add_funder(row: Partnership, data: Mapping[str, Any]) -> Partnership:
    """Name an organisation that pays; once, however often.

    :raises Invalid: ``no_such_organisation``.
    """
    _once(row.funders, _known(data["organisation_id"]))
    return row


def add_phase(row: Partnership, data: Mapping[str, Any]) -> PartnershipPhase:
    """Add a phase.

    :raises Invalid: ``window``, it does not lie within the partnership.
    """
    if data["starts_on"] < row.starts_on or data["ends_on"] > row.ends_on:
        raise Invalid("ends_on", "window")
    phase = PartnershipPhase()
    multilingual.write(phase, data, WORDS)
    row.phases.append(phase)
    db.session.flush()
    return phase


def add_pair(row: Partnership, data: Mapping[str, Any]) -> Pair:
    """Bring two cities together.

    :raises Invalid: ``two_cities``, both are the same; ``no_such_organisation``.
    """
    if data["first_city_id"] == data["second_city_id"]:
        raise Invalid("second_city_id", "two_cities")
    pair = Pair(name=data.get("name", ""))
    pair.cities = [_known(data[name], name) for name in ("first_city_id", "second_city_id")]
    row.pairs.append(pair)
    db.session.flush()
    return pair


def add_city(pair: Pair, data: Mapping[str, Any]) -> Pair:
    """Let one more city in: a triangular partnership, or one of many; once, however often.

    :raises Invalid: ``no_such_organisation``.
    """
    _once(pair.cities, _known(data["organisation_id"]))
    return pair


def add_exchange(pair: Pair, data: Mapping[str, Any]) -> Exchange:
    """Say that an exchange belongs to this pair; it leaves any other.

    :raises Invalid: ``no_such_exchange``.
    """
    query = select(Exchange).where(Exchange.reference == data["reference"].strip().upper())
    found = db.session.scalars(query).first()
    if found is None:
        raise Invalid("reference", "no_such_exchange")
    if found not in pair.exchanges:
        for other in db.session.scalars(select(Pair).where(Pair.exchanges.contains(found))):
            other.exchanges.remove(found)
        db.session.flush()
        pair.exchanges.append(found)
        db.session.flush()
    return found


def add_part(pair: Pair, kind: str, data: Mapping[str, Any]) -> Part:
    """Add an activity, an agreement or a benefit: ``kind`` is a key of ``PARTS``.

    :raises Invalid: ``not_of_the_pair``, the organisation is no city of it.
    """
    _of_pair(pair, data)
    row = PARTS[kind](**data)
    getattr(pair, kind).append(row)
    db.session.flush()
    return row


def save_part(row: Part, data: Mapping[str, Any]) -> Part:
    """Change an activity, an agreement or a benefit.

    :raises Invalid: ``not_of_the_pair``.
    """
    _of_pair(row.pair, data)
    for name, value in data.items():
        setattr(row, name, value)
    db.session.flush()
    return row


def _of_pair(pair: Pair, data: Mapping[str, Any]) -> None:
    """Cities of a pair plan and gain; others are no part of it."""
    organisation_id = data.get("organisation_id")
    if organisation_id and organisation_id not in {city.id for city in pair.cities}:
        raise Invalid("organisation_id", "not_of_the_pair")


def add_review(row: Partnership, data: Mapping[str, Any]) -> ReviewWorkshop:
    """Call a review workshop.

    :raises Invalid: ``window``, the sheets would come after it.
    """
    if data["due_on"] > data["held_on"]:
        raise Invalid("due_on", "window")
    review = ReviewWorkshop()
    multilingual.write(review, data, WORDS)
    row.reviews.append(review)
    db.session.flush()
    return review


def write_sheet(review: ReviewWorkshop, pair: Pair, data: Mapping[str, Any]) -> ReviewSheet:
    """Write the sheet of a pair, or write it again."""
    sheet = next((one for one in review.sheets if one.pair_id == pair.id), None)
    if sheet is None:
        sheet = ReviewSheet(pair_id=pair.id)
        review.sheets.append(sheet)
    for name, value in data.items():
        setattr(sheet, name, value)
    db.session.flush()
    return sheet


def advance_partnership(
    row: Partnership,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a partnership one step and write the step down."""
    return steps.advance(
        PARTNERSHIP, row, trigger, actor=actor, note=note, expected_state=expected_state
    )


def _known(organisation_id: int, field: str = "organisation_id") -> Organisation:
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise Invalid(field, "no_such_organisation")
    return found


def _once(rows: list[Organisation], one: Organisation) -> None:
    if one not in rows:
        rows.append(one)
        db.session.flush()
