"""What happens to the sheet of a practice and to its adoptions. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exchange import events, steps
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import PartnerRole
from exchange.extensions import db
from exchange.practices.models import Practice
from exchange.practices.reuse import Adoption, PracticeSheet
from exchange.practices.scoring import WRITTEN
from exchange.predicates import staff
from exchange.steps import Step
from workflows.adoption import ADOPTION, AdoptionState
from workflows.practice import PracticeState

PARTS = (*WRITTEN, "cost_order")


def sheet_of(practice: Practice) -> Any:
    """The sheet of a practice; that of the exchange its note is from, as long as it has none."""
    query = select(PracticeSheet).where(PracticeSheet.practice_id == practice.id)
    own = db.session.scalars(query).first()
    if own is None and practice.origin is not None:
        return practice.origin.exchange.transferability
    return own


def save_sheet(practice: Practice, data: Mapping[str, Any]) -> PracticeSheet:
    """Write the sheet; what is not given stays, also what the exchange of the note said."""
    known = sheet_of(practice)
    sheet = known if isinstance(known, PracticeSheet) else None
    if sheet is None:
        kept = {name: getattr(known, name) for name in PARTS} if known else {}
        sheet = PracticeSheet(practice_id=practice.id, **kept)
        db.session.add(sheet)
    for name, value in data.items():
        setattr(sheet, name, value)
    db.session.flush()
    return sheet


def adopt(practice: Practice, data: Mapping[str, Any], *, actor: Person) -> Adoption:
    """Say that a city takes the practice up.

    :raises Invalid: ``not_yours``, ``adopted_already``; ``own_practice``, it is the city's own.
    :raises NotAllowed: ``not_published``, nobody can take up what is not out.
    """
    if practice.state != PracticeState.published:
        raise NotAllowed("not_published")
    organisation_id = data["organisation_id"]
    if not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    if organisation_id == practice.organisation_id:
        raise Invalid("organisation_id", "own_practice")
    steps.lock(practice)  # two who say so at once are one after the other
    mine = select(Adoption.id).where(Adoption.practice_id == practice.id)
    if db.session.scalar(mine.where(Adoption.organisation_id == organisation_id)):
        raise Invalid("organisation_id", "adopted_already")
    row = Adoption(practice_id=practice.id, author=actor, demo=practice.demo, **data)
    db.session.add(row)
    db.session.flush()
    events.publish("adoption.create", id=row.id)
    return row


def edit_adoption(adoption: Adoption, data: Mapping[str, Any]) -> Adoption:
    """Write what was made different, and what changed.

    :raises NotAllowed: ``finished``, the city has dropped it.
    """
    if adoption.state == AdoptionState.dropped:
        raise NotAllowed("finished")
    for name, value in data.items():
        setattr(adoption, name, value)
    db.session.flush()
    return adoption


def advance_adoption(
    adoption: Adoption,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move an adoption one step and write the step down."""
    return steps.advance(
        ADOPTION, adoption, trigger, actor=actor, note=note, expected_state=expected_state
    )


def adoptions_of(practice: Practice) -> list[Adoption]:
    """Who took the practice up, the first first."""
    query = select(Adoption).where(Adoption.practice_id == practice.id).order_by(Adoption.id)
    return list(db.session.scalars(query.options(joinedload(Adoption.organisation))))


def chain_of(
    practice: Practice, adoptions: list[Adoption]
) -> list[tuple[Any, list[tuple[str, str]]]]:
    """(organisation, what changed there, each with its language) of all who learned: the learners
    of the exchange that the note is from, then those who took the practice up."""
    found: dict[int, tuple[Any, list[tuple[str, str]]]] = {}
    if practice.origin is not None:
        exchange = practice.origin.exchange
        for one in exchange.with_role(PartnerRole.learner):
            found[one.organisation_id] = (one.organisation, [])
        for change in exchange.recorded_changes:
            if change.organisation_id in found:
                found[change.organisation_id][1].append((change.text, exchange.language))
    for row in adoptions:
        if row.state != AdoptionState.dropped:
            told = found.setdefault(row.organisation_id, (row.organisation, []))[1]
            told += [(row.changed, row.language)] if row.changed else []
    return list(found.values())
