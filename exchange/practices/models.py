"""Practices and the observatories that they come from; the words of each language are a row."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.extensions import Model, Record, UTCDateTime, choice, term_link
from exchange.fulltext import INDEX, FullText
from exchange.lessons.models import Note
from exchange.practices.words import joined
from exchange.vocabularies.models import Term
from workflows.practice import PracticeState

practice_terms = term_link("practice")


class CitySize(StrEnum):
    """How big the city is: its practice may ask for what a small one has not."""

    small = auto()
    intermediary = auto()
    metropolitan = auto()
    unknown = auto()


class HarvestProblem(StrEnum):
    """Why the address of an observatory gave nothing that can be taken in."""

    not_https = auto()
    not_public = auto()
    no_answer = auto()
    too_big = auto()
    no_xml = auto()
    no_records = auto()
    declares_a_type = auto()


class Observatory(Record, Model):
    """Who collects practices of cities, and where its records can be fetched (OAI-PMH).

    ``harvested`` is how many records of the last harvest were new, changed …; ``problem`` is why
    the last look at the address, at ``tried_at``, gave nothing.
    """

    __tablename__ = "observatory"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    website: Mapped[str] = mapped_column(String(300), default="")
    harvest_url: Mapped[str] = mapped_column(
        String(500), default="", comment="an OAI-PMH address, or a file of Dublin Core records"
    )
    rights: Mapped[str] = mapped_column(String(300), default="", comment="what is said with each")
    trusted: Mapped[bool] = mapped_column(
        default=False, comment="its records are published as they come"
    )
    nightly: Mapped[bool] = mapped_column(
        default=True, comment="its address is looked at every night"
    )
    harvested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    harvested: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[HarvestProblem | None] = mapped_column(choice(HarvestProblem))
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version_id}


class Practice(Record, Model):
    """What a city did that others can re-use. ``terms`` hold themes, SDG goals and agendas.

    ``origin`` is the peer-learning note that it was taken from; ``observatory`` the one that it was
    harvested from, under ``external_id``.
    """

    __tablename__ = "practice"
    __table_args__ = (
        UniqueConstraint("observatory_id", "external_id"),
        Index("ix_practice_state_published_at", "state", "published_at"),
        Index("ix_practice_state_updated_at", "state", "updated_at"),
    )

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    country_code: Mapped[str | None] = mapped_column(String(2), index=True)
    innovative: Mapped[bool] = mapped_column(
        default=False, comment="a way that was new, or that the city was first to try"
    )
    size: Mapped[CitySize] = mapped_column(choice(CitySize), default=CitySize.unknown)
    language: Mapped[str] = mapped_column(String(5), comment="in which it was first written")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    credit: Mapped[str] = mapped_column(String(300), default="", comment="who wrote it, as given")
    observatory_id: Mapped[int | None] = mapped_column(ForeignKey("observatory.id"))
    external_id: Mapped[str | None] = mapped_column(String(200), comment="its name in the source")
    origin_id: Mapped[int | None] = mapped_column(
        ForeignKey("note.id", ondelete="SET NULL"), unique=True
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    state: Mapped[PracticeState] = mapped_column(choice(PracticeState), default=PracticeState.draft)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    demo: Mapped[bool] = mapped_column(default=False, index=True)
    version_id: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation | None] = relationship()
    observatory: Mapped[Observatory | None] = relationship()
    origin: Mapped[Note | None] = relationship()
    author: Mapped[Person | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=practice_terms, order_by=Term.position)
    texts: Mapped[list["PracticeText"]] = relationship(
        back_populates="practice", cascade="all, delete-orphan", order_by="PracticeText.id"
    )
    __mapper_args__ = {"version_id_col": version_id}

    def tagged(self, vocabulary: str) -> list[Term]:
        """The terms of one vocabulary: theme, sdg_goal or agenda."""
        return [term for term in self.terms if term.vocabulary == vocabulary]

    def text_in(self, language: str) -> "PracticeText | None":
        """The text in a language; None when nobody wrote it."""
        return next((one for one in self.texts if one.language == language), None)

    def said(self, language: str) -> "PracticeText":
        """The text for a reader of ``language``, else as it was first written."""
        return self.text_in(language) or self.text_in(self.language) or self.texts[0]

    @property
    def title(self) -> str:
        """The title as it was first written."""
        return self.said(self.language).title


class PracticeText(Record, Model):
    """A practice in one language; ``heading`` and ``words`` are what searches compare."""

    __tablename__ = "practice_text"
    __table_args__ = (UniqueConstraint("practice_id", "language"),)

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(5), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="", comment="what was done, in short")
    text: Mapped[str] = mapped_column(Text, default="")
    heading: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")

    practice: Mapped[Practice] = relationship(back_populates="texts")

    def write(self, title: str, summary: str, text: str) -> None:
        """Write the text, and what searches compare of it."""
        self.title, self.summary, self.text = title, summary, text
        self.heading = joined((title,), self.language)
        self.words = joined((summary, text), self.language)


FULL_TEXT = FullText("practice_text", f"{INDEX}_practice", "3 4")
FULL_TEXT.beside(PracticeText.__table__)
