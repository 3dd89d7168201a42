"""What is searched: for each noun, when its words may have changed, and what they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from babel import Locale
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue.models import Need, Offer
from exchange.config import LABEL_LANGUAGES
from exchange.directory.models import Affiliation, Organisation, Person
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.lessons.models import Note
from exchange.practices.models import Practice, PracticeText
from exchange.visits.models import Visit


@dataclass(frozen=True)
class Words:
    """What search shows and compares of one row."""

    title: str
    texts: Iterable[str]
    language: str = ""
    address: str = ""


@dataclass(frozen=True)
class Source:
    """A noun that is searched.

    ``changes`` select (id of a row, moment of a change of what its words are made of): its own
    columns, and those of the rows whose names it bears.
    """

    model: Any
    changes: tuple[Select[Any], ...]
    words: Callable[[Any], Words]
    loads: tuple[Any, ...] = ()

    def rows(self, ids: Iterable[int]) -> list[Any]:
        """The rows with these ids, with all that their words are made of."""
        query = select(self.model).where(self.model.id.in_(ids)).options(*self.loads)
        return list(db.session.scalars(query).unique())


def _own(model: Any) -> Select[Any]:
    return select(model.id.label("row_id"), model.updated_at.label("moment"))


def _of(row_id: Any, moment: Any) -> Select[Any]:
    return select(row_id.label("row_id"), moment.label("moment"))


def _themes(row: Any) -> list[str]:
    """The themes of a row in every language that we know."""
    themes = [term for term in row.terms if term.vocabulary == "theme"]
    return [words for term in themes for words in term.labels.values()]


def _listing(row: Any) -> Words:
    return Words(row.title, (row.organisation.name, row.text, *_themes(row)), row.language)


def _listing_source(model: Any) -> Source:
    owner = model.organisation_id == Organisation.id
    changes = (_own(model), _of(model.id, Organisation.updated_at).join(Organisation, owner))
    return Source(
        model, changes, _listing, (joinedload(model.organisation), selectinload(model.terms))
    )


def _partners(exchange: Exchange) -> list[str]:
    return [partner.organisation.name for partner in exchange.partners]


def _exchange(row: Exchange) -> Words:
    texts = (row.reference, *_partners(row), row.purpose, *_themes(row))
    return Words(row.title, texts, row.language)


_partner_moved = _of(Partner.exchange_id, Partner.updated_at)
_partner_renamed = _of(Partner.exchange_id, Organisation.updated_at).join(
    Organisation, Partner.organisation_id == Organisation.id
)


def _organisation(row: Organisation) -> Words:
    place = row.place.name if row.place else ""
    return Words(row.name, (row.short_name, place, *_country(row.country_code)))


def _country(code: str | None) -> list[str]:
    """The country in every language that we know: "Moçambique" finds what "Mozambique" does."""
    names = [Locale(language).territories.get(code or "", "") for language in LABEL_LANGUAGES]
    return list(dict.fromkeys(filter(None, names)))


def _person(row: Person) -> Words:
    return Words(row.name, [one.organisation.name for one in row.affiliations])


def _visit(row: Visit) -> Words:
    title = row.title or row.exchange.title
    texts = (row.exchange.reference, row.place, row.description, *_partners(row.exchange))
    return Words(title, texts, row.exchange.language)


def _note(row: Note) -> Words:
    written = [text for one in row.translations.values() for text in one.values()]
    texts = (row.summary, *_partners(row.exchange), *row.parts.values(), *written)
    return Words(row.title, texts, row.language, row.slug or "")


def _practice(row: Practice) -> Words:
    first = row.said(row.language)
    others = [one.title for one in row.texts if one is not first]
    whose = row.organisation.name if row.organisation else row.credit
    return Words(first.title, (first.summary, whose, first.text, *others), row.language)


def _forum(row: Forum) -> Words:
    language = "en" if row.titles.get("en") else next(iter(row.titles), "")
    return Words(row.titles.get(language) or row.code, (row.place, *row.titles.values()), language)


def _through_exchange(model: Any) -> tuple[Select[Any], ...]:
    partner = model.exchange_id == Partner.exchange_id
    own = model.exchange_id == Exchange.id
    return (
        _own(model),
        _of(model.id, Exchange.updated_at).join(Exchange, own),
        _of(model.id, Partner.updated_at).join(Partner, partner),
    )


_WHOLE = joinedload(Note.exchange).selectinload(Exchange.partners)
SOURCES: dict[str, Source] = {
    "exchange": Source(
        Exchange,
        (_own(Exchange), _partner_moved, _partner_renamed),
        _exchange,
        (selectinload(Exchange.partners), selectinload(Exchange.terms)),
    ),
    "need": _listing_source(Need),
    "offer": _listing_source(Offer),
    "note": Source(Note, _through_exchange(Note), _note, (_WHOLE,)),
    "practice": Source(
        Practice,
        (_own(Practice), _of(PracticeText.practice_id, PracticeText.updated_at)),
        _practice,
        (joinedload(Practice.organisation), selectinload(Practice.texts)),
    ),
    "visit": Source(
        Visit,
        _through_exchange(Visit),
        _visit,
        (joinedload(Visit.exchange).selectinload(Exchange.partners),),
    ),
    "organisation": Source(
        Organisation, (_own(Organisation),), _organisation, (joinedload(Organisation.place),)
    ),
    "person": Source(
        Person,
        (
            _own(Person),
            _of(Affiliation.person_id, Affiliation.updated_at),
            _of(Affiliation.person_id, Organisation.updated_at).join(
                Organisation, Affiliation.organisation_id == Organisation.id
            ),
        ),
        _person,
    ),
    "forum": Source(Forum, (_own(Forum),), _forum),
}
