"""What happens to exchanges. The caller commits."""

from collections.abc import Mapping, Sequence
from typing import Any

from exchange import events, steps
from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.directory.models import Organisation, Person
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.exchanges.drafting import WITH_PROPOSER, fill
from exchange.exchanges.due import due_on, reset_due
from exchange.exchanges.linked_needs import lock as lock_needs
from exchange.exchanges.linked_needs import settle
from exchange.exchanges.models import OVERRIDE, RECORD_PAST, Exchange, Partner, PartnerRole
from exchange.exchanges.parts import (
    add_partner,
    commit_partner,
    find_partner,
    name_contact,
    name_partner_contact,
    remove_part,
    remove_partner,
    require_open,
    save_budget_line,
    save_phase,
    write_concept_note,
)
from exchange.exchanges.queries import BUNDLERS
from exchange.exchanges.references import next_reference
from exchange.extensions import db
from exchange.predicates import administrator, staff
from exchange.steps import Step
from workflows.exchange import EXCHANGE, ExchangeState

__all__ = [
    "add_partner",
    "advance",
    "assign",
    "commit_partner",
    "create",
    "delete",
    "edit",
    "may_edit",
    "name_contact",
    "name_partner_contact",
    "next_reference",
    "override",
    "propose_bundle",
    "record_past",
    "remove_part",
    "remove_partner",
    "reset_due",
    "save_budget_line",
    "save_phase",
    "try_advance",
    "write_concept_note",
]

# The moves after which the needs of an exchange stand elsewhere.
SETTLING = ("agree_partners", "cancel", "decline", "close")


def create(data: Mapping[str, Any], *, actor: Person | None) -> Exchange:
    """Write the draft of an exchange and give it its reference.

    ``data`` holds the columns, the tags (``themes`` …), ``need_ids`` (their organisations become
    learners) and ``proposer_role`` (the proposer takes part in that role, committed).

    :raises Invalid: the actor does not speak for the proposer or a need, or a code is unknown.
    """
    exchange = _draft(data, actor, today().year)
    events.publish("exchange.created", id=exchange.id)
    return exchange


def _draft(data: Mapping[str, Any], actor: Person | None, year: int) -> Exchange:
    facts = dict(data)
    role = facts.pop("proposer_role", None)
    with db.session.no_autoflush:
        exchange = Exchange(reference=next_reference(year), state=ExchangeState.draft)
        db.session.add(exchange)
        fill(exchange, facts, actor)
        if role is not None and not find_partner(exchange, exchange.proposer_id, role):
            exchange.partners.append(
                Partner(organisation_id=exchange.proposer_id, role=role, committed_on=today())
            )
    exchange.due_on = due_on(exchange)
    db.session.flush()
    return exchange


def edit(exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None) -> None:
    """Change the proposal: its proposer until it is submitted, or when asked for more; staff until
    it is closed.

    :raises NotAllowed: it is no longer the proposer's turn, or the exchange is closed.
    """
    require_open(exchange)
    if not may_edit(exchange, actor):
        raise NotAllowed("proposal_settled")
    with db.session.no_autoflush:
        fill(exchange, data, actor)
    db.session.flush()


def may_edit(exchange: Exchange, actor: Person | None) -> bool:
    """Whether the proposal is still its proposer's to change, or always staff's until it closes."""
    if EXCHANGE.is_final(exchange.state):
        return False
    return exchange.state in WITH_PROPOSER or actor is None or staff(actor, None)


def delete(exchange: Exchange) -> None:
    """Throw a draft away that was never shown to anybody.

    :raises NotAllowed: it has been submitted once; it can be cancelled.
    """
    if exchange.state != ExchangeState.draft or steps.steps_of("exchange", exchange.id):
        raise NotAllowed("not_a_fresh_draft")
    db.session.delete(exchange)
    db.session.flush()


