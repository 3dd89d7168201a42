"""Photos beside what a city learned: few, small, described, and only with consent.

Participants who can be recognised are named, and each is asked: until all of them agree, and once
one of them no longer does, it is shown to nobody but the city that sent it and those named.

A photo is made anew before it is kept: the place and the camera that the file tells of are left
out, and whatever is no picture is refused. It is kept in the database, so that a backup has it.
The caller commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship, selectinload

from exchange import events
from exchange.errors import Invalid, NotFound
from exchange.extensions import Model, Record, db
from exchange.lessons.models import Note
from exchange.lessons.sheets import LessonSheet, require_open
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.visits.models import Participant, Visit

MOST = 6
# Pixels along the longer side: enough for a page and its print, some 300 KB.
LONGEST_SIDE, QUALITY = 1600, 80
MOST_PIXELS = 60_000_000
TAKEN = ("JPEG", "PNG", "WEBP")


class Photo(Record, Model):
    """One photo of a sheet, as JPEG."""

    __tablename__ = "photo"

    sheet_id: Mapped[int] = mapped_column(
        ForeignKey("lesson_sheet.id", ondelete="CASCADE"), index=True
    )
    description: Mapped[str] = mapped_column(
        String(300), info=personal(Datum.picture, Purpose.publication, Erased.kept)
    )
    credit: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.person_name, Purpose.publication, Erased.kept)
    )
    nobody_shown: Mapped[bool] = mapped_column(
        default=False, comment="who sent it says that nobody can be recognised"
    )
    width: Mapped[int]
    height: Mapped[int]
    withdrawn_on: Mapped[date | None] = mapped_column(
        Date, comment="one of those shown no longer agrees: it is shown nowhere"
    )
    data: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, info=personal(Datum.picture, Purpose.publication, Erased.kept)
    )

    sheet: Mapped[LessonSheet] = relationship()
    people: Mapped[list["PhotoPerson"]] = relationship(
        back_populates="photo", cascade="all, delete-orphan", order_by="PhotoPerson.id"
    )


class PhotoPerson(Record, Model):
    """A participant who can be recognised in a photo, and what they say to it."""

    __tablename__ = "photo_person"
    __table_args__ = (UniqueConstraint("photo_id", "participant_id"),)

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"))
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"),
        index=True,
        comment="empty: off the list of the visit; nobody can agree for them",
    )
    agreed_on: Mapped[date | None] = mapped_column(
        Date, info=personal(Datum.choice, Purpose.publication, Erased.kept)
    )
    withdrawn_on: Mapped[date | None] = mapped_column(
        Date, info=personal(Datum.choice, Purpose.publication, Erased.kept)
    )

    photo: Mapped[Photo] = relationship(back_populates="people")
    participant: Mapped[Participant | None] = relationship()


def _said(*what: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of those named in a photo is in one of these cases."""
    named = select(PhotoPerson.id).outerjoin(PhotoPerson.participant)
    return named.where(PhotoPerson.photo_id == Photo.id, or_(*what)).exists()


def not_refused() -> ColumnElement[bool]:
    """Photos that nobody has taken back."""
    return Photo.withdrawn_on.is_(None) & ~_said(PhotoPerson.withdrawn_on.is_not(None))


def agreed() -> ColumnElement[bool]:
    """Photos that may be shown: everybody named agrees, and is still there to think better."""
    gone = PhotoPerson.participant_id.is_(None) | Participant.erased_on.is_not(None)
    return not_refused() & ~_said(PhotoPerson.agreed_on.is_(None), gone)


def named(email: str) -> ColumnElement[bool]:
    """Photos in which the participant with this address can be recognised."""
    mine = select(PhotoPerson.photo_id).join(PhotoPerson.participant)
    return Photo.id.in_(mine.where(Participant.email == email))


def named_photo(email: str, photo_id: int) -> Photo:
    """A photo in which the participant with this address is named.

    :raises NotFound: there is none of this number.
    """
    mine = select(Photo).where(Photo.id == photo_id, named(email), Photo.withdrawn_on.is_(None))
    found = db.session.scalars(mine).first()
    if found is None:
        raise NotFound("not_found", noun="photo", id=photo_id)
    return found


