"""The workspace of an association or a section: what its members need, offer and do, what was told
upwards to it, who of them gave and received, and how it does itself. As many statements for one
member as for a thousand."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from exchange.catalogue.models import Need, Offer
from exchange.challenges import queries as challenges
from exchange.challenges.models import Challenge
from exchange.dashboards.ledger import GIVES, RECEIVES, HostToCome, asked_to_show, came_to_its_visit
from exchange.directory.models import Membership, Organisation, OrganisationKind, Person
from exchange.exchanges import queries as exchanges
from exchange.exchanges.models import Exchange, Partner, exchange_needs
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.policy import scoped
from exchange.recommendations.models import Recommendation
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.queries import SENT
from exchange.visits.models import Visit
from exchange.vocabularies.models import Term
from workflows.challenge import ChallengeState
from workflows.follow_up import FollowUpState
from workflows.need import NeedState
from workflows.offer import OfferState

NEEDS_SHOWN, SHOWN = 30, 10
LOOKED_FOR = (NeedState.published, NeedState.matched)


@dataclass(frozen=True)
class ToldUpwards:
    """A reminder that nobody answered below: its kind, and what it is about."""

    kind: str
    noun: str
    id: int
    title: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Figures:
    """How the body does.

    Needs that were published, and those of them whose exchange came to its visit; visits;
    follow-ups that were asked, and answered; members that gave, and that received.
    """

    members: int = 0
    needs: int = 0
    needs_answered: int = 0
    visits: int = 0
    follow_ups_asked: int = 0
    follow_ups_answered: int = 0
    gave: int = 0
    received: int = 0


@dataclass
class Workspace:
    """All that the page of a body shows."""

    body: Organisation
    figures: Figures
    needs: list[Need] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    running: list[Exchange] = field(default_factory=list)
    told: list[ToldUpwards] = field(default_factory=list)
    challenges: list[Challenge] = field(default_factory=list)
    hosts: list[HostToCome] = field(default_factory=list)

    @property
    def section(self) -> str:
        """The code by which lists are narrowed to a section; of an association none."""
        codes = [term.code for term in self.body.tagged("section")]
        is_section = self.body.kind == OrganisationKind.section
        return codes[0] if is_section and codes else ""


def bodies_of(actor: Person) -> list[Organisation]:
    """The associations and sections whose workspaces are the actor's own, by name."""
    ours: Any = Organisation.id.in_(actor.organisation_ids())
    if actor.section_code:
        of_section = Organisation.terms.any(vocabulary="section", code=actor.section_code)
        ours |= of_section & (Organisation.kind == OrganisationKind.section)
    query = select(Organisation).where(ours, Organisation.kind.in_(exchanges.BUNDLERS))
    return list(db.session.scalars(query.order_by(Organisation.folded_name)))


def workspace(body: Organisation, actor: Person) -> Workspace:
    """The workspace of ``body``, of what ``actor`` may know of."""
    ids = members_of(body)
    return Workspace(
        body=body,
        figures=_figures(body, ids),
        needs=_needs(ids, actor),
        offers=_offers(ids, actor),
        running=_running(ids, actor),
        told=_told(body, ids),
        challenges=_challenges(ids, actor),
        hosts=asked_to_show(ids, actor),
    )


def members_of(body: Organisation) -> Select[Any]:
    """Ids of ``body`` itself and its members; of a section, all that belong to its region."""
    own = select(Organisation.id).where(Organisation.id == body.id)
    joined = select(Membership.member_id).where(Membership.body_id == body.id)
    parts = [own, joined]
    if body.kind == OrganisationKind.section:
        codes = [term.code for term in body.tagged("section")]
        there = Organisation.terms.any((Term.vocabulary == "section") & Term.code.in_(codes))
        parts.append(select(Organisation.id).where(there))
    return select(union_all(*parts).subquery().c[0])


def _needs(ids: Any, actor: Person) -> list[Need]:
    """Those that are open and that no running exchange answers yet."""
    rows: Any = Need  # ``exchanges`` is written on the model from above
    taken = rows.exchanges.any(Exchange.state.not_in(exchanges.FINAL))
    query = scoped(Need, actor).where(Need.organisation_id.in_(ids), Need.state.in_(LOOKED_FOR))
    query = query.where(~taken).options(joinedload(Need.organisation))
    return list(db.session.scalars(query.order_by(Need.expires_on, Need.id).limit(NEEDS_SHOWN)))


