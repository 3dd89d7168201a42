"""Who saved a row, and when. The caller commits."""

from typing import Any

from sqlalchemy import select

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.keeping.models import Edit


def note(row: Any, person: Person | None) -> None:
    """Write down that ``person`` has just saved ``row``; nothing for rows without a version."""
    if person is None or getattr(row, "version_id", None) is None:
        return
    db.session.flush()
    if row not in db.session:  # it has just been deleted
        return
    mine = _of(row).where(Edit.person_id == person.id)
    edit = db.session.scalars(mine.with_for_update()).first()
    if edit is None:
        edit = Edit(subject_type=row.__tablename__, subject_id=row.id, person=person)
        db.session.add(edit)
    edit.version_id, edit.edited_at = row.version_id, now()
    db.session.flush()


def editors(row: Any) -> list[Edit]:
    """The last save of each person who saved ``row``, the newest first."""
    return list(db.session.scalars(_of(row).order_by(Edit.edited_at.desc(), Edit.id.desc())))


def last(row: Any) -> Edit | None:
    """The save that made ``row`` what it is; None when something else changed it since."""
    made_it = _of(row).where(Edit.version_id == row.version_id)
    return db.session.scalars(made_it.order_by(Edit.edited_at.desc())).first()


def _of(row: Any) -> Any:
    return select(Edit).where(Edit.subject_type == row.__tablename__, Edit.subject_id == row.id)
