"""Loading checked rows: new ones in bulk, others through the actions of their noun.

A sheet is loaded in one transaction, and on SQLite nobody else writes meanwhile: ten thousand
rows must take seconds. New rows are drafts, for which the check has asked whatever the actions
would ask; so they go in by a few statements. A row that exists is changed by its noun's ``edit``,
because what may be changed depends on where it stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import selectinload

from exchange import events
from exchange.audit.many import tell
from exchange.catalogue import actions as catalogue
from exchange.catalogue.models import Need, Offer, need_terms, offer_terms
from exchange.clock import today
from exchange.directory import actions as directory
from exchange.directory.models import Organisation, Person, organisation_terms
from exchange.errors import DomainError, Invalid
from exchange.exchanges import actions as exchanges
from exchange.exchanges.due import due_on
from exchange.exchanges.models import Exchange, Partner, PartnerRole, exchange_terms
from exchange.exchanges.parts import find_partner
from exchange.extensions import db
from exchange.listing import folded
from exchange.spreadsheets.checking import Checked, Progress, Row
from exchange.spreadsheets.columns import COLUMNS
from exchange.spreadsheets.known import Terms
from exchange.spreadsheets.models import ImportNoun
from exchange.tags import TAGS
from workflows.exchange import ExchangeState

MODELS: dict[ImportNoun, tuple[Any, Table]] = {
    ImportNoun.organisations: (Organisation, organisation_terms),
    ImportNoun.needs: (Need, need_terms),
    ImportNoun.offers: (Offer, offer_terms),
    ImportNoun.exchanges: (Exchange, exchange_terms),
}
# Columns of a sheet that are no columns of the table.
PARTNERS = {"hosts": PartnerRole.host, "learners": PartnerRole.learner}
ASIDE = frozenset({*TAGS, *PARTNERS, "proposer_role", "state"})
AT_ONCE = 200


@dataclass
class Counts:
    """What a load did to the rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def load(noun: ImportNoun, checked: Checked, terms: Terms, *, actor: Person) -> Counts:
    """Save the rows of a clean check. The caller commits, or nothing is saved.

    :raises Invalid: a row can no longer be changed as it says; the world has moved since the check.
    """
    new = [row for row in checked.rows if row.row_id is None]
    counts = Counts(created=len(new))
    if new:
        _insert(noun, new, terms, actor)
    for row, thing in _existing(noun, checked.rows):
        if _differs(thing, row):
            _edit(noun, thing, row, actor)
            counts.updated += 1
        else:
            counts.unchanged += 1
    db.session.flush()
    return counts


def try_changes(
    noun: ImportNoun, checked: Checked, *, actor: Person, progress: Progress = lambda _done: None
) -> None:
    """Make every change of an existing row and take it back; what is refused is a problem.

    The rules of a change are those of its noun, and this way nobody writes them down twice.
    """
    rows = [row for row in checked.rows if row.row_id is not None]
    for number, some in enumerate(_pieces(rows, AT_ONCE)):
        for row, thing in _existing(noun, some):
            if _differs(thing, row):
                _try(noun, thing, row, actor, checked)
        db.session.rollback()
        events.forget(db.session())
        progress(number * AT_ONCE + len(some))
    checked.problems.sort(key=lambda one: one["row"])


def _try(noun: ImportNoun, thing: Any, row: Row, actor: Person, checked: Checked) -> None:
    try:
        with db.session.begin_nested():
            _edit(noun, thing, row, actor)
    except DomainError as wrong:
        checked.add(row.number, at_column(noun, wrong))


def at_column(noun: ImportNoun, wrong: DomainError) -> Invalid:
    """A refusal at the column that it is about: of a field, or of the whole row."""
    first = COLUMNS[noun][0].name
    if not isinstance(wrong, Invalid):
        return Invalid(first, wrong.code, **wrong.facts)
    names = {column.attribute: column.name for column in COLUMNS[noun]}
    return Invalid(names.get(wrong.field, first), wrong.code, **wrong.facts)


# New rows


def _insert(noun: ImportNoun, rows: list[Row], terms: Terms, actor: Person) -> None:
    model, tag_table = MODELS[noun]
    made = [
        {**_columns_of(row), **own} for row, own in zip(rows, _own(noun, rows, actor), strict=True)
    ]
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(statement, made))
    key = f"{model.__tablename__}_id"
    tags = [
        {key: row_id, "term_id": terms.ids[vocabulary, code]}
        for row_id, row in zip(ids, rows, strict=True)
        for name, vocabulary in TAGS.items()
        for code in dict.fromkeys(row.values.get(name, ()))
    ]
    if tags:
        db.session.execute(insert(tag_table), tags)
        for row_id, row in zip(ids, rows, strict=True):
            codes = {code for name in TAGS for code in row.values.get(name, ())}
            tell(db.session(), model.__table__, row_id, {"terms": sorted(codes)})
    if noun == ImportNoun.exchanges:
        _insert_partners(ids, rows)


