"""What is searched, noun by noun; those of the forum and of its learning are in ``learning``."""

from typing import Any

from babel import Locale
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue.models import Need, Offer
from exchange.config import LABEL_LANGUAGES
from exchange.directory.models import Affiliation, Organisation, Person
from exchange.exchanges.models import Exchange, Partner
from exchange.lessons.models import Note
from exchange.practices.models import Practice, PracticeText
from exchange.search.learning import LEARNING
from exchange.search.source import Source, Words, of, own, themes
from exchange.visits.models import Visit


def _listing(row: Any) -> Words:
    return Words(row.title, (row.organisation.name, row.text, *themes(row)), row.language)


def _listing_source(model: Any) -> Source:
    owner = model.organisation_id == Organisation.id
    changes = (own(model), of(model.id, Organisation.updated_at).join(Organisation, owner))
    return Source(
        model, changes, _listing, (joinedload(model.organisation), selectinload(model.terms))
    )


def _partners(exchange: Exchange) -> list[str]:
    return [partner.organisation.name for partner in exchange.partners]


def _exchange(row: Exchange) -> Words:
    texts = (row.reference, *_partners(row), row.purpose, *themes(row))
    return Words(row.title, texts, row.language)


_partner_moved = of(Partner.exchange_id, Partner.updated_at)
_partner_renamed = of(Partner.exchange_id, Organisation.updated_at).join(
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


def _through_exchange(model: Any) -> tuple[Select[Any], ...]:
    partner = model.exchange_id == Partner.exchange_id
    its = model.exchange_id == Exchange.id
    return (
        own(model),
        of(model.id, Exchange.updated_at).join(Exchange, its),
        of(model.id, Partner.updated_at).join(Partner, partner),
    )


_WHOLE = joinedload(Note.exchange).selectinload(Exchange.partners)
SOURCES: dict[str, Source] = {
    "exchange": Source(
        Exchange,
        (own(Exchange), _partner_moved, _partner_renamed),
        _exchange,
        (selectinload(Exchange.partners), selectinload(Exchange.terms)),
    ),
    "need": _listing_source(Need),
    "offer": _listing_source(Offer),
    "note": Source(Note, _through_exchange(Note), _note, (_WHOLE,)),
    "practice": Source(
        Practice,
        (own(Practice), of(PracticeText.practice_id, PracticeText.updated_at)),
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
        Organisation, (own(Organisation),), _organisation, (joinedload(Organisation.place),)
    ),
    "person": Source(
        Person,
        (
            own(Person),
            of(Affiliation.person_id, Affiliation.updated_at),
            of(Affiliation.person_id, Organisation.updated_at).join(
                Organisation, Affiliation.organisation_id == Organisation.id
            ),
        ),
        _person,
    ),
    **LEARNING,
}
