"""Which rows ask for a reminder of a kind: one statement a kind, whatever their number."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from exchange.catalogue.models import Need, Offer
from exchange.challenges.models import Challenge
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange, exchange_needs
from exchange.extensions import UTCDateTime, db
from exchange.forums.items import ForumItem
from exchange.labs.models import Lab, LabCycle
from exchange.lessons.models import FollowUp, Note, RoadMapAction
from exchange.lessons.photos import PhotoPerson
from exchange.lessons.translations import NoteTranslation
from exchange.matching.models import Match
from exchange.mechanisms.models import Mechanism, MechanismListing, MechanismPair
from exchange.messages.times import local_day
from exchange.methods.models import Method, Pilot
from exchange.modules.models import ModuleTopic
from exchange.partnerships.models import (
    Activity,
    Agreement,
    Pair,
    Partnership,
    ReviewWorkshop,
)
from exchange.practices.models import Practice
from exchange.practices.reuse import Adoption
from exchange.programmes.models import Programme
from exchange.recommendations.models import Recommendation
from exchange.reminders.conditions import CONDITIONS
from exchange.reminders.kinds import Anchor, Kind
from exchange.strategies.models import Consultation
from exchange.visits.models import Participant, Visit
from exchange.vocabularies.models import Place

MODELS: dict[str, Any] = {
    "exchange": Exchange,
    "match": Match,
    "participant": Participant,
    "photo_person": PhotoPerson,
    "note": Note,
    "note_translation": NoteTranslation,
    "road_map_action": RoadMapAction,
    "follow_up": FollowUp,
    "forum_item": ForumItem,
    "recommendation": Recommendation,
    "consultation": Consultation,
    "challenge": Challenge,
    "module_topic": ModuleTopic,
    "method": Method,
    "method_pilot": Pilot,
    "lab": Lab,
    "lab_cycle": LabCycle,
    "mechanism_listing": MechanismListing,
    "mechanism_pair": MechanismPair,
    "partnership": Partnership,
    "pair_activity": Activity,
    "pair_agreement": Agreement,
    "partnership_review": ReviewWorkshop,
    "need": Need,
    "offer": Offer,
    "practice": Practice,
    "adoption": Adoption,
}
_VISIT_ANCHORS = {Anchor.visit_start: Visit.starts_on, Anchor.visit_end: Visit.ends_on}


@dataclass(frozen=True)
class Asking:
    """A row that asks for a reminder: its id, its state, and the local day to count from."""

    id: int
    state: str
    day: date
    zone: str


def asking(
    kind: Kind, *, ids: Iterable[int] | None = None, days: tuple[date, date] | None = None
) -> list[Asking]:
    """The rows that ask for ``kind`` now; only ``ids``, only with an anchor within ``days``."""
    model, anchor = MODELS[kind.about], anchor_column(kind)
    state = MODELS[kind.workflow].state
    query = _from(kind).where(state.in_(kind.states), anchor.is_not(None))
    if kind.when:
        query = query.where(*CONDITIONS[kind.when]())
    if ids is not None:
        query = query.where(model.id.in_(list(ids)))
    if days is not None:
        query = query.where(anchor.between(*_bounds(anchor, days)))
    return [
        Asking(row.id, str(row.state), _day(row.anchor, row.zone), row.zone or "UTC")
        for row in db.session.execute(query)
    ]


def exchange_id_of(subject: Any) -> int | None:
    """The exchange that a row belongs to: its mails stand together."""
    if isinstance(subject, Exchange):
        return subject.id
    visit = getattr(subject, "visit", None)
    found: int | None = getattr(visit or subject, "exchange_id", None)
    return found


def is_on_trial(subject: Any) -> bool:
    """Whether a programme in trial mode is behind a row: by the need, or the exchange's needs."""
    query = select(Need.id).join(Programme, Need.programme_id == Programme.id)
    exchange_id = exchange_id_of(subject)
    if isinstance(subject, Need):
        query = query.where(Need.id == subject.id)
    elif isinstance(subject, Match):
        query = query.where(Need.id == subject.need_id)
    elif exchange_id is not None:
        query = query.where(
            Need.id.in_(
                select(exchange_needs.c.need_id).where(exchange_needs.c.exchange_id == exchange_id)
            )
        )
    else:
        return False
    return db.session.scalars(query.where(Programme.trial).limit(1)).first() is not None


def anchor_column(kind: Kind) -> Any:
    """The column that the days of ``kind`` are counted from."""
    if kind.anchor in _VISIT_ANCHORS:
        return _VISIT_ANCHORS[kind.anchor]
    if kind.about == "participant":
        return Participant.created_at
    return getattr(MODELS[kind.about], kind.anchor.value)


def _day(anchor: date | datetime, zone: str | None) -> date:
    return local_day(anchor, zone or "UTC") if isinstance(anchor, datetime) else anchor


def _bounds(anchor: Any, days: tuple[date, date]) -> tuple[Any, Any]:
    """Instants are local days somewhere: a day more on both sides."""
    if not isinstance(anchor.type, UTCDateTime):
        return days
    first, last = days[0] - timedelta(days=1), days[1] + timedelta(days=1)
    return datetime.combine(first, time.min, UTC), datetime.combine(last, time.max, UTC)


