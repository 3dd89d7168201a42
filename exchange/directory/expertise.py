"""What people of the network know and would share: listed by themselves, for as long as they want.

The people who learn and teach are the members'. Nobody is listed by others: the entry is the
person's own, writing it is the consent, and taking it away leaves nothing.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from exchange import events, tags
from exchange.directory.models import Affiliation, Organisation, Person
from exchange.extensions import Model, Record, db, term_link
from exchange.listing import folded
from exchange.personal import Datum, Erased, Purpose, personal
from exchange.vocabularies.models import Term

expertise_terms = term_link("expertise")


class Expertise(Record, Model):
    """What one person knows. ``terms`` hold themes, and the languages in which they share it."""

    __tablename__ = "expertise"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str] = mapped_column(
        Text, info=personal(Datum.contribution, Purpose.expertise, Erased.gone)
    )
    folded_text: Mapped[str] = mapped_column(
        Text,
        comment="as searches compare it",
        info=personal(Datum.contribution, Purpose.expertise, Erased.gone),
    )
    language: Mapped[str] = mapped_column(String(5), comment="that the text is written in")
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    terms: Mapped[list[Term]] = relationship(secondary=expertise_terms, order_by=Term.position)

    def tagged(self, vocabulary: str) -> list[Term]:
        """Its terms of one vocabulary: ``theme`` or ``language``."""
        return [term for term in self.terms if term.vocabulary == vocabulary]


SORTS = {"changed": Expertise.updated_at}
NEWEST_FIRST = "-changed"


def of_person(person: Person) -> Expertise | None:
    """The entry of a person."""
    return db.session.scalars(select(Expertise).where(Expertise.person_id == person.id)).first()


def save(person: Person, data: Mapping[str, Any]) -> Expertise:
    """List what one knows, or change it. The caller commits.

    :raises Invalid: a code that is not in its vocabulary.
    """
    row = of_person(person) or Expertise(person=person)
    with db.session.no_autoflush:
        tags.apply(row, {**data, "folded_text": folded(data["text"])})
    db.session.add(row)
    db.session.flush()
    events.publish("expertise.save", id=row.id)
    return row


def withdraw(person: Person) -> None:
    """Be listed no longer: nothing of it is kept. The caller commits."""
    if (row := of_person(person)) is not None:
        db.session.delete(row)
        db.session.flush()


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow by words (of the text and the name), theme, language, and country of their place."""
    query = query.join(Expertise.person).where(Person.disabled_at.is_(None))
    if words := filters.get("q"):
        wanted = folded(words)
        near = Expertise.folded_text.contains(wanted, autoescape=True)
        query = query.where(near | Person.name.icontains(words, autoescape=True))
    for vocabulary in ("theme", "language"):
        if code := filters.get(vocabulary):
            tagged = select(expertise_terms.c.expertise_id).join(Term)
            query = query.where(
                Expertise.id.in_(tagged.where(Term.vocabulary == vocabulary, Term.code == code))
            )
    if country := filters.get("country"):
        theirs = select(Affiliation.person_id).join(Organisation)
        query = query.where(
            Expertise.person_id.in_(theirs.where(Organisation.country_code == country.upper()))
        )
    return query.options(
        selectinload(Expertise.terms),
        joinedload(Expertise.person).selectinload(Person.affiliations),
    )
