"""A row of any model for an organisation: what a model demands is filled by its kind of column."""

import itertools
from datetime import time
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Table, inspect
from sqlalchemy import types as kinds

from exchange.clock import now, today
from exchange.extensions import Base, UTCDateTime, db

_numbers = itertools.count(1)


def models() -> dict[str, type[Any]]:
    """Every model whose rows get their number from the database, or from the row they belong to."""
    found = {m.class_.__tablename__: m.class_ for m in Base.registry.mappers}
    return {table: model for table, model in found.items() if _is_numbered(model.__table__)}


def _is_numbered(table: Table) -> bool:
    keys = table.primary_key.columns
    return table.autoincrement_column is not None or all(key.foreign_keys for key in keys)


class Rows:
    """Rows that hang on one another, one of each model, made when they are asked for."""

    def __init__(self, known: dict[str, Any], facts: dict[str, dict[str, Any]]) -> None:
        """:param known: rows by table that are there already.
        :param facts: by table, what a column must hold beside what its kind gives."""
        self._rows, self._facts, self._models = known, facts, models()

    def __getitem__(self, table: str) -> Any:
        """The row of ``table``; with it those on which it hangs."""
        if table not in self._rows:
            self._rows[table] = self._made(table)
        return self._rows[table]

    def another(self, table: str, **facts: Any) -> Any:
        """One more row of ``table``, with other facts."""
        self._facts[table] = self._facts[table] | facts
        return self._made(table)

    def keys(self) -> dict[str, Any]:
        """The keys of the rows there are, by table."""
        return {table: inspect(row).identity[0] for table, row in self._rows.items()}

    def _made(self, table: str) -> Any:
        model = self._models[table]
        facts = {name: self._said(value) for name, value in self._facts.get(table, {}).items()}
        for column in model.__table__.columns:
            name = model.__mapper__.get_property_by_column(column).key
            if name not in facts and self._is_wanted(column, table):
                facts[name] = self._value(column)
        row = model(**facts)
        db.session.add(row)
        db.session.flush()
        return row

    def _said(self, value: Any) -> Any:
        return value(self) if callable(value) else value

    def _is_wanted(self, column: Column[Any], table: str) -> bool:
        """What a model demands, and whatever says whose a row is or on what it hangs."""
        if column.foreign_keys:
            above = next(iter(column.foreign_keys)).column.table.name
            return (above in HANGS_ON and above != table) or not column.nullable
        given = column.default is not None or column.server_default is not None
        return not (column.nullable or column.primary_key or given)

    def _value(self, column: Column[Any]) -> Any:
        if column.foreign_keys:
            return self[next(iter(column.foreign_keys)).column.table.name].id
        if isinstance(column.type, kinds.Enum):
            return next(iter(column.type.enum_class or column.type.enums))
        for kind, value in VALUES:
            if isinstance(column.type, kind):
                return value(column) if callable(value) else value
        raise LookupError(f"{column}: say in {__name__} what a {column.type!r} holds")


# What may be named by a column that may be empty.
HANGS_ON = {"organisation", "person", "exchange"}


def _text(column: Column[Any]) -> str:
    if "language" in column.name:
        return "en"
    length = getattr(column.type, "length", None) or 80
    return f"{column.name[:20]} {next(_numbers)}"[-length:]


VALUES: tuple[tuple[type[Any], Any], ...] = (
    (UTCDateTime, lambda _column: now()),
    (kinds.Time, time(9)),
    (kinds.Date, lambda _column: today()),
    (kinds.Boolean, False),
    (kinds.Integer, 1),
    (kinds.Numeric, Decimal(1)),
    (kinds.JSON, lambda _column: {}),
    (kinds.LargeBinary, b"\x89PNG"),
    (kinds.String, _text),
)
