"""A note in a further language: each passage beside the original that it was made from.

What is out stays out while a translation is worked on again: ``released`` is what readers have.
"""

import hashlib
from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice, db
from exchange.lessons.models import Note, NotePart
from workflows.note_translation import NoteTranslationState

# What is translated, in the order of the page: the title, the summary, and the parts.
PASSAGES = ("title", "summary", *(str(part) for part in NotePart))
# passage → its text, and the mark of the original that it translates
Passages = dict[str, dict[str, str]]


def original_text(note: Note, passage: str) -> str:
    """A passage as it was written."""
    whole = {"title": note.title, "summary": note.summary, **note.parts}
    return (whole.get(passage) or "").strip()


def mark_of(text: str) -> str:
    """A short mark of a text: two equal marks are the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class NoteTranslation(Record, Model):
    """A note in one further language, its translator, and the second person who reads it."""

    __tablename__ = "note_translation"
    __table_args__ = (UniqueConstraint("note_id", "language"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(5))
    texts: Mapped[Passages] = mapped_column(JSON, default=dict, comment="as it is worked on")
    released: Mapped[Passages] = mapped_column(JSON, default=dict, comment="as readers have it")
    translator_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    reviewer_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[NoteTranslationState] = mapped_column(
        choice(NoteTranslationState), default=NoteTranslationState.drafting
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_on: Mapped[date | None] = mapped_column(Date, comment="when it first came out")
    behind_since: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="since when readers have passages whose original has changed"
    )
    version_id: Mapped[int] = mapped_column(default=1)

    note: Mapped[Note] = relationship()
    translator: Mapped[Person | None] = relationship(foreign_keys=[translator_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    __mapper_args__ = {"version_id_col": version_id}

    @property
    def exchange(self) -> Exchange:
        """The exchange that the note tells of."""
        return self.note.exchange

    @property
    def exchange_id(self) -> int:
        """Its number."""
        return self.note.exchange_id

    @property
    def asked(self) -> list[str]:
        """The passages that there are to translate: those that the original has."""
        return [name for name in PASSAGES if original_text(self.note, name)]

    @property
    def missing(self) -> list[str]:
        """The passages that are not translated yet."""
        return [name for name in self.asked if not self.said(name)]

    @property
    def changed(self) -> list[str]:
        """The translated passages whose original has changed since."""
        return self._outdated(self.texts)

    @property
    def outdated(self) -> list[str]:
        """The passages that readers have, and whose original has changed since."""
        return self._outdated(self.released)

    @property
    def behind(self) -> list[str]:
        """The passages in which readers have not what the original says, or have nothing yet."""
        return [n for n in self.asked if n not in self.released or n in self.outdated]

    def said(self, passage: str) -> str:
        """A passage as it is worked on; empty when it is not translated."""
        return self.texts.get(passage, {}).get("text", "")

    def _outdated(self, texts: Passages) -> list[str]:
        return [
            name
            for name in self.asked
            if name in texts and texts[name]["of"] != mark_of(original_text(self.note, name))
        ]


def translations_of(note: Note) -> list[NoteTranslation]:
    """The translations of a note, with the people who work on them."""
    people = (joinedload(NoteTranslation.translator), joinedload(NoteTranslation.reviewer))
    query = select(NoteTranslation).where(NoteTranslation.note_id == note.id).options(*people)
    return list(db.session.scalars(query.order_by(NoteTranslation.id)))


def note_behind(note: Note) -> None:
    """Note which translations that readers have no longer follow their original, and since when."""
    for row in released_of(note):
        row.behind_since = (row.behind_since or now()) if row.behind else None


def released_of(note: Note) -> list[NoteTranslation]:
    """The translations of a note that readers have."""
    query = select(NoteTranslation).where(
        NoteTranslation.note_id == note.id,
        NoteTranslation.published_on.is_not(None),
        NoteTranslation.language != note.language,
    )
    return list(db.session.scalars(query.order_by(NoteTranslation.id)))
