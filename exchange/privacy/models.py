"""Requests to be erased."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from workflows.erasure import ErasureState


class ErasureRequest(Record, Model):
    """Somebody asked that their personal data go; carried out on a day, unless they withdraw."""

    __tablename__ = "erasure_request"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date] = mapped_column(Date, comment="until then they may change their mind")
    state: Mapped[ErasureState] = mapped_column(choice(ErasureState), default=ErasureState.waiting)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    person: Mapped[Person] = relationship()
