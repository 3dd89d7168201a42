"""Remove the demonstration: everything that it made, and nothing that anybody else made."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, Table, and_, delete, or_, select

from exchange.catalogue.models import Need, Offer
from exchange.challenges.models import Challenge
from exchange.config import load
from exchange.congresses.models import Congress
from exchange.demo import passwords
from exchange.directory.expertise import Expertise
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Base, db
from exchange.forums.models import Forum
from exchange.labs.models import Lab
from exchange.matching import moves
from exchange.matching.models import Answer, Match, Shown, Wish
from exchange.mechanisms.models import Mechanism, MechanismListing, OutsideEvent
from exchange.messages.models import Message
from exchange.methods.models import Method, Pilot
from exchange.models import WORKFLOW_MODELS
from exchange.modules.models import Module, ModuleTopic
from exchange.partnerships.models import Partnership
from exchange.practices.models import Observatory, Practice
from exchange.practices.reuse import Adoption
from exchange.programmes.models import Programme
from exchange.recommendations.models import Recommendation
from exchange.reminders.models import Reminder
from exchange.reminders.subjects import MODELS as SUBJECTS
from exchange.runs.models import Run, RunPair
from exchange.steps import Step
from exchange.strategies.models import Strategy
from exchange.vocabularies.models import Place
from workflows.match import MATCH

# In the order in which they can go: what refers to others first.
ROOTS: tuple[Any, ...] = (
    Run,
    Congress,
    Challenge,
    Lab,
    Pilot,
    Method,
    OutsideEvent,
    MechanismListing,
    Mechanism,
    Adoption,
    Practice,
    Observatory,
    Partnership,
    Exchange,
    Need,
    Offer,
    Programme,
    Forum,
    Strategy,
    ModuleTopic,
    Module,
    Recommendation,
    Expertise,
    Person,
    Organisation,
)
# What the matcher wrote of pairs: it goes as soon as one of the two sides does.
OF_PAIRS: tuple[Any, ...] = (RunPair, Shown, Wish)
# How a row is called, in the first of these columns that its table has.
NAMES = ("name", "title", "code", "programme_code", "source_url", "text")
# A row that others own: it goes with its owner, and its other references bind nobody.
OWNERS = {
    "affiliation": "person_id",
    "attendance": "forum_id",
    "congress_contribution": "congress_id",
    "consultation_answer": "consultation_id",
    "exchange_axis": "axis_id",
    "exchange_need": "exchange_id",
    "exchange_term": "exchange_id",
    "expertise_term": "expertise_id",
    "follow_up": "exchange_id",
    "forum_guest": "forum_id",
    "forum_session": "forum_id",
    "forum_session_speaker": "session_id",
    "lab_cycle": "lab_id",
    "lab_mechanism": "lab_id",
    "lab_partner": "lab_id",
    "lab_term": "lab_id",
    "match": "need_id",
    "matching_run_pair": "need_id",
    "matching_shown": "need_id",
    "matching_wish": "need_id",
    "module_partner": "module_id",
    "module_term": "module_id",
    "module_topic_term": "module_topic_id",
    "mechanism_exchange": "mechanism_id",
    "mechanism_need": "mechanism_id",
    "mechanism_pair": "need_id",
    "mechanism_practice": "mechanism_id",
    "membership": "member_id",
    "need_term": "need_id",
    "offer_term": "offer_id",
    "note_translation": "note_id",
    "organisation_term": "organisation_id",
    "partner": "exchange_id",
    "pair_activity": "pair_id",
    "pair_benefit": "pair_id",
    "pair_city": "pair_id",
    "pair_exchange": "pair_id",
    "participant": "visit_id",
    "partnership_funder": "partnership_id",
    "partnership_review_sheet": "review_id",
    "practice_term": "practice_id",
    "recommendation_support": "recommendation_id",
}


def clear() -> list[str]:
    """Remove the rows of the demonstration; return those that stay, in words.

    What rows of others refer to stays, and so does what it refers to itself: whoever worked with
    the demonstration keeps their work.
    """
    _end_open_matches()
    for model in OF_PAIRS:
        _delete(model, _of(model.need_id, Need) != _of(model.offer_id, Offer))
    rest = Rest()
    stays = sorted(rest.find())
    _remove_traces(rest)
    places = list(db.session.scalars(select(Organisation.place_id).where(Organisation.demo)))
    for model in ROOTS:
        _delete(model, rest.goes(model.__table__))
    _remove_small_places([place for place in places if place])
    db.session.expire_all()
    if db.session.scalars(select(Person.id).where(Person.demo).limit(1)).first() is None:
        passwords.forget()
    return stays


def _end_open_matches() -> None:
    """The matcher proposed real needs and offers to those of the demonstration: as long as no real
    side has agreed, that proposal goes, and the place it held is free again."""
    for match in db.session.scalars(select(Match).where(_across(), ~_agreed())):
        if "withdraw" in MATCH.available(match):
            moves.end(match, "withdraw", actor=None)
        db.session.delete(match)
    db.session.flush()


def _of(number: Any, model: type[Need] | type[Offer]) -> Any:
    """Whether the need or offer with this number is of the demonstration."""
    return select(model.demo).where(model.id == number).scalar_subquery()


def _across() -> ColumnElement[bool]:
    """One side is real, the other of the demonstration."""
    return Match.need.has(Need.demo) != Match.offer.has(Offer.demo)


def _agreed() -> ColumnElement[bool]:
    real_need = and_(Match.need.has(~Need.demo), Match.need_answer == Answer.accepted)
    real_offer = and_(Match.offer.has(~Offer.demo), Match.offer_answer == Answer.accepted)
    return or_(real_need, real_offer)


class Rest:
    """What stays of the demonstration: ids by the name of their table."""

    def __init__(self) -> None:
        self.ids: dict[str, set[int]] = defaultdict(set)

    def find(self) -> list[str]:
        """Look until nothing more is held; return what stays, in words, with one reason each."""
        words: list[str] = []
        while found := [one for key in _references() for one in self._held(key)]:
            words += dict.fromkeys(found)
        return words

    def goes(self, table: Table) -> ColumnElement[bool]:
        """Whether a row of ``table`` is, or belongs to a row that is, to be removed."""
        if "demo" in table.c:
            return and_(table.c.demo, table.c.id.not_in(self.ids[table.name]))
        owner = table.c[_owner_column(table)]
        above = next(iter(owner.foreign_keys)).column.table
        return owner.in_(self.going(above))

    def going(self, table: Table) -> Select[tuple[int]]:
        """The ids of the rows of ``table`` that are to be removed."""
        return select(table.c.id).where(self.goes(table))

    def _held(self, key: ForeignKey) -> Iterator[str]:
        table, target = key.parent.table, key.column.table
        # A table may refer to itself: the target goes by another name.
        aimed = target.alias("aimed")
        words = next(aimed.c[name] for name in NAMES if name in aimed.c)
        query = (
            select(aimed.c.id, words)
            .join_from(table, aimed, key.parent == aimed.c.id)
            .where(aimed.c.id.in_(self.going(target)), ~self.goes(table))
            .order_by(aimed.c.id)
        )
        for row_id, title in db.session.execute(query).all():
            if row_id not in self.ids[target.name]:
                self.ids[target.name].add(row_id)
                yield f"{target.name} {row_id} “{title}” ({table.name})"


def _references() -> Iterator[ForeignKey]:
    """The foreign keys that hold what they refer to: not those that are emptied."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if "demo" in key.column.table.c and key.ondelete != "SET NULL":
                yield key


