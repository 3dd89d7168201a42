"""Photos beside what a city learned: few, small, described, and only with consent.

A photo is made anew before it is kept: the place and the camera that the file tells of are left
out, and whatever is no picture is refused. It is kept in the database, so that a backup has it.
The caller commits.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import Date, ForeignKey, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from exchange.errors import Invalid
from exchange.extensions import Model, Record, db
from exchange.lessons.models import Note
from exchange.lessons.sheets import LessonSheet, require_open
from exchange.personal import Datum, Erased, Purpose, personal

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
    width: Mapped[int]
    height: Mapped[int]
    withdrawn_on: Mapped[date | None] = mapped_column(
        Date, comment="one of those shown no longer agrees: it is shown nowhere"
    )
    data: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, info=personal(Datum.picture, Purpose.publication, Erased.kept)
    )

    sheet: Mapped[LessonSheet] = relationship()


def add(sheet: LessonSheet, sent: bytes, data: Mapping[str, Any]) -> Photo:
    """Add a photo to a sheet that is not signed.

    :param data: ``description``, ``credit`` and ``consent``: that those shown agree.
    :raises Invalid: ``photo_consent``, ``photos_many``, ``no_picture`` or ``picture_large``.
    """
    require_open(sheet)
    if not data.get("consent"):
        raise Invalid("consent", "photo_consent")
    there = select(func.count()).select_from(Photo).where(Photo.sheet_id == sheet.id)
    if (db.session.scalar(there) or 0) >= MOST:
        raise Invalid("photo", "photos_many", most=MOST)
    picture, (width, height) = _made_anew(sent)
    row = Photo(
        sheet=sheet,
        description=data["description"],
        credit=data.get("credit", ""),
        width=width,
        height=height,
        data=picture,
    )
    db.session.add(row)
    db.session.flush()
    return row


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


def remove(photo: Photo) -> None:
    """Take a photo out, while its sheet is not signed."""
    require_open(photo.sheet)
    db.session.delete(photo)
    db.session.flush()


def of_sheets(sheets: Sequence[LessonSheet]) -> dict[int, list[Photo]]:
    """The photos of some sheets, without their pictures, by sheet; one statement."""
    found: dict[int, list[Photo]] = {}
    query = select(Photo).where(
        Photo.sheet_id.in_([sheet.id for sheet in sheets]), Photo.withdrawn_on.is_(None)
    )
    for photo in db.session.scalars(query.order_by(Photo.id)):
        found.setdefault(photo.sheet_id, []).append(photo)
    return found


def published_with(note: Note) -> list[Photo]:
    """The photos that go out with a note: those of signed sheets; one statement."""
    signed = LessonSheet.signed_on.is_not(None) & (LessonSheet.exchange_id == note.exchange_id)
    agreed = Photo.withdrawn_on.is_(None)
    query = (
        select(Photo).join(Photo.sheet).where(signed, agreed).options(contains_eager(Photo.sheet))
    )
    return list(db.session.scalars(query.order_by(Photo.id)))
