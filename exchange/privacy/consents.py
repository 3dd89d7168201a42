"""What a person agreed to, with its date, and taking it back: it ends everywhere at once, because
every page, paper and answer of the API reads these rows. The caller commits."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from sqlalchemy import ColumnElement, delete, select

from exchange.clock import today
from exchange.directory.models import Affiliation, Person
from exchange.errors import NotFound
from exchange.exchanges.models import Partner
from exchange.extensions import db
from exchange.lessons.crediting import NoteCover, NoteCredit
from exchange.lessons.models import Note
from exchange.lessons.photos import Photo, PhotoPerson, agreed, named
from exchange.lessons.sheets import LessonSheet
from exchange.visits.models import Participant, Visit


class Answer(StrEnum):
    """What was said; a photo that names nobody was agreed to by whoever sent it."""

    asked = auto()
    agreed = auto()
    refused = auto()


@dataclass(frozen=True)
class Consent:
    """One thing that somebody agreed to."""

    kind: str  # credit or photo
    id: int
    what: str
    since: date
    said: Answer = Answer.agreed


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
    """The photos that name this person, whatever was said to them; and those shown of visits in
    which this person took part: who is shown knows it best."""
    return [*named_photos(person.email), *_shown_photos(person)]


def named_photos(email: str) -> list[Consent]:
    """The photos that name the participant with this address; those not answered come first."""
    query = (
        select(Photo.id, Photo.description, PhotoPerson)
        .join(PhotoPerson.photo)
        .join(PhotoPerson.participant)
        .where(Participant.email == email, Photo.withdrawn_on.is_(None))
        .order_by(PhotoPerson.agreed_on.is_not(None), Photo.id)
    )
    return [_of_named(*row) for row in db.session.execute(query)]


def _of_named(photo_id: int, what: str, said: PhotoPerson) -> Consent:
    if said.withdrawn_on:
        return Consent("photo", photo_id, what, said.withdrawn_on, Answer.refused)
    if said.agreed_on:
        return Consent("photo", photo_id, what, said.agreed_on, Answer.agreed)
    return Consent("photo", photo_id, what, said.created_at.date(), Answer.asked)


def _shown_photos(person: Person) -> list[Consent]:
    query = select(Photo.id, Photo.description, Photo.created_at).where(
        shown_with(person), agreed(), ~named(person.email)
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
    """Take a photo off every page: one of those who are shown in it no longer agrees.

    :raises NotFound: it is of no visit in which this person took part.
    """
    if _said(person.email, photo_id) is not None:
        answer_photo(person.email, photo_id, agrees=False)
        return
    query = select(Photo).where(Photo.id == photo_id, shown_with(person))
    photo = db.session.scalars(query).first()
    if photo is None:
        raise NotFound("not_found", noun="photo", id=photo_id)
    photo.withdrawn_on = photo.withdrawn_on or today()
    db.session.execute(delete(NoteCover).where(NoteCover.photo_id == photo_id))
    db.session.flush()


def answer_photo(email: str, photo_id: int, *, agrees: bool) -> None:
    """Say whether a photo that names the participant with this address may be shown; one may think
    better of it at any time. It counts with the next look at any page.

    :raises NotFound: no photo of this number names the address.
    """
    row = _said(email, photo_id)
    if row is None:
        raise NotFound("not_found", noun="photo", id=photo_id)
    if agrees:
        row.agreed_on, row.withdrawn_on = row.agreed_on or today(), None
    else:
        row.agreed_on, row.withdrawn_on = None, row.withdrawn_on or today()
    db.session.flush()


def _said(email: str, photo_id: int) -> PhotoPerson | None:
    query = select(PhotoPerson).join(PhotoPerson.participant).join(PhotoPerson.photo)
    mine = query.where(Participant.email == email, Photo.id == photo_id)
    return db.session.scalars(mine.where(Photo.withdrawn_on.is_(None))).first()
