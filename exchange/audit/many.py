"""Statements over many rows: each record that one changes gets an entry of its own, with before and
after, as if a form had changed it. A few statements more, however many rows there are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, LargeBinary, RowMapping, Select, Table, event, select
from sqlalchemy.orm import ORMExecuteState, Session

from exchange.audit.exempt import AT_ONCE, TABLES, is_kept
from exchange.audit.models import Action
from exchange.audit.recording import Change, gathered
from exchange.audit.values import is_masked, mask, plain
from exchange.extensions import db

Values = Mapping[str, Any] | RowMapping
# A database takes no more numbers in one statement.
MOST_NUMBERS = 10_000


def tell(session: Session, table: Table, number: int, fields: Mapping[str, Any]) -> None:
    """Add to the entry of a record what stands in rows without a number: its words, by code."""
    told = {name: [None, value] for name, value in fields.items() if value}
    gathered(session).append(Change(Action.change, table.name, number, fields=told))


def _many(state: ORMExecuteState) -> Any:
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    table = getattr(state.statement, "table", None)
    if not isinstance(table, Table) or table.name in TABLES or _is_noise(state.statement, table):
        return None
    listed = isinstance(state.parameters, list) and not state.is_insert
    if table.name in AT_ONCE or listed or "id" not in table.c:
        return _as_one(state, table)
    return _new(state, table) if state.is_insert else _known(state, table)


def _is_noise(statement: Any, table: Table) -> bool:
    """An UPDATE of nothing but what the trail leaves out of single rows, too: a heartbeat, the time
    of the last change."""
    names = _named(statement)
    return bool(names) and not any(is_kept(table.name, name) for name in names)


def _named(statement: Any) -> list[str]:
    """The columns that an UPDATE sets; a table says strings."""
    values = getattr(statement, "_values", None) or {}
    return [str(getattr(column, "name", column)) for column in values]


def _as_one(state: ORMExecuteState, table: Table) -> Any:
    """One entry for the statement: what it says, and how many rows it touched."""
    result = state.invoke_statement()
    rows = len(state.parameters) if isinstance(state.parameters, list) else result.rowcount  # type: ignore[attr-defined] # of a cursor
    if rows:
        gathered(state.session).append(_statement(state, table, rows))
    return result


def _statement(state: ORMExecuteState, table: Table, rows: int) -> Change:
    told = f"INSERT INTO {table.name}" if state.is_insert else str(state.statement)
    words = " ".join(told.split())
    fields = {"statement": [None, plain(words)], "rows": [None, max(rows, 0) or None]}
    return Change(Action.bulk, table.name, None, fields=fields)


def _new(state: ORMExecuteState, table: Table) -> Any:
    """Rows that are put in: the database gives their numbers in the order of the rows."""
    statement: Any = state.statement
    if not statement._returning:
        statement = statement.returning(table.c.id, sort_by_parameter_order=True)
    found = state.invoke_statement(statement=statement).freeze()
    sent = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    for row, values in zip(found(), sent, strict=True):
        after = {**values, "id": row.id}
        gathered(state.session).append(_change(Action.create, table, {}, after))
    return found()


def _known(state: ORMExecuteState, table: Table) -> Any:
    """Rows that are changed or removed: read, and held, as they were before."""
    session = state.session
    if session.autoflush:
        session.flush()  # what the statement finds, too
    columns = _columns(state.statement, table)
    which: Any = select(*columns).where(*state.statement._where_criteria)  # type: ignore[attr-defined] # of both kinds
    held = which.order_by(table.c.id).with_for_update(of=table, key_share=True)
    before = session.execute(held).mappings().all()
    result = state.invoke_statement()
    told = Action.change if state.is_update else Action.delete
    after = _now(session, select(*columns), table, before) if state.is_update else {}
    for row in before:
        change = _change(told, table, row, after.get(row["id"], {}))
        if change.fields or told == Action.delete:
            gathered(session).append(change)
    if result.rowcount > len(before):  # type: ignore[attr-defined] # of a cursor
        # Somebody else made a row fit between the look and the statement.
        rows = result.rowcount - len(before)  # type: ignore[attr-defined] # the same
        gathered(session).append(_statement(state, table, rows))
    return result


def _columns(statement: Any, table: Table) -> list[Column[Any]]:
    """Its number, what it is a part of, and what is told of it."""
    named = _named(statement) or [column.name for column in table.columns]
    owner = _owner(table)
    needed = {"id", *named, *([owner[1]] if owner else ())}
    return [column for column in table.columns if column.name in needed and _is_short(column)]


def _is_short(column: Column[Any]) -> bool:
    return not isinstance(column.type, LargeBinary)


def _now(
    session: Session, query: Select[Any], table: Table, rows: Sequence[Any]
) -> dict[int, Values]:
    found: dict[int, Values] = {}
    numbers = [row["id"] for row in rows]
    for first in range(0, len(numbers), MOST_NUMBERS):
        some = numbers[first : first + MOST_NUMBERS]
        again = session.execute(query.where(table.c.id.in_(some))).mappings()
        found |= {row["id"]: row for row in again}
    return found


def _change(action: Action, table: Table, before: Values, after: Values) -> Change:
    known = before or after
    owner = _owner(table)
    return Change(
        action,
        table.name,
        known["id"],
        (owner[0], known.get(owner[1])) if owner else ("", None),
        dict(_fields(table, before, after)),
    )


def _fields(table: Table, before: Values, after: Values) -> Iterator[tuple[str, list[Any]]]:
    for column in table.columns:
        pair = before.get(column.name), after.get(column.name)
        if not before and pair[1] in ("", [], {}):
            continue
        if pair[0] != pair[1] and is_kept(table.name, column.name) and _is_short(column):
            write = mask if is_masked(column) else plain
            yield column.name, [write(value) for value in pair]


def _owner(table: Table) -> tuple[str, str] | None:
    """The table and the column of the row that this one is a part of."""
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table.name
            if key.ondelete == "CASCADE" and target != "person":
                return target, column.name
    return None


def connect() -> None:
    """Listen to every session of the program, however often it is called."""
    if not event.contains(db.session, "do_orm_execute", _many):
        event.listen(db.session, "do_orm_execute", _many)
