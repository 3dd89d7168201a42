"""Who lists what they know in the demonstration: two role accounts, and they say so."""

from typing import Any

from sqlalchemy import select

from exchange.directory import expertise
from exchange.directory.models import Person
from exchange.extensions import db

KNOWN = (
    ("nampula", "pt", "Exemplo: a gestão de mercados com quem neles vende.", ("pt",)),
    ("medellin", "es", "Ejemplo: presupuesto participativo, barrio por barrio.", ("es", "en")),
)


def load_expertise() -> None:
    """List two people, unless they have listed something themselves."""
    for start, language, text, languages in KNOWN:
        query = select(Person).where(Person.demo, Person.email.startswith(f"{start}@"))
        person = db.session.scalars(query).first()
        if person is not None and expertise.of_person(person) is None:
            data: dict[str, Any] = {
                "text": text,
                "language": language,
                "languages": languages,
                "themes": [],
            }
            expertise.save(person, data).demo = True
