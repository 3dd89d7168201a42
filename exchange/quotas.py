"""How much of the disk an organisation's files take."""

from sqlalchemy import func, select

from exchange.extensions import db
from exchange.lessons.photos import Photo
from exchange.lessons.sheets import LessonSheet
from exchange.spreadsheets.models import Import, ImportStage

GONE = (ImportStage.loaded, ImportStage.refused)


def kept_by(organisation_id: int) -> int:
    """Bytes of the photos and of the waiting sheets of an organisation; two statements."""
    photos = (
        select(func.coalesce(func.sum(func.length(Photo.data)), 0))
        .join(Photo.sheet)
        .where(LessonSheet.organisation_id == organisation_id)
    )
    sheets = select(func.coalesce(func.sum(Import.size), 0)).where(
        Import.organisation_id == organisation_id, Import.stage.not_in(GONE)
    )
    return int(db.session.scalar(photos) or 0) + int(db.session.scalar(sheets) or 0)
