"""A proposal that is written step by step: begun with a title, saved piece by piece, then sent."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum, auto
from typing import Any

from exchange.catalogue.models import Need
from exchange.clock import now, today
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid
from exchange.exchanges import actions
from exchange.exchanges.drafting import WITH_PROPOSER
from exchange.exchanges.linked_needs import OPEN_NEED
from exchange.exchanges.models import Exchange, ExchangeKind, HostSearch, Partner, PartnerRole
from exchange.exchanges.queries import BUNDLERS
from exchange.extensions import db
from exchange.steps import Step, steps_of
from workflows.exchange import ExchangeState


class ProposalStep(StrEnum):
    """What a proposal asks, one subject after the other."""

    who = auto()
    learn = auto()
    meet = auto()
    when = auto()


STEPS: dict[ProposalStep, tuple[str, ...]] = {
    ProposalStep.who: ("proposer_id", "contact_id", "proposer_role", "language"),
    ProposalStep.learn: ("title", "purpose", "learning_question", "themes", "sdg_targets"),
    ProposalStep.meet: ("need_ids", "learner_id", "host_search", "host_id", "kind"),
    # The two days of the window are one question.
    ProposalStep.when: (
        *("starts_on", "ends_on", "mode", "guests", "languages", "access_needs", "budget_note"),
    ),
}
# Without these nobody can judge a proposal.
NEEDED: dict[ProposalStep, tuple[str, ...]] = {
    ProposalStep.who: ("proposer_id", "contact_id"),
    ProposalStep.learn: ("title", "purpose", "themes"),
    ProposalStep.meet: ("need_ids", "host_search"),
    ProposalStep.when: ("mode", "languages"),
}
# What an exchange is until somebody says otherwise: the format that most have.
USUAL_KIND = ExchangeKind.study_visit


def start(
    proposer_id: int, title: str, needs: Sequence[Need], *, language: str, actor: Person | None
) -> Exchange:
    """Begin a draft: for the proposer, with the needs that it brings together.

    What the needs say already is not asked again.

    :raises Invalid: the actor does not speak for the proposer or a need, or a need is not open.
    """
    proposer = db.session.get(Organisation, proposer_id)
    bundles = proposer is not None and proposer.kind in BUNDLERS
    data: dict[str, Any] = {
        "proposer_id": proposer_id,
        "proposer_role": PartnerRole.association if bundles else PartnerRole.learner,
        "title": title,
        "kind": USUAL_KIND,
        "language": needs[0].language if needs else language,
        "need_ids": [need.id for need in needs],
        "purpose": "\n\n".join(f"{need.organisation.name}: {need.text}" for need in needs),
        **{name: _of_all(needs, vocabulary) for name, vocabulary in _TAGS.items()},
    }
    return actions.create(data, actor=actor)


_TAGS = {"themes": "theme", "sdg_targets": "sdg_target", "languages": "language"}


def _of_all(needs: Sequence[Need], vocabulary: str) -> list[str]:
    found = [t.code for need in needs for t in need.terms if t.vocabulary == vocabulary]
    return list(dict.fromkeys(found))


def write(exchange: Exchange, data: Mapping[str, Any], *, actor: Person | None) -> None:
    """Save some answers of a proposal: the columns and tags of an exchange, and ``contact_id``,
    ``proposer_role``, ``learner_id`` and ``host_id``.

    Nothing need be complete. The version changes with each save, also when only tags did.

    :raises Invalid: a value cannot be taken.
    :raises NotAllowed: the proposal is no longer its proposer's to change.
    """
    facts = dict(data)
    parts = {name: facts.pop(name) for name in _PARTS if name in facts}
    mine, needs = _of_proposer(exchange), list(exchange.needs)
    actions.edit(exchange, facts, actor=actor)
    if mine is not None:  # whoever proposes now, plays the same part
        mine.organisation_id = exchange.proposer_id
    _take_leave(exchange, [need for need in needs if need not in exchange.needs])
    for name, value in parts.items():
        _PARTS[name](exchange, value, actor)
    exchange.updated_at = now()
    db.session.flush()
    db.session.expire(exchange, ["partners"])


def _take_leave(exchange: Exchange, gone: Sequence[Need]) -> None:
    """The cities whose needs were taken out learn no longer, unless they have said yes."""
    staying = {need.organisation_id for need in exchange.needs} | {exchange.proposer_id}
    for need in gone:
        if need.organisation_id not in staying:
            _drop(exchange, PartnerRole.learner, need.organisation_id)


def _drop(exchange: Exchange, role: PartnerRole, organisation_id: int) -> None:
    for partner in exchange.with_role(role):
        if partner.organisation_id == organisation_id and not partner.committed_on:
            exchange.partners.remove(partner)


def _of_proposer(exchange: Exchange) -> Partner | None:
    mine = [p for p in exchange.partners if p.organisation_id == exchange.proposer_id]
    return mine[0] if mine else None


def proposer_role(exchange: Exchange) -> PartnerRole | None:
    """What the proposer does in the exchange itself."""
    mine = _of_proposer(exchange)
    return mine.role if mine else None


def named_learner_id(exchange: Exchange) -> int | None:
    """The learner that was named although no need of theirs is in the proposal."""
    by_need = {need.organisation_id for need in exchange.needs} | {exchange.proposer_id}
    ids = [p.organisation_id for p in exchange.with_role(PartnerRole.learner)]
    return next((one for one in ids if one not in by_need), None)


def named_host_id(exchange: Exchange) -> int | None:
    """The host that the proposer would like."""
    ids = [p.organisation_id for p in exchange.with_role(PartnerRole.host)]
    return next((one for one in ids if one != exchange.proposer_id), None)


def _write_contact(exchange: Exchange, person_id: int | None, actor: Person | None) -> None:
    if person_id != exchange.contact_id:
        actions.name_contact(exchange, person_id, actor=actor)


def _write_role(exchange: Exchange, role: PartnerRole | None, _actor: Person | None) -> None:
    mine = _of_proposer(exchange)
    if mine is not None and role is None:
        exchange.partners.remove(mine)
    elif mine is not None and role is not None:
        mine.role = role
    elif role is not None:
        partner = Partner(organisation_id=exchange.proposer_id, role=role, committed_on=today())
        exchange.partners.append(partner)


def _write_named(
    exchange: Exchange, role: PartnerRole, before: int | None, after: int | None
) -> None:
    if before == after:
        return
    if after is not None and db.session.get(Organisation, after) is None:
        field = "host_id" if role == PartnerRole.host else "learner_id"
        raise Invalid(field, "no_such_organisation")
    if before is not None:
        _drop(exchange, role, before)
    there = {partner.organisation_id for partner in exchange.with_role(role)}
    if after is not None and after not in there:
        exchange.partners.append(Partner(organisation_id=after, role=role))


def _write_learner(exchange: Exchange, wanted: int | None, _actor: Person | None) -> None:
    _write_named(exchange, PartnerRole.learner, named_learner_id(exchange), wanted)


def _write_host(exchange: Exchange, wanted: int | None, _actor: Person | None) -> None:
    _write_named(exchange, PartnerRole.host, named_host_id(exchange), wanted)


_PARTS: dict[str, Callable[[Exchange, Any, Person | None], None]] = {
    "contact_id": _write_contact,
    "proposer_role": _write_role,
    "learner_id": _write_learner,
    "host_id": _write_host,
}


def missing(exchange: Exchange) -> list[tuple[ProposalStep, str]]:
    """What must still be answered before the proposal can be sent: the step and the field."""
    asked = [(step, name) for step, names in NEEDED.items() for name in names]
    return [(step, name) for step, name in asked if _lacks(exchange, name)]


def _lacks(exchange: Exchange, name: str) -> bool:
    if name == "need_ids":
        return not exchange.needs and not exchange.with_role(PartnerRole.learner)
    if name in _TAGS:
        return not exchange.tagged(_TAGS[name])
    return not getattr(exchange, name)


def problems(exchange: Exchange) -> list[tuple[ProposalStep, str]]:
    """What has become wrong with the answers: the step, and the code of what to say."""
    found = []
    if any(need.state not in OPEN_NEED for need in exchange.needs):
        found.append((ProposalStep.meet, "need_gone"))
    if exchange.host_search == HostSearch.wanted and named_host_id(exchange):
        found.append((ProposalStep.meet, "both_host_and_search"))
    if exchange.starts_on and exchange.starts_on < today():
        found.append((ProposalStep.when, "window_past"))
    return found


def is_open(exchange: Exchange) -> bool:
    """Whether the proposal lies with its proposer."""
    return exchange.state in WITH_PROPOSER


def asked_for(exchange: Exchange) -> Step | None:
    """What the secretariat has asked for, when it did: the step, with its note."""
    if exchange.state != ExchangeState.more_information:
        return None
    steps = steps_of("exchange", exchange.id)
    return next((one for one in steps if one.trigger == "ask_information"), None)


def sending(exchange: Exchange) -> str:
    """The move that sends it: for the first time, or again after more was asked."""
    again = exchange.state == ExchangeState.more_information
    return "resubmit" if again else "submit"


def send(exchange: Exchange, *, consent: bool, actor: Person | None) -> Step:
    """Send the proposal to the secretariat.

    :raises Invalid: something is missing, or nobody agreed that others read it.
    """
    if missing(exchange) or any(code == "need_gone" for _step, code in problems(exchange)):
        raise Invalid("consent", "proposal_incomplete")
    if not consent:
        raise Invalid("consent", "consent_needed")
    exchange.consented_on = today()
    return actions.advance(exchange, sending(exchange), actor=actor)
