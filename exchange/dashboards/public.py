"""What the front page tells everybody: three figures, counted from the rows."""

from dataclasses import dataclass

from sqlalchemy import func, select

from exchange.directory.models import Organisation, OrganisationKind
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.scopes import OPEN_TO_MEMBERS
from workflows.note import NoteState


@dataclass(frozen=True)
class Figures:
    """Local governments that take part, their exchanges, and what was published of them."""

    governments: int
    exchanges: int
    lessons: int


def figures() -> Figures:
    """Count what has passed the proposal stage and was not broken off: one statement."""
    open_ones = Exchange.state.in_(OPEN_TO_MEMBERS)
    # Whether a government takes part is seen at its first exchange: the others are not read.
    takes_part = (
        select(Partner.id)
        .join(Exchange, Exchange.id == Partner.exchange_id)
        .where(Partner.organisation_id == Organisation.id, open_ones)
        .exists()
    )
    governments = (
        select(func.count())
        .select_from(Organisation)
        .where(Organisation.kind == OrganisationKind.local_government, takes_part)
    )
    exchanges = select(func.count()).select_from(Exchange).where(open_ones)
    lessons = select(func.count()).select_from(Note).where(Note.state == NoteState.published)
    counts = (governments, exchanges, lessons)
    row = db.session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return Figures(*row)
