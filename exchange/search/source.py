"""One noun that is searched: when its words may have changed, and what they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from exchange.extensions import db


@dataclass(frozen=True)
class Words:
    """What search shows and compares of one row; ``titles`` by language, where it has several."""

    title: str
    texts: Iterable[str]
    language: str = ""
    address: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


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


def own(model: Any) -> Select[Any]:
    """The changes of the rows themselves."""
    return select(model.id.label("row_id"), model.updated_at.label("moment"))


def of(row_id: Any, moment: Any) -> Select[Any]:
    """The changes of other rows, whose words the row bears; joins are the caller's."""
    return select(row_id.label("row_id"), moment.label("moment"))


def themes(row: Any) -> list[str]:
    """The themes of a row in every language that we know."""
    chosen = [term for term in row.terms if term.vocabulary == "theme"]
    return [words for term in chosen for words in term.labels.values()]
