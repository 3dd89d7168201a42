"""What a person agreed to, with its date, and taking it back: it ends everywhere at once, because
every page, paper and answer of the API reads these rows. The caller commits."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, select

from exchange.clock import today
from exchange.directory.models import Affiliation, Person
from exchange.errors import NotFound
from exchange.exchanges.models import Partner
from exchange.extensions import db
from exchange.lessons.crediting import NoteCover, NoteCredit
from exchange.lessons.models import Note
from exchange.lessons.photos import Photo
from exchange.lessons.sheets import LessonSheet
from exchange.visits.models import Participant, Visit


@dataclass(frozen=True)
class Consent:
    """One thing that somebody agreed to."""

    kind: str  # credit or photo
    id: int
    what: str
    since: date


def credits_of(person: Person) -> list[Consent]:
    """The published notes whose credits name this person."""
    query = (
        select(NoteCredit.id, Note.title, NoteCredit.created_at)
        .join(Note, Note.id == NoteCredit.note_id)
        .where(names(person))
        .order_by(NoteCredit.id)
    )
    return [Consent("credit", row[0], row[1], row[2].date()) for row in db.session.execute(query)]


def names(person: Person) -> ColumnElement[bool]:
    """Whether a credit names this person: by name, in an exchange of an organisation of theirs. A
    namesake of another organisation is somebody else."""
    own = select(Affiliation.organisation_id).where(Affiliation.person_id == person.id)
    notes = (
        select(Note.id)
        .join(Partner, Partner.exchange_id == Note.exchange_id)
        .where(Partner.organisation_id.in_(own))
    )
    return (NoteCredit.name == person.name) & NoteCredit.note_id.in_(notes)


def photos_of(person: Person) -> list[Consent]:
    """The photos of visits in which this person took part: who is shown knows it best."""
    query = select(Photo.id, Photo.description, Photo.created_at).where(
        shown_with(person), Photo.withdrawn_on.is_(None)
    )
    rows = db.session.execute(query.order_by(Photo.id))
    return [Consent("photo", row[0], row[1], row[2].date()) for row in rows]


def shown_with(person: Person) -> ColumnElement[bool]:
    """Whether a photo is of an exchange in whose visits this person took part."""
    visited = (
        select(Visit.exchange_id)
        .join(Participant, Participant.visit_id == Visit.id)
        .where(Participant.email == person.email)
    )
    sheets = select(LessonSheet.id).where(LessonSheet.exchange_id.in_(visited))
    return Photo.sheet_id.in_(sheets)


def withdraw_credit(person: Person, credit_id: int) -> None:
    """Take one's name out of the credits of a note.

    :raises NotFound: no credit of this number names this person.
    """
    query = select(NoteCredit).where(NoteCredit.id == credit_id, names(person))
    row = db.session.scalars(query).first()
    if row is None:
        raise NotFound("not_found", noun="note", id=credit_id)
    db.session.delete(row)
    db.session.flush()


def withdraw_photo(person: Person, photo_id: int) -> None:
    """Take a photo off every page: one of those who may be shown in it no longer agrees.

    :raises NotFound: it is of no visit in which this person took part.
    """
    query = select(Photo).where(Photo.id == photo_id, shown_with(person))
    photo = db.session.scalars(query).first()
    if photo is None:
        raise NotFound("not_found", noun="photo", id=photo_id)
    photo.withdrawn_on = photo.withdrawn_on or today()
    db.session.execute(delete(NoteCover).where(NoteCover.photo_id == photo_id))
    db.session.flush()