def _owner_column(table: Table) -> str:
    """The column that names whom a row goes with."""
    cascading = sorted(k.parent.name for k in table.foreign_keys if k.ondelete == "CASCADE")
    return OWNERS.get(table.name) or next(iter(cascading), "person_id")


def _remove_traces(rest: Rest) -> None:
    """Steps, reminders and messages name their subject without a foreign key."""
    for name, model in {**WORKFLOW_MODELS, **SUBJECTS}.items():
        if model in (Message, Reminder):
            continue
        subject = rest.going(model.__table__)
        for trace in (Step, Reminder, Message):
            _delete(trace, trace.subject_type == name, trace.subject_id.in_(subject))
    people = rest.going(Person.__table__)  # type: ignore[arg-type]
    _delete(Reminder, Reminder.person_id.in_(people))
    _delete(Message, Message.person_id.in_(people))
    for trace, name in ((Message, "message"), (Reminder, "reminder")):
        gone = ~select(trace.id).where(trace.id == Step.subject_id).exists()
        _delete(Step, Step.subject_type == name, gone)


def _delete(model: Any, *clauses: ColumnElement[bool]) -> None:
    options = {"synchronize_session": False}
    db.session.execute(delete(model).where(*clauses), execution_options=options)


def _remove_small_places(ids: list[int]) -> None:
    """Cities under the size that is loaded came with the demonstration, unless others use them."""
    used = select(Organisation.id).where(Organisation.place_id == Place.id).exists()
    _delete(Place, Place.id.in_(ids), Place.population < load().cities_from, ~used)