def _from(kind: Kind) -> Select[Any]:
    """id, state, anchor and time zone of the rows of a workflow."""
    zone, joined = _SOURCES[kind.about](kind)
    model, state = MODELS[kind.about], MODELS[kind.workflow].state
    columns = (model.id, state, anchor_column(kind).label("anchor"), zone.label("zone"))
    return joined(select(*columns).select_from(model))


Source = tuple[InstrumentedAttribute[str], Callable[[Select[Any]], Select[Any]]]


def _in_place_of(organisation_id: Any) -> Callable[[Select[Any]], Select[Any]]:
    """Join the place of an organisation: its time zone is the reader's."""

    def joined(query: Select[Any]) -> Select[Any]:
        return query.outerjoin(Organisation, Organisation.id == organisation_id).outerjoin(
            Place, Place.id == Organisation.place_id
        )

    return joined


def _exchange(kind: Kind) -> Source:
    other = aliased(Visit)
    last = select(func.max(other.number)).where(other.exchange_id == Exchange.id).scalar_subquery()

    def joined(query: Select[Any]) -> Select[Any]:
        with_visit = query.outerjoin(
            Visit, (Visit.exchange_id == Exchange.id) & (Visit.number == last)
        )
        return _in_place_of(Exchange.proposer_id)(with_visit)

    zone = Visit.time_zone if kind.anchor in _VISIT_ANCHORS else Place.time_zone
    return zone, joined


def _participant(_kind: Kind) -> Source:
    return (
        Visit.time_zone,
        lambda query: (
            query.join(Visit, Visit.id == Participant.visit_id)
            .join(Exchange, Exchange.id == Visit.exchange_id)
            .where(Participant.erased_on.is_(None))
        ),
    )


def _in_photo(kind: Kind) -> Source:
    zone, joined = _participant(kind)
    return zone, lambda query: joined(query.join(PhotoPerson.participant).join(PhotoPerson.photo))


def _note(kind: Kind) -> Source:
    who = Note.reviewer_id if kind.audience == "reviewer" else Note.author_id
    return Person.time_zone, lambda query: query.outerjoin(Person, Person.id == who)


def _translation(kind: Kind) -> Source:
    second = kind.audience == "second_reader"
    who = NoteTranslation.reviewer_id if second else NoteTranslation.translator_id
    return Person.time_zone, lambda query: query.outerjoin(Person, Person.id == who)


def _match(_kind: Kind) -> Source:
    return Place.time_zone, lambda query: _in_place_of(Need.organisation_id)(
        query.join(Need, Need.id == Match.need_id)
    )


def _follow_up(_kind: Kind) -> Source:
    return Place.time_zone, lambda query: _in_place_of(FollowUp.organisation_id)(
        query.join(Exchange, Exchange.id == FollowUp.exchange_id)
    )


def _owned_by(organisation_id: Any) -> Callable[[Kind], Source]:
    return lambda _kind: (Place.time_zone, _in_place_of(organisation_id))


def _of_mechanism(_kind: Kind) -> Source:
    at_home = _in_place_of(Mechanism.organisation_id)
    return Place.time_zone, lambda query: at_home(query.join(MechanismListing.mechanism))


def _of_lab(_kind: Kind) -> Source:
    at_home = _in_place_of(Lab.organisation_id)
    return Place.time_zone, lambda query: at_home(query.join(LabCycle.lab))


def _of_pair(organisation_id: Any, part: Any) -> Callable[[Kind], Source]:
    """A part of a pair, whose partnership says whether it still asks."""
    at_home = _in_place_of(organisation_id)

    def joined(query: Select[Any]) -> Select[Any]:
        whole = query.join(Pair, Pair.id == part.pair_id)
        return at_home(whole.join(Partnership, Partnership.id == Pair.partnership_id))

    return lambda _kind: (Place.time_zone, joined)


def _review(_kind: Kind) -> Source:
    at_home = _in_place_of(Partnership.lead_id)
    return Place.time_zone, lambda query: at_home(
        query.join(Partnership, Partnership.id == ReviewWorkshop.partnership_id)
    )


def _nobodys(_kind: Kind) -> Source:
    """It belongs to no place: its days are those of Greenwich."""
    return literal("UTC"), lambda query: query  # type: ignore[return-value]


_SOURCES: dict[str, Callable[[Kind], Source]] = {
    "exchange": _exchange,
    "participant": _participant,
    "photo_person": _in_photo,
    "note": _note,
    "note_translation": _translation,
    "match": _match,
    "follow_up": _follow_up,
    "road_map_action": _owned_by(RoadMapAction.owner_id),
    "consultation": _nobodys,
    "challenge": _owned_by(Challenge.organisation_id),
    "module_topic": _nobodys,
    "method": _nobodys,
    "method_pilot": _owned_by(Pilot.organisation_id),
    "lab": _owned_by(Lab.organisation_id),
    "lab_cycle": _of_lab,
    "mechanism_listing": _of_mechanism,
    "mechanism_pair": _nobodys,
    "recommendation": _owned_by(Recommendation.owner_id),
    "forum_item": _owned_by(ForumItem.organisation_id),
    "pair_activity": _of_pair(Activity.organisation_id, Activity),
    "pair_agreement": _of_pair(Partnership.lead_id, Agreement),
    "partnership_review": _review,
    "need": _owned_by(Need.organisation_id),
    "offer": _owned_by(Offer.organisation_id),
    "practice": _owned_by(Practice.organisation_id),
    "adoption": _owned_by(Adoption.organisation_id),
}