def advance(
    exchange: Exchange,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move an exchange one step: its due day, its officer and its needs follow.

    :raises Conflict: it is no longer in ``expected_state``.
    :raises TransitionRefused: the table does not allow it now.
    """
    if trigger in SETTLING:
        lock_needs(exchange)
    step = steps.advance(
        EXCHANGE, exchange, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if trigger == "find_eligible" and exchange.owner_id is None and _may_own(actor):
        exchange.owner = actor
    _arrive(exchange, actor=actor, settling=trigger in SETTLING)
    return step


def try_advance(exchange: Exchange, *triggers: str, actor: Person | None) -> Step | None:
    """Make the first of ``triggers`` whose facts hold; None when none of them does."""
    if not set(SETTLING).isdisjoint(triggers):
        lock_needs(exchange)
    steps.lock(exchange)
    possible = EXCHANGE.available(exchange)
    for trigger in triggers:
        if trigger in possible:
            return advance(exchange, trigger, actor=actor)
    return None


def override(
    exchange: Exchange,
    to_state: ExchangeState,
    reason: str,
    *,
    actor: Person | None,
    expected_state: str | None = None,
) -> Step:
    """Put an exchange into a state round the table. The step is marked as an override for ever.

    :raises NotAllowed: the actor is no administrator.
    :raises Invalid: no reason is given, or it stands there already.
    """
    if not administrator(actor, exchange):
        raise NotAllowed("not_allowed", permission="exchange.override")
    if not reason.strip():
        raise Invalid("note", "reason_required")
    lock_needs(exchange)
    steps.lock(exchange)
    if expected_state and exchange.state != expected_state:
        raise Conflict("moved_on", state=str(exchange.state), expected=str(expected_state))
    if exchange.state == to_state:
        raise Invalid("to_state", "stands_there_already")
    return _go_round(exchange, to_state, reason, actor)


def record_past(
    data: Mapping[str, Any], to_state: ExchangeState, note: str, *, actor: Person | None
) -> Exchange:
    """Write down an exchange of the past where it stands now, with one step that says from where
    we know it (``note``). Its reference counts in the year it began."""
    first = data.get("starts_on")
    exchange = _draft(data, actor, first.year if first else today().year)
    if to_state != ExchangeState.draft:
        _go_round(exchange, to_state, note, actor, trigger=RECORD_PAST)
    return exchange


def _go_round(
    exchange: Exchange,
    to_state: ExchangeState,
    reason: str,
    actor: Person | None,
    *,
    trigger: str = OVERRIDE,
) -> Step:
    before, exchange.state = exchange.state, to_state
    moved = (before, to_state)
    step = steps.record(EXCHANGE, exchange, trigger, moved, actor=actor, note=reason, overrode=True)
    _arrive(exchange, actor=actor, settling=True)
    return step


def _arrive(exchange: Exchange, *, actor: Person | None, settling: bool) -> None:
    exchange.due_on = due_on(exchange)
    if settling:
        settle(exchange, actor=actor)
    db.session.flush()


def assign(exchange: Exchange, officer_id: int | None, *, actor: Person | None) -> None:
    """Name the officer who follows the exchange, or nobody.

    :raises Invalid: the person is no officer.
    """
    officer = db.session.get(Person, officer_id) if officer_id is not None else None
    if officer_id is not None and not _may_own(officer):
        raise Invalid("owner_id", "no_officer")
    exchange.owner = officer
    db.session.flush()
    events.publish(
        "exchange.assigned", id=exchange.id, owner_id=officer_id, by_id=actor.id if actor else None
    )


def _may_own(person: Person | None) -> bool:
    return person is not None and person.disabled_at is None and person.staff_role is not None


def propose_bundle(
    needs: Sequence[Need], data: Mapping[str, Any], *, actor: Person | None
) -> Exchange:
    """Bundle the needs of several members into one proposal of their association.

    The association takes part, committed; each city is named as learner and commits for itself.

    :raises Invalid: fewer than two needs, one that is not open or of no member, or a proposer that
        is no association.
    """
    if len({need.id for need in needs}) < 2:
        raise Invalid("need_ids", "bundle_of_one")
    proposer = db.session.get(Organisation, data.get("proposer_id", 0))
    if proposer is None or proposer.kind not in BUNDLERS:
        raise Invalid("proposer_id", "no_association")
    facts = {
        **data,
        "need_ids": [need.id for need in needs],
        "proposer_role": PartnerRole.association,
    }
    return create(facts, actor=actor)
