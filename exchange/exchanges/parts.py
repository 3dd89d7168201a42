"""What an exchange is made of: partners, budget lines, phases, the concept note."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import update

from exchange import events, steps
from exchange.clock import now, today
from exchange.directory.contacts import require_contact
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.linked_needs import TAKING
from exchange.exchanges.models import BudgetLine, Exchange, Partner, PartnerRole, Phase
from exchange.extensions import db
from workflows.exchange import EXCHANGE, ExchangeState

# Without one host and one learner who have said yes, there is no exchange.
NEEDED_ROLES = (PartnerRole.host, PartnerRole.learner)
BEFORE_CONCEPT_NOTE = (ExchangeState.partners_agreed,)


def add_partner(
    exchange: Exchange,
    organisation_id: int,
    role: PartnerRole,
    *,
    actor: Person | None,
    contact_id: int | None = None,
) -> Partner:
    """Name an organisation as partner; it commits by its own word later.

    :raises Invalid: no such organisation, a contact who is nobody of it, or it has this role
        already.
    """
    require_open(exchange)
    if db.session.get(Organisation, organisation_id) is None:
        raise Invalid("organisation_id", "no_such_organisation")
    require_contact(contact_id, [organisation_id])
    if find_partner(exchange, organisation_id, role):
        raise Invalid("role", "already_partner")
    partner = Partner(organisation_id=organisation_id, role=role, contact_id=contact_id)
    exchange.partners.append(partner)
    db.session.flush()
    _tell("partner_added", exchange, actor)
    return partner


def find_partner(exchange: Exchange, organisation_id: int, role: PartnerRole) -> Partner | None:
    """The organisation in that role, if it is there."""
    of_role = exchange.with_role(role)
    return next((one for one in of_role if one.organisation_id == organisation_id), None)


def commit_partner(partner: Partner, *, actor: Person | None, on: date | None = None) -> None:
    """Write down that a partner said yes (``on`` a day, today when not given).

    :raises Invalid: the day lies in the future.
    """
    require_open(partner.exchange)
    if on is not None and on > today():
        raise Invalid("committed_on", "in_the_future")
    partner.committed_on = partner.committed_on or on or today()
    db.session.flush()
    _tell("partner_committed", partner.exchange, actor)


def name_contact(exchange: Exchange, person_id: int | None, *, actor: Person | None) -> None:
    """Name who answers for the proposer, or nobody.

    :raises Invalid: ``not_of_this``, the person is nobody of the proposer or its associations.
    """
    require_open(exchange)
    require_contact(person_id, [exchange.proposer_id], kept=exchange.contact_id)
    exchange.contact_id = person_id
    db.session.flush()
    _tell("contact_named", exchange, actor)


def name_partner_contact(partner: Partner, person_id: int | None, *, actor: Person | None) -> None:
    """Name who answers for a partner, or nobody.

    :raises Invalid: ``not_of_this``, the person is nobody of the partner or its associations.
    """
    require_open(partner.exchange)
    require_contact(person_id, [partner.organisation_id], kept=partner.contact_id)
    partner.contact_id = person_id
    db.session.flush()
    _tell("contact_named", partner.exchange, actor)


def remove_partner(partner: Partner, *, actor: Person | None) -> None:
    """Take a partner out.

    :raises NotAllowed: ``last_partner``, the exchange lives on this commitment.
    """
    exchange = partner.exchange
    require_open(exchange)
    # Two partners leaving at once must not leave the exchange without either.
    steps.lock(exchange)
    others = [one for one in exchange.with_role(partner.role) if one.id != partner.id]
    lives_on_it = (exchange.held_state or exchange.state) in TAKING
    if lives_on_it and partner.role in NEEDED_ROLES and not any(p.committed_on for p in others):
        raise NotAllowed("last_partner")
    exchange.partners.remove(partner)
    db.session.flush()
    # A row that is gone cannot say so: what was read of the exchange is read again.
    moment = update(Exchange).where(Exchange.id == exchange.id).values(updated_at=now())
    db.session.execute(moment)
    _tell("partner_removed", exchange, actor)


def write_concept_note(
    exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None
) -> None:
    """Write ``concept_note`` and the day it was agreed, ``concept_note_agreed_on``.

    :raises Invalid: it would be emptied although the preparation rests on it, or the day lies in
        the future.
    """
    require_open(exchange)
    steps.lock(exchange)
    text = data.get("concept_note", exchange.concept_note)
    agreed_on = data.get("concept_note_agreed_on", exchange.concept_note_agreed_on)
    if agreed_on is not None and agreed_on > today():
        raise Invalid("concept_note_agreed_on", "in_the_future")
    if _prepared_on_it(exchange) and not (text and agreed_on):
        raise Invalid("concept_note" if not text else "concept_note_agreed_on", "is_relied_on")
    exchange.concept_note, exchange.concept_note_agreed_on = text, agreed_on
    db.session.flush()
    _tell("concept_note_written", exchange, actor)


def _prepared_on_it(exchange: Exchange) -> bool:
    stands = exchange.held_state or exchange.state
    return stands in TAKING and stands not in BEFORE_CONCEPT_NOTE


def save_budget_line(
    exchange: Exchange, data: Mapping[str, Any], line: BudgetLine | None = None
) -> BudgetLine:
    """Add a line to the budget, or change ``line``.

    :raises Invalid: the payer is not among the organisations of the exchange.
    """
    require_open(exchange)
    payer_id = data.get("payer_id", line.payer_id if line else None)
    known = {exchange.proposer_id, *(partner.organisation_id for partner in exchange.partners)}
    if payer_id is not None and payer_id not in known:
        raise Invalid("payer_id", "not_a_partner")
    if line is None:
        line = BudgetLine()
        exchange.budget_lines.append(line)
    _write(line, data)
    return line


def save_phase(exchange: Exchange, data: Mapping[str, Any], phase: Phase | None = None) -> Phase:
    """Add a phase of a partnership over years, or change ``phase``.

    :raises Invalid: its last day lies before its first.
    """
    require_open(exchange)
    first = data.get("starts_on", phase.starts_on if phase else None)
    last = data.get("ends_on", phase.ends_on if phase else None)
    if first and last and last < first:
        raise Invalid("ends_on", "window")
    if phase is None:
        phase = Phase()
        exchange.phases.append(phase)
    _write(phase, data)
    return phase


def remove_part(part: BudgetLine | Phase) -> None:
    """Take a budget line or a phase away."""
    require_open(part.exchange)
    db.session.delete(part)
    db.session.flush()
    db.session.expire(part.exchange, ["budget_lines", "phases"])


def require_open(exchange: Exchange) -> None:
    """:raises NotAllowed: the exchange is closed; what is in it stays as it was."""
    if EXCHANGE.is_final(exchange.state):
        raise NotAllowed("exchange_closed")


def _write(row: BudgetLine | Phase, data: Mapping[str, Any]) -> None:
    with db.session.no_autoflush:
        for name, value in data.items():
            setattr(row, name, value)
    db.session.flush()


def _tell(what: str, exchange: Exchange, actor: Person | None) -> None:
    events.publish(f"exchange.{what}", id=exchange.id, by_id=actor.id if actor else None)