def _offers(ids: Any, actor: Person) -> list[Offer]:
    query = scoped(Offer, actor).where(
        Offer.organisation_id.in_(ids), Offer.state == OfferState.published
    )
    query = query.options(joinedload(Offer.organisation))
    return list(db.session.scalars(query.order_by(Offer.published_at.desc()).limit(SHOWN)))


def _running(ids: Any, actor: Person) -> list[Exchange]:
    query = scoped(Exchange, actor).where(_takes_part(ids), Exchange.state.not_in(exchanges.FINAL))
    return list(db.session.scalars(query.order_by(Exchange.due_order, Exchange.id).limit(SHOWN)))


def _takes_part(ids: Any) -> Any:
    there = select(Partner.exchange_id).where(Partner.organisation_id.in_(ids))
    return or_(Exchange.proposer_id.in_(ids), Exchange.id.in_(there))


def _told(body: Organisation, ids: Any) -> list[ToldUpwards]:
    """Reminders that went up to this level and were not answered, the latest first."""
    is_section = body.kind == OrganisationKind.section
    level = EscalationLevel.section if is_section else EscalationLevel.association
    sources = (
        ("exchange", Exchange, Exchange.title, _takes_part(ids)),
        (
            "recommendation",
            Recommendation,
            Recommendation.title,
            Recommendation.owner_id.in_(ids),
        ),
    )
    parts = [
        select(Reminder.kind, literal(noun), model.id, title, Reminder.sent_at.label("sent_at"))
        .join(model, model.id == Reminder.subject_id)
        .where(Reminder.subject_type == noun, Reminder.level == level, whose)
        .where(Reminder.state.in_(SENT), Reminder.answered_at.is_(None))
        for noun, model, title, whose in sources
    ]
    found = union_all(*parts).subquery()
    query = select(found).order_by(found.c.sent_at.desc()).limit(SHOWN)
    return [ToldUpwards(*row) for row in db.session.execute(query)]


def _challenges(ids: Any, actor: Person) -> list[Challenge]:
    query = challenges.listed(scoped(Challenge, actor), {"state": ChallengeState.open})
    query = query.where(Challenge.organisation_id.in_(ids))
    return list(
        db.session.scalars(query.order_by(Challenge.due_on.nulls_last(), Challenge.id).limit(SHOWN))
    )


def _figures(body: Organisation, ids: Any) -> Figures:
    """One statement."""
    came = select(Exchange.id).where(came_to_its_visit())
    answered = select(exchange_needs.c.need_id).where(exchange_needs.c.exchange_id.in_(came))
    published = select(func.count(Need.id)).where(
        Need.organisation_id.in_(ids), Need.published_at.is_not(None)
    )
    visits = (
        select(func.count(Visit.id))
        .join(Exchange, Exchange.id == Visit.exchange_id)
        .where(_takes_part(ids), Visit.attendance_recorded_on.is_not(None))
    )
    told = (FollowUpState.answered,)
    asked = (FollowUpState.asked, FollowUpState.unanswered, *told)
    members = select(func.count(Organisation.id)).where(
        Organisation.id.in_(ids), Organisation.id != body.id
    )
    parts = (
        members,
        published,
        published.where(Need.id.in_(answered)),
        visits,
        _follow_ups(ids, asked),
        _follow_ups(ids, told),
        _in_roles(ids, GIVES, came),
        _in_roles(ids, RECEIVES, came),
    )
    return Figures(*db.session.execute(select(*(one.scalar_subquery() for one in parts))).one())


def _follow_ups(ids: Any, states: tuple[FollowUpState, ...]) -> Select[Any]:
    return select(func.count(FollowUp.id)).where(
        FollowUp.organisation_id.in_(ids), FollowUp.state.in_(states)
    )


def _in_roles(ids: Any, roles: Any, came: Select[Any]) -> Select[Any]:
    return select(func.count(func.distinct(Partner.organisation_id))).where(
        Partner.organisation_id.in_(ids), Partner.role.in_(roles), Partner.exchange_id.in_(came)
    )
