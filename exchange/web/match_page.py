"""What the page of a match shows beside the match itself, and the mails that asking would send."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from exchange import edge, edge_why, labels, policy
from exchange.catalogue.models import Listing, Need, Offer
from exchange.clock import now, today
from exchange.directory.models import Organisation, Person
from exchange.edge_seen import shown
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.matching import settings
from exchange.matching.by_hand import ENDED
from exchange.matching.models import Answer, Match, MatchQuestion, Side
from exchange.matching.queries import ASKED
from exchange.matching.schemas import AnswerSchema, QuestionSchema, ReopenSchema
from exchange.matching.sides import sides_of
from exchange.messages.compose import Words, compose
from exchange.reminders.audience import Asked, Guest, speakers
from exchange.reminders.facts import facts_for
from exchange.reminders.kinds import KINDS
from exchange.runs.queries import missed_by
from exchange.steps import steps_of
from exchange.vocabularies.queries import labels_of
from exchange.web.forms import Form
from workflows.exchange import RULES, ExchangePhase, ExchangeState
from workflows.match import MatchState
from workflows.note import NoteState

NEXT_BEST = 5
# Both sides have accepted: they learn whom to write to.
MET = (MatchState.agreed, MatchState.concluded)
# From here on a host has really hosted.
HOSTED = tuple(
    state
    for state in ExchangeState
    if RULES[state].phase in (ExchangePhase.lessons, ExchangePhase.dissemination)
    or state in (ExchangeState.closed_with_change, ExchangeState.closed_without_change)
)


def page_of_match(match: Match, **forms: Form) -> dict[str, Any]:
    """All that the page needs beside the ``parts`` of the match, in as many statements for any."""
    mine = sides_of(match, edge.actor())
    for_staff = policy.allowed(edge.actor(), "match.create")
    contacts = _contacts(match) if for_staff or match.state in MET else None
    shown(*(person for _name, person in contacts or () if person is not None))
    waits = match.state in ASKED
    ready = {
        "answer_form": Form(AnswerSchema()),
        "question_form": Form(QuestionSchema()),
        "reopen_form": Form(ReopenSchema()),
    }
    return {
        "match": match,
        "contacts": contacts,
        "my_sides": mine,
        "for_staff": for_staff,
        "waits": waits,
        "pending": [side for side in mine if waits and _said(match, side) == Answer.pending],
        "left": (match.answer_by - today()).days if waits and match.answer_by else None,
        "told": edge_why.of_match(match),
        "past": past_of(match.offer.organisation),
        "unknown": [(row.organisation.name, unknown_of(row)) for row in (match.need, match.offer)],
        "missed": missed_by(match.need_id, match.offer_id) if Side.need in mine else None,
        "others": other_offers(match) if Side.need in mine or for_staff else [],
        "ended": match.state in ENDED,
        "ended_because": ended_because(match.decline_code) if for_staff else "",
        "steps": steps_of("match", match.id) if for_staff else [],
        **ready,
        **forms,
    }


def _contacts(match: Match) -> list[tuple[str, Person | None]]:
    """Whom to write to on each side."""
    sides = [(row.organisation, row.contact) for row in (match.need, match.offer)]
    return [(house.name, person or house.contact) for house, person in sides]


def parts() -> tuple[Any, ...]:
    """What is read with a match, as all of it is shown."""
    return (
        *_side(Match.need, Need),
        *_side(Match.offer, Offer),
        joinedload(Match.exchange),
        joinedload(Match.questions).joinedload(MatchQuestion.person).lazyload(Person.affiliations),
    )


def read_parts(match: Match) -> None:
    """Read them for a match that is known."""
    query = select(Match).where(Match.id == match.id).options(*parts())
    db.session.scalars(query).unique().one()


def _side(side: Any, model: Any) -> tuple[Any, ...]:
    return (
        joinedload(side)
        .joinedload(model.organisation)
        .joinedload(Organisation.contact)
        .lazyload(Person.affiliations),
        joinedload(side).joinedload(model.contact).lazyload(Person.affiliations),
        joinedload(side).selectinload(model.terms),
    )


def _said(match: Match, side: Side) -> Answer:
    return match.need_answer if side == Side.need else match.offer_answer


def past_of(host: Organisation) -> str:
    """What a host has hosted, in a sentence; one statement."""
    partner = Partner.exchange_id == Exchange.id
    query = (
        select(func.count(Exchange.id.distinct()), func.count(Note.id.distinct()))
        .select_from(Exchange)
        .join(Partner, partner)
        .outerjoin(Note, (Note.exchange_id == Exchange.id) & (Note.state == NoteState.published))
        .where(
            Partner.organisation_id == host.id,
            Partner.role == PartnerRole.host,
            Exchange.state.in_(HOSTED),
        )
    )
    hosted, lessons = db.session.execute(query).one()
    if not hosted:
        return _("%(name)s has not hosted an exchange here yet.", name=host.name)
    said = ngettext(
        "%(name)s has hosted %(num)s exchange.",
        "%(name)s has hosted %(num)s exchanges.",
        hosted,
        name=host.name,
    )
    told = ngettext(
        "Lessons are published of %(num)s.", "Lessons are published of %(num)s.", lessons
    )
    return f"{said} {told}" if lessons else said


def unknown_of(row: Listing) -> list[str]:
    """What a side has not said and the other may want to know."""
    silent = {
        _("dates"): not (row.available_from or row.available_until),
        _("number of people"): row.guests is None,
        _("budget"): not (row.budget_note or row.funding),
        _("number of inhabitants"): row.organisation.population is None,
        _("formats"): not row.tagged("format"),
    }
    return [words for words, missing in silent.items() if missing]


def other_offers(match: Match) -> list[Match]:
    """The next best offers for the same need, and at the end those that were dismissed."""
    query = policy.scoped(Match, edge.actor()).where(
        Match.need_id == match.need_id,
        Match.id != match.id,
        Match.state.in_((MatchState.suggested, *ENDED)),
    )
    query = query.options(joinedload(Match.offer).joinedload(Offer.organisation))
    found = list(db.session.scalars(query.order_by(*in_line()).limit(2 * NEXT_BEST)))
    best = [one for one in found if one.state == MatchState.suggested][:NEXT_BEST]
    live = {one.offer_id for one in best} | {match.offer_id}
    gone = [one for one in found if one.state in ENDED and one.offer_id not in live]
    return [*best, *gone[:NEXT_BEST]]


def in_line() -> tuple[Any, ...]:
    """Suggestions first, as they stand in line; what was dismissed at the bottom."""
    return (
        (Match.state == MatchState.suggested).desc(),
        Match.waiting.nulls_last(),
        Match.score.desc(),
        Match.id,
    )


def ended_because(code: str) -> str:
    """Why a match ended, in words: the answer of a side, or what an officer or the program did."""
    if not code or code in labels.ENDED:
        return str(labels.ENDED.get(code, ""))
    term = labels_of([("decline_reason", code)]).get(("decline_reason", code))
    return str(term.label(edge.current_language()) if term else "")


@dataclass(frozen=True)
class Preview:
    """One mail as it would be sent, and who would get it."""

    organisation: str
    readers: list[str]
    mail: Words


def previews(match: Match) -> list[Preview]:
    """The first mails that asking sends, one for each side, in the language of its first reader."""
    kind = KINDS["match_to_answer"]
    facts = facts_for(kind, match, at=now())
    facts["due_on"] = today() + timedelta(days=settings.current().hold_days)
    return [_preview(match, row.organisation, facts) for row in (match.need, match.offer)]


def _preview(match: Match, organisation: Organisation, facts: dict[str, Any]) -> Preview:
    asked = speakers([organisation])
    first = asked[0] if asked else _nobody(organisation)
    said = {**facts, "organisation": first.organisation}
    mail = compose(KINDS["match_to_answer"].mail, first.reader, said, f"/matches/{match.id}")
    return Preview(organisation.name, [one.reader.name for one in asked], mail)


def _nobody(organisation: Organisation) -> Asked:
    return Asked(Guest(organisation.name, "", edge.current_language(), "UTC"), organisation.name)
