"""Learning Forum editions: sessions, those who are expected, and the cohort that took part."""

import secrets
from datetime import date, datetime, time

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    String,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.directory.models import Organisation, Person
from exchange.extensions import Model, Record, UTCDateTime, link
from exchange.personal import Datum, Purpose, personal

# Read aloud from a screen and typed on a telephone: nothing that looks like something else.
CODE_LETTERS, CODE_LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 8

session_speakers = link(
    "forum_session_speaker", session_id="forum_session", organisation_id="organisation"
)


def new_room_code() -> str:
    """A code that opens the door of a room; nobody guesses it within the days of a forum."""
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


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
    rules: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, comment="the ground rules of its sessions"
    )
    room_code: Mapped[str] = mapped_column(
        String(12), default=new_room_code, unique=True, comment="opens check-in and capture"
    )
    is_public: Mapped[bool] = mapped_column(default=False, comment="everybody may read it")
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    sessions: Mapped[list["ForumSession"]] = relationship(
        back_populates="forum",
        cascade="all, delete-orphan",
        order_by="ForumSession.day, ForumSession.starts_at",
    )
    attendances: Mapped[list["Attendance"]] = relationship(
        back_populates="forum", cascade="all, delete-orphan"
    )
    guests: Mapped[list["Guest"]] = relationship(
        back_populates="forum", cascade="all, delete-orphan", order_by="Guest.folded_name"
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
    speakers: Mapped[list[Organisation]] = relationship(
        secondary=session_speakers, order_by=Organisation.folded_name
    )

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return _minute(self.ends_at) - _minute(self.starts_at)


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


class Guest(Record, Model):
    """Somebody who is expected at an edition, or came without being expected."""

    __tablename__ = "forum_guest"

    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), info=personal(Datum.person_name, Purpose.forum))
    folded_name: Mapped[str] = mapped_column(
        String(200),
        comment="as searches compare it",
        info=personal(Datum.person_name, Purpose.forum),
    )
    organisation_name: Mapped[str] = mapped_column(
        String(200),
        default="",
        comment="as the guest wrote it",
        info=personal(Datum.office, Purpose.forum),
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    forum: Mapped[Forum] = relationship(back_populates="guests")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship()


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
