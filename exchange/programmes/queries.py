"""Reading programmes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, String, cast, select

from exchange.extensions import db
from exchange.programmes.models import GENERAL, MatchingMode, Programme

SORTS = {"code": Programme.code, "newest": Programme.id}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow a list of programmes; the network at large stands on its own page."""
    query = query.where(Programme.code != GENERAL)
    if filters.get("open"):
        query = query.where(Programme.open)
    if words := filters.get("q"):
        titles = cast(Programme.titles, String).icontains(words, autoescape=True)
        query = query.where(Programme.code.icontains(words, autoescape=True) | titles)
    return query


def general() -> Programme | None:
    """The row of the network at large; none where nobody has set its mode yet."""
    return db.session.scalars(select(Programme).where(Programme.code == GENERAL)).first()


def mode_of(programme: Programme | None) -> MatchingMode:
    """How the needs of ``programme`` are matched; None is the network at large.

    Where nobody decided, the program asks by itself: a need that nobody looks after is answered.
    """
    row = programme or general()
    return MatchingMode(row.mode) if row else MatchingMode.automatic


def programmes() -> list[Programme]:
    """All programmes, the open ones first."""
    order = (Programme.code != GENERAL, Programme.open.desc(), Programme.code)
    return list(db.session.scalars(select(Programme).order_by(*order)))


def open_programmes() -> list[Programme]:
    """The programmes that a need can be entered for; the network at large is none."""
    return [row for row in programmes() if row.open and row.code != GENERAL]