def _columns_of(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if name not in ASIDE}


def _own(noun: ImportNoun, rows: list[Row], actor: Person) -> Iterator[dict[str, Any]]:
    """What a new row of a noun has beside its cells, as ``create`` of that noun would say."""
    if noun == ImportNoun.organisations:
        yield from _own_of_organisations(rows)
    elif noun == ImportNoun.exchanges:
        due = due_on(Exchange(state=ExchangeState.draft))
        for _row in rows:
            reference = exchanges.next_reference(today().year)
            yield {"reference": reference, "contact_id": actor.id, "due_on": due}
    else:
        publisher = cache(
            lambda organisation_id: catalogue.association_that_writes(organisation_id, actor)
        )
        default = {"hosts_wanted": 1} if noun == ImportNoun.needs else {"places": 1}
        for row in rows:
            numbers = {name: row.values.get(name, one) for name, one in default.items()}
            by = publisher(row.values["organisation_id"])
            yield {"contact_id": actor.id, "published_by_id": by, **numbers}


def _own_of_organisations(rows: list[Row]) -> Iterator[dict[str, Any]]:
    sections: Callable[..., list[str]] = cache(_sections_of)
    for row in rows:
        given = row.values
        place = (given["kind"], given.get("country_code"), given.get("level"))
        if not given.get("sections"):
            given["sections"] = sections(*place)
        yield {
            "folded_name": folded(given["name"])[:200],
            "external_id": row.values.get("external_id"),
        }


def _sections_of(kind: Any, country: str | None, level: Any) -> list[str]:
    like = Organisation(kind=kind, country_code=country, level=level)
    return directory.usual_sections(like)


def _insert_partners(ids: Sequence[int], rows: list[Row]) -> None:
    found: dict[tuple[int, int, PartnerRole], dict[str, Any]] = {}
    for row_id, row in zip(ids, rows, strict=True):
        named: list[tuple[int, PartnerRole, date | None]] = [
            (one, role, None) for name, role in PARTNERS.items() for one in row.values.get(name, ())
        ]
        if role := row.values.get("proposer_role"):
            named.append((row.values["proposer_id"], role, today()))
        for organisation_id, role, day in named:
            facts = {"organisation_id": organisation_id, "role": role, "committed_on": day}
            found[row_id, organisation_id, role] = {"exchange_id": row_id, **facts}
    if found:
        db.session.execute(insert(Partner), list(found.values()))


# Rows that are there already


def _existing(noun: ImportNoun, rows: Sequence[Row]) -> Iterator[tuple[Row, Any]]:
    model = MODELS[noun][0]
    known = [row for row in rows if row.row_id is not None]
    for some in _pieces(known, AT_ONCE):
        query = select(model).where(model.id.in_([row.row_id for row in some]))
        options = [selectinload(model.terms)]
        if model is Exchange:
            options.append(selectinload(Exchange.partners))
        things = {thing.id: thing for thing in db.session.scalars(query.options(*options))}
        yield from ((row, things[row.row_id]) for row in some if row.row_id in things)


def _differs(thing: Any, row: Row) -> bool:
    return any(
        _held(thing, name) != _wanted(name, value) for name, value in _edits(row).items()
    ) or bool(list(_new_partners(thing, row)))


def _held(thing: Any, name: str) -> Any:
    if name in TAGS:
        return {term.code for term in thing.tagged(TAGS[name])}
    return getattr(thing, name)


def _wanted(name: str, value: Any) -> Any:
    return set(value) if name in TAGS else value


def _edits(row: Row) -> Mapping[str, Any]:
    kept = {*PARTNERS, "proposer_role", "state"}
    return {name: value for name, value in row.values.items() if name not in kept}


def _new_partners(thing: Any, row: Row) -> Iterator[tuple[int, PartnerRole]]:
    for name, role in PARTNERS.items():
        for organisation_id in row.values.get(name, ()):
            if not find_partner(thing, organisation_id, role):
                yield organisation_id, role


def _edit(noun: ImportNoun, thing: Any, row: Row, actor: Person) -> None:
    data = _edits(row)
    if noun == ImportNoun.organisations:
        directory.edit(thing, data, actor=actor)
    elif noun == ImportNoun.exchanges:
        exchanges.edit(thing, data, actor=actor)
        for organisation_id, role in list(_new_partners(thing, row)):
            exchanges.add_partner(thing, organisation_id, role, actor=actor)
    else:
        catalogue.edit(thing, data, actor=actor)


def _pieces(rows: Sequence[Row], size: int) -> Iterator[list[Row]]:
    for first in range(0, len(rows), size):
        yield list(rows[first : first + size])
