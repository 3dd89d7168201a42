"""Requests to be erased, and archives of one's own data."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal
from workflows.erasure import ErasureState


class ErasureRequest(Record, Model):
    """Somebody asked that their personal data go; carried out on a day, unless they withdraw."""

    __tablename__ = "erasure_request"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date] = mapped_column(Date, comment="until then they may change their mind")
    state: Mapped[ErasureState] = mapped_column(choice(ErasureState), default=ErasureState.waiting)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    person: Mapped[Person] = relationship()


class ExportStage(StrEnum):
    """How far an archive is. Not a workflow: nobody decides, the worker goes through."""

    waiting = auto()
    making = auto()
    ready = auto()
    failed = auto()


class DataExport(Record, Model):
    """All that is held of a person in one archive, made in the background.

    It is kept in the database: so it is there whichever machine made it, and goes with its row.
    """

    __tablename__ = "data_export"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    stage: Mapped[ExportStage] = mapped_column(choice(ExportStage), default=ExportStage.waiting)
    tables_total: Mapped[int] = mapped_column(default=0)
    tables_done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0, comment="workers that began it")
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime, comment="then it is removed")
    size: Mapped[int] = mapped_column(default=0, comment="bytes")
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, info=personal(Datum.letter, Purpose.account, Erased.gone)
    )

    person: Mapped[Person] = relationship()
