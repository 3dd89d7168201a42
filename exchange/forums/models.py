"""Learning Forum editions: sessions, and the cohort that took part."""

from datetime import date, time

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.directory.models import Organisation
from exchange.extensions import Model, Record


class Forum(Record, Model):
    """One edition of the Learning Forum. ``titles`` map a language to words."""

    __tablename__ = "forum"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    place: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    outcomes: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    sessions: Mapped[list["ForumSession"]] = relationship(
        back_populates="forum",
        cascade="all, delete-orphan",
        order_by="ForumSession.day, ForumSession.starts_at",
    )
    attendances: Mapped[list["Attendance"]] = relationship(
        back_populates="forum", cascade="all, delete-orphan"
    )


class ForumSession(Record, Model):
    """A slot of the programme, in the local time of the forum."""

    __tablename__ = "forum_session"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="times"),)

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), index=True)
    part: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_break: Mapped[bool] = mapped_column(default=False)

    forum: Mapped[Forum] = relationship(back_populates="sessions")


class Attendance(Record, Model):
    """An organisation took part in an edition: it belongs to its cohort."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("forum_id", "organisation_id"),)

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )

    forum: Mapped[Forum] = relationship(back_populates="attendances")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
