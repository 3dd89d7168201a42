"""Who made a note, as its credits say, and the photo on its cover. The caller commits.

Credits follow the published notes (domain file 1.5): coordination, writing, editing, photos.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid, NotFound
from exchange.extensions import Model, Record, choice, db
from exchange.lessons.actions import require_open
from exchange.lessons.models import Note
from exchange.lessons.photos import Photo, published_with
from exchange.personal import Datum, Erased, Purpose, personal


class CreditRole(StrEnum):
    """What somebody did for a note."""

    writing = auto()
    editing = auto()
    translation = auto()
    coordination = auto()
    facilitation = auto()
    photos = auto()


class NoteCredit(Record, Model):
    """One who made the note, and agreed to be named."""

    __tablename__ = "note_credit"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(
        String(200), info=personal(Datum.person_name, Purpose.publication, Erased.gone)
    )
    role: Mapped[CreditRole] = mapped_column(choice(CreditRole))
    organisation: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.office, Purpose.publication, Erased.gone)
    )

    note: Mapped[Note] = relationship()


class NoteCover(Record, Model):
    """The photo that stands first."""

    __tablename__ = "note_cover"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), unique=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), index=True)

    photo: Mapped[Photo] = relationship(lazy="joined", innerjoin=True)


def credit(note: Note, data: Mapping[str, Any], *, actor: Person) -> NoteCredit:
    """Name one who made the note.

    :param data: ``name``, ``role``, ``organisation`` and ``consent``: that the person agrees.
    :raises Invalid: ``credit_consent``, the person did not agree to be named.
    :raises NotAllowed: ``note_closed``, it is not this person's turn to write.
    """
    require_open(note, actor)
    if not data.get("consent"):
        raise Invalid("consent", "credit_consent")
    names = ("name", "role", "organisation")
    row = NoteCredit(note=note, **{name: data[name] for name in names if name in data})
    db.session.add(row)
    db.session.flush()
    _tell_harvesters(note.id)
    return row


def remove(row: NoteCredit) -> None:
    """Take a name out again: whoever agreed may think better of it, at any time."""
    db.session.delete(row)
    db.session.flush()
    _tell_harvesters(row.note_id)


def _tell_harvesters(note_id: int) -> None:
    """The names go out with the record of the note: it has changed. Nobody who writes the note is
    in the way of that, so its version stays."""
    db.session.execute(update(Note).where(Note.id == note_id).values(updated_at=now()))


def credits_of(note: Note) -> list[NoteCredit]:
    """The credits of a note by role, in the order in which they were given."""
    rows = db.session.scalars(
        select(NoteCredit).where(NoteCredit.note_id == note.id).order_by(NoteCredit.id)
    )
    order = list(CreditRole)
    return sorted(rows, key=lambda row: order.index(row.role))


def one_of(note: Note, credit_id: int) -> NoteCredit:
    """One credit of a note.

    :raises NotFound: the note has no such credit.
    """
    row = db.session.get(NoteCredit, credit_id)
    if row is None or row.note_id != note.id:
        raise NotFound("not_found", noun="note", id=credit_id)
    return row


def choose_cover(note: Note, photo_id: int | None, *, actor: Person) -> NoteCover | None:
    """Put a photo of the exchange on the cover, or none.

    :raises Invalid: ``cover_not_out``, it is no photo that goes out with this note.
    :raises NotAllowed: ``note_closed``, it is not this person's turn to write.
    """
    require_open(note, actor)
    row = _cover(note)
    if photo_id is None:
        if row is not None:
            db.session.delete(row)
        return None
    if photo_id not in [photo.id for photo in published_with(note)]:
        raise Invalid("photo_id", "cover_not_out")
    if row is None:
        row = NoteCover(note_id=note.id)
        db.session.add(row)
    row.photo_id = photo_id
    db.session.flush()
    db.session.refresh(row)
    return row


def cover_of(note: Note) -> Photo | None:
    """The photo on the cover; none while the sheet that it belongs to is not signed."""
    row = _cover(note)
    shown = [one for one in published_with(note) if row and one.id == row.photo_id]
    return shown[0] if shown else None


def _cover(note: Note) -> NoteCover | None:
    return db.session.scalars(select(NoteCover).where(NoteCover.note_id == note.id)).first()