def open_to(
    email: str, *, inside: ColumnElement[bool], senders: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Photos that a reader may see: those shown, of the sheets that the reader is ``inside``; also
    before everybody agrees, those in which the reader is named, and those that the reader's side
    sent (``senders``)."""
    shown = agreed() & Photo.sheet_id.in_(select(LessonSheet.id).where(inside))
    sent = not_refused() & Photo.sheet_id.in_(select(LessonSheet.id).where(senders))
    return shown | sent | (Photo.withdrawn_on.is_(None) & named(email)) if email else shown


def add(sheet: LessonSheet, sent: bytes, data: Mapping[str, Any]) -> Photo:
    """Add a photo to a sheet that is not signed.

    :param data: ``description``, ``credit``; ``people``, the numbers of the participants who can be
        recognised; ``nobody``, that nobody can; ``consent``, that others who can agree.
    :raises Invalid: ``photo_people``, ``not_in_visit``, ``photos_many``, ``no_picture`` or
        ``picture_large``.
    """
    require_open(sheet)
    people = _named(sheet, data.get("people", ()))
    if bool(data.get("nobody")) == bool(people or data.get("consent")):
        raise Invalid("people", "photo_people")
    there = select(func.count()).select_from(Photo).where(Photo.sheet_id == sheet.id, not_refused())
    if (db.session.scalar(there) or 0) >= MOST:
        raise Invalid("photo", "photos_many", most=MOST)
    picture, (width, height) = _made_anew(sent)
    row = Photo(
        sheet=sheet,
        description=data["description"],
        credit=data.get("credit", ""),
        nobody_shown=bool(data.get("nobody")),
        people=[PhotoPerson(participant=one) for one in people],
        width=width,
        height=height,
        data=picture,
    )
    db.session.add(row)
    db.session.flush()
    if people:
        events.publish("photo_person.named", id=row.id)  # they are asked
    return row


def visitors(exchange_id: int) -> list[Participant]:
    """Who took part in the visits of an exchange, by name: one line for each address."""
    query = (
        select(Participant)
        .join(Participant.visit)
        .where(Visit.exchange_id == exchange_id, Participant.erased_on.is_(None))
        .order_by(Participant.name, Participant.id)
    )
    return list({one.email: one for one in db.session.scalars(query)}.values())


def _named(sheet: LessonSheet, numbers: Iterable[int]) -> list[Participant]:
    known = {one.id: one for one in visitors(sheet.exchange_id)}
    wanted = list(dict.fromkeys(numbers))
    if not known.keys() >= set(wanted):
        raise Invalid("people", "not_in_visit")
    return [known[number] for number in wanted]


def _made_anew(sent: bytes) -> tuple[bytes, tuple[int, int]]:
    from PIL import Image, ImageOps, UnidentifiedImageError  # late: for who sends photos

    try:
        with Image.open(BytesIO(sent), formats=TAKEN) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("photo", "picture_large", most=MOST_PIXELS // 1_000_000)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("photo", "no_picture") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = BytesIO()
    upright.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return kept.getvalue(), upright.size


def remove(sheet: LessonSheet, number: int, *, always: bool = False) -> None:
    """Take a photo out, while its sheet is not signed; ``always`` also then, and when it is out:
    somebody may be shown who is not named.

    :raises NotFound: the sheet has no photo of this number.
    """
    if not always:
        require_open(sheet)
    query = select(Photo).where(Photo.id == number, Photo.sheet_id == sheet.id)
    photo = db.session.scalars(query).first()
    if photo is None:
        raise NotFound("not_found", noun="photo", id=number)
    db.session.delete(photo)
    db.session.flush()


def of_sheets(sheets: Sequence[LessonSheet]) -> dict[int, list[Photo]]:
    """The photos of some sheets that may be shown, without their pictures, by sheet; one
    statement."""
    return _by_sheet(sheets, agreed())


def asked_of_sheets(sheets: Sequence[LessonSheet]) -> dict[int, list[Photo]]:
    """The photos of some sheets that wait for the word of somebody named, by sheet; three
    statements."""
    people = selectinload(Photo.people).selectinload(PhotoPerson.participant)
    return _by_sheet(sheets, not_refused() & ~agreed(), people)


def _by_sheet(
    sheets: Sequence[LessonSheet], which: ColumnElement[bool], *loaded: Any
) -> dict[int, list[Photo]]:
    found: dict[int, list[Photo]] = {}
    query = select(Photo).where(Photo.sheet_id.in_([sheet.id for sheet in sheets]), which)
    for photo in db.session.scalars(query.options(*loaded).order_by(Photo.id)):
        found.setdefault(photo.sheet_id, []).append(photo)
    return found


def published_with(note: Note) -> list[Photo]:
    """The photos that go out with a note: those of signed sheets; one statement."""
    signed = LessonSheet.signed_on.is_not(None) & (LessonSheet.exchange_id == note.exchange_id)
    query = select(Photo).join(Photo.sheet).where(signed, agreed())
    loaded = query.options(contains_eager(Photo.sheet)).order_by(Photo.id)
    return list(db.session.scalars(loaded))
