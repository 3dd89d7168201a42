"""What happens to local laboratories and their cycles. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import steps, tags
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.labs.models import Lab, LabCycle, LabPartner
from exchange.mechanisms.models import Mechanism
from exchange.methods.models import Pilot
from exchange.predicates import staff
from exchange.references import Known, known_row
from exchange.steps import Step
from workflows.lab import LAB
from workflows.lab_cycle import LAB_CYCLE


def open_lab(data: Mapping[str, Any], *, actor: Person, known: Known = select) -> Lab:
    """Write a laboratory down, before its first cycle.

    :param known: what it may name.
    :raises Invalid: ``not_yours``; ``no_such_exchange``; ``no_such_pilot``; ``window``.
    """
    row = Lab()
    _fill(row, data, actor, known)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Lab, data: Mapping[str, Any], *, actor: Person, known: Known = select) -> Lab:
    """Change a laboratory, or write what was kept, adapted or dropped.

    :param known: what it may name.
    :raises Invalid: as ``open_lab``.
    :raises NotAllowed: ``lab_is_over``.
    """
    _still_open(row)
    _fill(row, data, actor, known)
    db.session.flush()
    return row


def add_partner(row: Lab, data: Mapping[str, Any]) -> LabPartner:
    """Name an organisation that takes part, and what it brings; again corrects what it brings.

    :raises Invalid: ``no_such_organisation``.
    :raises NotAllowed: ``lab_is_over``.
    """
    _still_open(row)
    found = db.session.get(Organisation, data["organisation_id"])
    if found is None:
        raise Invalid("organisation_id", "no_such_organisation")
    known = {one.organisation_id: one for one in row.partners}
    partner = known.get(found.id)
    if partner is None:
        partner = LabPartner(organisation=found)
        row.partners.append(partner)
    partner.brings = data.get("brings", "")
    db.session.flush()
    return partner


def link_mechanism(row: Lab, data: Mapping[str, Any]) -> Mechanism:
    """Link a mechanism of learning, such as a Local4Action hub; once, however often.

    :raises Invalid: ``no_such_mechanism``.
    """
    found = db.session.get(Mechanism, data["mechanism_id"])
    if found is None:
        raise Invalid("mechanism_id", "no_such_mechanism")
    if found not in row.mechanisms:
        row.mechanisms.append(found)
        db.session.flush()
    return found


def remove_partner(row: Lab, organisation_id: int) -> None:
    """Take an organisation out that does not take part; one that is not in it stays out."""
    row.partners = [one for one in row.partners if one.organisation_id != organisation_id]
    db.session.flush()


def remove_mechanism(row: Lab, mechanism_id: int) -> None:
    """Undo the link to a mechanism."""
    row.mechanisms = [one for one in row.mechanisms if one.id != mechanism_id]
    db.session.flush()


def advance_lab(
    row: Lab,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a laboratory one step and write the step down."""
    return steps.advance(LAB, row, trigger, actor=actor, note=note, expected_state=expected_state)


def add_cycle(row: Lab, data: Mapping[str, Any]) -> LabCycle:
    """Ask the next question.

    :raises NotAllowed: ``lab_is_over``.
    """
    steps.lock(row)
    _still_open(row)
    number = max((one.number for one in row.cycles), default=0) + 1
    cycle = LabCycle(number=number, **data)
    row.cycles.append(cycle)
    db.session.flush()
    return cycle


def edit_cycle(row: LabCycle, data: Mapping[str, Any]) -> LabCycle:
    """Write what is built, how it is tested, what came of it.

    :raises NotAllowed: ``cycle_is_over``.
    """
    if not row.is_open:
        raise NotAllowed("cycle_is_over")
    for name, value in data.items():
        setattr(row, name, value)
    db.session.flush()
    return row


def advance_cycle(
    row: LabCycle,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a cycle one step and write the step down."""
    return steps.advance(
        LAB_CYCLE, row, trigger, actor=actor, note=note, expected_state=expected_state
    )


def _still_open(row: Lab) -> None:
    if LAB.is_final(row.state):
        raise NotAllowed("lab_is_over")


def _fill(row: Lab, data: Mapping[str, Any], actor: Person, known: Known) -> None:
    whose = data.get("organisation_id", row.organisation_id)
    if whose != row.organisation_id and not staff(actor, None) and whose not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    with db.session.no_autoflush:
        if whose is not None and db.session.get(Organisation, whose) is None:
            raise Invalid("organisation_id", "no_such_organisation")
        for name, model in (("exchange_id", Exchange), ("pilot_id", Pilot)):
            named = data.get(name)
            if named not in (None, getattr(row, name)) and known_row(known, model, named) is None:
                raise Invalid(name, f"no_such_{model.__tablename__.removeprefix('method_')}")
        tags.apply(row, data)
    if row.ends_on < row.starts_on:
        raise Invalid("ends_on", "window")
