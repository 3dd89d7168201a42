"""A published note as a document to print, and as what a citation says of it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from babel.dates import format_date

from exchange.lessons.assemble import held
from exchange.lessons.blocks import blocks
from exchange.lessons.citing import Cited, as_line
from exchange.lessons.crediting import CreditRole, NoteCredit
from exchange.lessons.models import Note, NotePart
from exchange.lessons.photos import Photo
from exchange.lessons.translations import NoteTranslation, released_of
from exchange.pdf import Block, Document, Heading, Items, Paragraph, Picture

AUTHORS = (CreditRole.writing, CreditRole.editing)


@dataclass(frozen=True)
class Version:
    """A note in one of its languages."""

    language: str
    title: str
    summary: str
    parts: Mapping[str, str]
    published_on: date | None
    original_language: str = ""
    outdated: Sequence[str] = ()

    @property
    def is_translation(self) -> bool:
        """Whether it was written in another language first."""
        return bool(self.original_language)


@dataclass(frozen=True)
class Frame:
    """The words around the texts, in the language of the version. ``say`` names a code."""

    say: Callable[[StrEnum], str]
    number: str
    partners: str
    photos: str
    cite: str
    publisher: str


@dataclass(frozen=True)
class Beside:
    """What stands beside the texts: credits, organisations that took part, cover, more photos."""

    names: Sequence[NoteCredit]
    partners: Sequence[str]
    cover: Photo | None
    photos: Sequence[Photo]


def original(note: Note) -> Version:
    """The note as it was written."""
    return Version(note.language, note.title, note.summary, note.parts, note.published_on)


def translated(row: NoteTranslation) -> Version:
    """A translation as readers have it."""
    texts = {name: one["text"] for name, one in row.released.items()}
    title, summary = texts.pop("title", row.note.title), texts.pop("summary", "")
    facts = (row.published_on, row.note.language, row.outdated)
    return Version(row.language, title, summary, texts, *facts)


def versions(note: Note) -> dict[str, Version]:
    """The note in each language that it is out in, the original first."""
    found = {note.language: original(note)}
    return found | {row.language: translated(row) for row in released_of(note)}


def cited(note: Note, version: Version, names: Sequence[NoteCredit], url: str) -> Cited:
    """What a citation says: who wrote and edited; where nobody is named, the partners."""
    authors = list(dict.fromkeys(row.name for row in names if row.role in AUTHORS))
    if note.number is None or version.published_on is None:
        raise ValueError(note.id)
    return Cited(
        authors=authors or partners(note),
        title=version.title,
        number=note.number,
        published_on=version.published_on,
        language=version.language,
        url=url,
        translation=version.is_translation,
    )


def partners(note: Note) -> list[str]:
    """The organisations that took part, each once."""
    return list(dict.fromkeys(one.organisation.name for one in note.exchange.partners))


def document(
    version: Version,
    frame: Frame,
    source: Cited,
    beside: Beside,
) -> Document:
    """The whole note: cover, credits, its parts, further photos, and how to cite it."""
    made_at = datetime.combine(source.published_on, time(12), UTC)
    day = format_date(source.published_on, "long", locale=version.language)
    found: list[Block] = [Paragraph(f"{frame.number} · {day}")]
    if beside.cover is not None:
        found.append(_picture(beside.cover))
    if version.summary:
        found.append(Paragraph(version.summary))
    for part in NotePart:
        text = version.parts.get(part, "").strip()
        more = _credits(frame, beside, version.language) if part == NotePart.credits else []
        if text or more:
            found += [Heading(frame.say(part)), *blocks(text), *more]
    if beside.photos:
        found += [Heading(frame.photos), *(_picture(one) for one in beside.photos)]
    found += [Heading(frame.cite), Paragraph(as_line(source, frame.number, frame.publisher))]
    return Document(
        title=version.title,
        language=version.language,
        blocks=found,
        made_at=made_at,
        authors=list(source.authors),
        description=version.summary,
        footer=frame.number + " ·",
    )


def mark(whole: Document) -> str:
    """Two documents with the same mark are the same, byte for byte."""
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]


def _credits(frame: Frame, beside: Beside, language: str) -> list[Block]:
    colon = held(":", language)
    lines = [
        f"{frame.say(row.role)}{colon} {row.name}"
        + (f", {row.organisation}" if row.organisation else "")
        for row in beside.names
    ]
    found: list[Block] = [Items(lines)] if lines else []
    if beside.partners:
        found += [Heading(frame.partners, level=2), Items(beside.partners)]
    return found


def _picture(one: Photo) -> Picture:
    caption = f"{one.description} © {one.credit}" if one.credit else one.description
    return Picture(one.data, one.description, caption, language=one.sheet.language)
