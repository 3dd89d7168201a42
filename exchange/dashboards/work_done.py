"""What was done, year by year: a short chronology of which every figure opens its rows.

``rows`` is the list that a figure opens; the figure is a count over the same selection.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from exchange.clock import today
from exchange.dashboards.learning_rows import half_year
from exchange.dashboards.ledger import came_to_its_visit
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.labs.models import Lab
from exchange.lessons.models import Note, RecordedChange
from exchange.modules.models import Delivery, ModuleVersion
from exchange.partnerships.models import Partnership
from exchange.policy import scoped
from exchange.schemas import Choice, Schema, Whole
from exchange.visits.models import Visit
from workflows.lab import LabState
from workflows.note import NoteState
from workflows.partnership import PartnershipState

# The first peer-learning exchange of the world association was held in Durban in 2011.
FIRST = 2011
NO_YEAR = 0


class Done(StrEnum):
    """What the chronology counts."""

    forums = auto()
    exchanges = auto()
    visits = auto()
    notes = auto()
    versions = auto()
    deliveries = auto()
    partnerships = auto()
    labs = auto()
    changes = auto()


@dataclass(frozen=True)
class Kind:
    """Rows of one model that count, and the day by which they belong to a year."""

    model: Any
    day: Any
    counts: Callable[[], ColumnElement[bool]]
    loads: tuple[Any, ...] = ()


def _until_now(day: Any) -> Callable[[], ColumnElement[bool]]:
    return lambda: day <= today()


def _begun(model: Any, *never: StrEnum) -> Callable[[], ColumnElement[bool]]:
    return lambda: (model.starts_on <= today()) & model.state.not_in(never)


KINDS: dict[Done, Kind] = {
    Done.forums: Kind(Forum, Forum.starts_on, _until_now(Forum.starts_on)),
    # Of many exchanges of old no more is known than that they were held.
    Done.exchanges: Kind(
        Exchange,
        Exchange.starts_on,
        lambda: (
            came_to_its_visit() & or_(Exchange.starts_on.is_(None), Exchange.starts_on <= today())
        ),
    ),
    Done.visits: Kind(
        Visit,
        Visit.starts_on,
        lambda: Visit.attendance_recorded_on.is_not(None),
        (joinedload(Visit.exchange),),
    ),
    Done.notes: Kind(Note, Note.published_on, lambda: Note.state == NoteState.published),
    Done.versions: Kind(
        ModuleVersion,
        ModuleVersion.released_on,
        _until_now(ModuleVersion.released_on),
        (joinedload(ModuleVersion.module),),
    ),
    Done.deliveries: Kind(
        Delivery, Delivery.starts_on, _until_now(Delivery.starts_on), (joinedload(Delivery.module),)
    ),
    Done.partnerships: Kind(
        Partnership, Partnership.starts_on, _begun(Partnership, PartnershipState.prepared)
    ),
    Done.labs: Kind(Lab, Lab.starts_on, _begun(Lab, LabState.prepared)),
    Done.changes: Kind(
        RecordedChange,
        RecordedChange.recorded_on,
        _until_now(RecordedChange.recorded_on),
        (joinedload(RecordedChange.exchange),),
    ),
}
SORTS: dict[Done, dict[str, Any]] = {done: {"day": kind.day} for done, kind in KINDS.items()}


class WorkDoneFilter(Schema):
    """The rows behind one figure; without a year those of all, with year 0 those without a day."""

    done = Choice(Done)
    year = Whole(least=0, most=9999)
    page = Whole(least=1, most=100_000)
    size = Whole(least=1, most=100)


def _year(kind: Kind) -> Any:
    return func.coalesce(half_year(kind.day) // 10, NO_YEAR)


def rows(done: Done, actor: Person | None, asked: Mapping[str, Any]) -> Select[Any]:
    """The rows behind a figure: what ``actor`` may know of."""
    kind = KINDS[done]
    query = scoped(kind.model, actor).where(kind.counts())
    year = asked.get("year")
    return query if year is None else query.where(_year(kind) == year)


def listed(done: Done, actor: Person | None, asked: Mapping[str, Any]) -> Select[Any]:
    """The same with what a list shows of each row."""
    return rows(done, actor, asked).options(*KINDS[done].loads)


def work_done(actor: Person | None) -> dict[int, Counter[Done]]:
    """What was done in each year since ``FIRST``, the latest first, also where it is nothing;
    earlier years only where something is known, ``NO_YEAR`` last. One statement."""
    found: dict[int, Counter[Done]] = {year: Counter() for year in range(FIRST, today().year + 1)}
    parts = []
    for done, kind in KINDS.items():
        years = rows(done, actor, {}).with_only_columns(_year(kind).label("year")).subquery()
        counted = select(literal(str(done)), years.c.year, func.count()).group_by(years.c.year)
        parts.append(counted)
    for done, year, number in db.session.execute(union_all(*parts)):
        found.setdefault(int(year), Counter())[Done(done)] = number
    return dict(sorted(found.items(), reverse=True))
