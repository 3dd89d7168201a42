"""Every change of every record, gathered at each flush and written once before the commit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, event, insert, inspect
from sqlalchemy.orm import (
    Mapper,
    Session,
    SessionTransaction,
    attributes,
)

from exchange.audit import sealing
from exchange.audit.author import author, request_id
from exchange.audit.exempt import TABLES, is_kept
from exchange.audit.models import Action, AuditEntry
from exchange.audit.values import HIDDEN, is_masked, mask, plain
from exchange.clock import now
from exchange.extensions import Base, db

_PENDING, _MARKS = "audit_pending", "audit_marks"


@dataclass
class Change:
    """What happened to one row in one transaction, before it is written."""

    action: Action
    noun: str
    subject_id: int | None
    owner: tuple[str, int | None] = ("", None)
    fields: dict[str, list[Any]] = field(default_factory=dict)


def gathered(session: Session) -> list[Change]:
    """What this transaction will write."""
    pending: list[Change] = session.info.setdefault(_PENDING, [])
    return pending


def _after_flush(session: Session, _context: Any) -> None:
    for action, rows in (
        (Action.create, session.new),
        (Action.change, session.dirty),
        (Action.delete, session.deleted),
    ):
        for row in rows:
            change = _change(action, row)
            if change is not None:
                gathered(session).append(change)


def _change(action: Action, row: Any) -> Change | None:
    mapper: Mapper[Any] = inspect(row).mapper
    table = str(mapper.local_table.name)  # type: ignore[attr-defined] # ours are tables
    if table in TABLES:
        return None
    found = {name: pair for name, pair in _fields(action, row, mapper) if pair[0] != pair[1]}
    found |= {name: [HIDDEN, HIDDEN] for name in _hidden(row, mapper)} if action == "change" else {}
    if not found and action == Action.change:
        return None
    number = getattr(row, "id", None)
    return Change(action, table, number, _owner(row, mapper), found)


def _fields(action: Action, row: Any, mapper: Mapper[Any]) -> Iterator[tuple[str, list[Any]]]:
    table = mapper.local_table.name  # type: ignore[attr-defined] # the same
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        if isinstance(column, Column) and is_kept(table, column.name):
            before, after = _pair(action, row, prop.key)
            write = mask if is_masked(column) else plain
            yield column.name, [write(before), write(after)]
    for relation in mapper.relationships:
        if relation.secondary is not None and not relation.viewonly:
            yield relation.key, _tags(action, row, relation.key)


def _pair(action: Action, row: Any, key: str) -> tuple[Any, Any]:
    if action == Action.create:
        value = row.__dict__.get(key)
        return None, None if value in ("", [], {}) else value
    if action == Action.delete:
        return row.__dict__.get(key), None
    history = attributes.get_history(row, key, attributes.PASSIVE_NO_INITIALIZE)
    if not history.has_changes():
        return None, None
    return _only(history.deleted), _only(history.added)


def _only(values: Any) -> Any:
    return values[0] if values else None


def _tags(action: Action, row: Any, key: str) -> list[Any]:
    """The rows that a row points at through a table between them, by code or number."""
    history = attributes.get_history(row, key, attributes.PASSIVE_NO_INITIALIZE)
    if action == Action.change and not history.has_changes():
        return [None, None]
    before = [*(history.unchanged or ()), *(history.deleted or ())]
    after = [*(history.unchanged or ()), *(history.added or ())]
    both = [sorted(str(getattr(one, "code", one.id)) for one in side) for side in (before, after)]
    return [
        None if action == Action.create or not both[0] else both[0],
        None if action == Action.delete or not both[1] else both[1],
    ]


def _hidden(row: Any, mapper: Mapper[Any]) -> list[str]:
    """Masked columns that changed from something to something else: both look the same."""
    return [
        prop.columns[0].name
        for prop in mapper.column_attrs
        if isinstance(prop.columns[0], Column)
        and is_masked(prop.columns[0])
        and is_kept(prop.columns[0].table.name, prop.columns[0].name)
        and all(value not in (None, "", [], {}) for value in _pair(Action.change, row, prop.key))
    ]


def _owner(row: Any, mapper: Mapper[Any]) -> tuple[str, int | None]:
    """The row that this one is a part of: the first that it goes with."""
    for column in mapper.local_table.columns:
        for key in column.foreign_keys:
            target = key.column.table.name
            if key.ondelete == "CASCADE" and target != "person":
                return target, getattr(row, mapper.get_property_by_column(column).key, None)
    return "", None


def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if pending := session.info.pop(_PENDING, None):
        write(session, pending)


def write(connection: Any, pending: list[Change]) -> None:
    """Write entries with ``connection``, a session or a connection; those of one row are one."""
    rows = [entry_of(change) for change in _joined(pending)]
    if rows:
        execute = connection.connection().execute if isinstance(connection, Session) else None
        (execute or connection.execute)(insert(AuditEntry.__table__), rows)  # type: ignore[arg-type] # the mapper says FromClause


def _joined(pending: list[Change]) -> list[Change]:
    joined: dict[Any, Change] = {}
    for number, change in enumerate(pending):
        one = change.subject_id is not None and change.action != Action.see
        key = (change.noun, change.subject_id) if one else number
        known = joined.get(key)
        if known is None:
            joined[key] = Change(**{**vars(change), "fields": dict(change.fields)})
            continue
        for name, (before, after) in change.fields.items():
            known.fields[name] = [known.fields.get(name, [before])[0], after]
        if change.action == Action.delete:
            known.action = Action.delete
    return [change for change in joined.values() if _says_something(change)]


def _says_something(change: Change) -> bool:
    """Not a change that was taken back within its transaction."""
    changed = any(b != a or b == HIDDEN for b, a in change.fields.values())
    return change.action != Action.change or changed


def entry_of(change: Change) -> dict[str, Any]:
    """The entry of a change as it is written: who, when, where, and its seal."""
    who = author()
    row = {
        "happened_at": now(),
        "person_id": who.person_id,
        "through": str(who.through),
        "place": who.place[:120],
        "request_id": request_id(),
        "action": str(change.action),
        "noun": change.noun,
        "subject_id": change.subject_id,
        "owner_noun": change.owner[0],
        "owner_id": change.owner[1],
        "changes": sealing.text_of(change.fields),
    }
    return {**row, "seal": sealing.sign(row)}


def _begun(session: Session, transaction: SessionTransaction) -> None:
    """What a savepoint takes back is not written: remember where it began."""
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[id(transaction)] = len(gathered(session))


def _rolled_back(session: Session, transaction: SessionTransaction) -> None:
    mark = session.info.get(_MARKS, {}).pop(id(transaction), 0) if transaction.nested else 0
    del gathered(session)[mark:]


def remember_before() -> None:
    """Have every column know what it was, also when it is set before it was read: once all mappers
    are configured, however often it is called."""
    for mapper in Base.registry.mappers:
        table = str(getattr(mapper.local_table, "name", ""))
        for prop in mapper.column_attrs:
            if table not in TABLES and not prop.deferred and is_kept(table, prop.columns[0].name):
                getattr(mapper.class_, prop.key).impl.active_history = True


def connect() -> None:
    """Listen to every session of the program, however often it is called."""
    if event.contains(db.session, "after_flush", _after_flush):
        return
    event.listen(db.session, "after_flush", _after_flush)
    event.listen(db.session, "before_commit", _before_commit)
    event.listen(db.session, "after_transaction_create", _begun)
    event.listen(db.session, "after_soft_rollback", _rolled_back)
