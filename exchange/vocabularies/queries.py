"""Reading vocabularies."""

from collections.abc import Iterable

from sqlalchemy import select

from exchange.errors import Invalid
from exchange.extensions import db
from exchange.vocabularies.models import Term


def terms_of(vocabulary: str, *, retired: bool = False) -> list[Term]:
    """The terms of a vocabulary in their order, without the retired ones unless asked for."""
    query = select(Term).where(Term.vocabulary == vocabulary).order_by(Term.position, Term.code)
    if not retired:
        query = query.where(Term.retired_at.is_(None))
    return list(db.session.scalars(query))


def terms_by_codes(vocabulary: str, codes: Iterable[str], *, field: str) -> list[Term]:
    """The terms with these codes.

    :raises Invalid: ``unknown_term`` at ``field``, naming the codes that do not exist.
    """
    wanted = set(codes)
    query = select(Term).where(Term.vocabulary == vocabulary, Term.code.in_(wanted))
    found = list(db.session.scalars(query)) if wanted else []
    missing = wanted - {term.code for term in found}
    if missing:
        raise Invalid(field, "unknown_term", codes=", ".join(sorted(missing)))
    return found
