"""Which columns a sheet of each noun may have, and what their cells hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from exchange.directory.models import Level, OrganisationKind
from exchange.exchanges.models import ExchangeKind, PartnerRole
from exchange.spreadsheets.headings import HEADINGS, meanings, plain
from exchange.spreadsheets.models import ImportNoun
from exchange.tags import TAGS

LINE, PAGES, PARAGRAPHS = 200, 20_000, 2_000
KEY = 80


class Holds(StrEnum):
    """What the cells of a column hold."""

    text = auto()
    link = auto()
    whole = auto()
    day = auto()
    flag = auto()
    choice = auto()
    term = auto()
    terms = auto()
    organisation = auto()
    organisations = auto()
    programme = auto()
    state = auto()


@dataclass(frozen=True)
class Column:
    """One column: ``field`` is the attribute it fills, ``bounds`` are length or least and most."""

    name: str
    holds: Holds = Holds.text
    field: str = ""
    needed: bool = False
    bounds: tuple[int, int] = (0, LINE)
    members: type[StrEnum] | None = None
    vocabulary: str = ""

    @property
    def attribute(self) -> str:
        """The attribute it fills."""
        return self.field or self.name


def _key(*, needed: bool) -> Column:
    return Column("external_id", needed=needed, bounds=(0, KEY))


def _tags(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Holds.terms, vocabulary=TAGS[name]) for name in names)


def _text(name: str, longest: int, *, needed: bool = False) -> Column:
    return Column(name, bounds=(0, longest), needed=needed)


_LANGUAGE = Column("language", Holds.term, vocabulary="language", needed=True)
_TAGS = _tags("themes", "languages", "sdg_targets", "agendas", "formats")
_LISTING = (
    _key(needed=True),
    Column("organisation", Holds.organisation, "organisation_id"),
    _text("title", LINE, needed=True),
    _text("text", PAGES),
    _LANGUAGE,
    *_TAGS,
    Column("available_from", Holds.day),
    Column("available_until", Holds.day),
    Column("guests", Holds.whole, bounds=(1, 500)),
    Column("interpretation", Holds.flag),
    _text("budget_note", PARAGRAPHS),
    _text("visa_note", PARAGRAPHS),
    Column("visa_letter", Holds.flag),
    Column("funding", Holds.flag),
    Column("innovative", Holds.flag),
)

COLUMNS: dict[ImportNoun, tuple[Column, ...]] = {
    ImportNoun.organisations: (
        _key(needed=False),
        _text("name", LINE, needed=True),
        _text("short_name", 60),
        Column("kind", Holds.choice, members=OrganisationKind, needed=True),
        Column("level", Holds.choice, members=Level),
        Column("country", Holds.term, "country_code", vocabulary="country"),
        Column("place_id", Holds.whole, bounds=(1, 2**31 - 1)),
        Column("population", Holds.whole, bounds=(0, 2**31 - 1)),
        *_tags("languages", "sections"),
        Column("website", Holds.link, bounds=(0, 300)),
    ),
    ImportNoun.needs: (
        *_LISTING,
        Column("hosts_wanted", Holds.whole, bounds=(1, 20)),
        Column("programme", Holds.programme, "programme_id"),
    ),
    ImportNoun.offers: (*_LISTING, Column("places", Holds.whole, bounds=(1, 50))),
    ImportNoun.exchanges: (
        _key(needed=True),
        Column("proposer", Holds.organisation, "proposer_id"),
        Column("proposer_role", Holds.choice, members=PartnerRole),
        _text("title", LINE, needed=True),
        _text("purpose", PAGES),
        Column("kind", Holds.choice, members=ExchangeKind, needed=True),
        _LANGUAGE,
        *_TAGS,
        Column("hosts", Holds.organisations),
        Column("learners", Holds.organisations),
        Column("starts_on", Holds.day),
        Column("ends_on", Holds.day),
        _text("programme", LINE),
        Column("source_url", Holds.link, bounds=(0, 500)),
        Column("state", Holds.state),
    ),
}
# Windows that must not be upside down: first day → last day.
WINDOWS = {"available_from": "available_until", "starts_on": "ends_on"}


@dataclass(frozen=True)
class Heading:
    """The heading of a sheet: which column each cell is (None: one we only write), and what is
    wrong with it: (column number from 1, its words, code)."""

    columns: tuple[Column | None, ...]
    wrong: tuple[tuple[int, str, str], ...]


def read_heading(noun: ImportNoun, cells: Sequence[str]) -> Heading:
    """Understand a heading, whatever its language, accents and capitals."""
    known = {word: column for column in reversed(COLUMNS[noun]) for word in meanings(column.name)}
    ours = {word for name in HEADINGS for word in meanings(name)}
    found: list[Column | None] = []
    wrong: list[tuple[int, str, str]] = []
    for number, cell in enumerate(cells, 1):
        column = known.get(plain(cell)) if cell else None
        if column is not None and column in found:
            wrong.append((number, cell, "column_twice"))
            column = None
        elif column is None and cell and plain(cell) not in ours:
            wrong.append((number, cell, "column_unknown"))
        found.append(column)
    missing = [c.name for c in COLUMNS[noun] if c.needed and c not in found]
    return Heading(tuple(found), (*wrong, *((0, name, "column_missing") for name in missing)))
