"""The database and its habits, shared by every noun."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Column,
    CursorResult,
    DateTime,
    Dialect,
    Enum,
    Executable,
    ForeignKey,
    MetaData,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from exchange.clock import now

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can find it on both databases."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def touched(statement: Executable) -> int:
    """Run an UPDATE or a DELETE; returns how many rows it touched."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def of_app(name: str) -> Any:
    """What ``create_app`` kept under ``name`` for the application that runs; None without one."""
    return current_app.extensions.get(name) if has_app_context() else None


class UTCDateTime(TypeDecorator[datetime]):
    """Aware instants in UTC: SQLite would give back naive ones, PostgreSQL local ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(members: type[StrEnum], name: str | None = None) -> Enum:
    """A column type that takes the members of ``members`` only, checked by the database."""
    return Enum(
        members,
        name=name or members.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda kind: [member.value for member in kind],
    )


def link(name: str, *, kept: bool = False, **columns: str) -> Table:
    """A table of pairs, each once: its two columns, and the table that each points to.

    :param kept: whether a row of the second table may not go while it is in a pair; else the pair
        goes with either.
    """
    (first, owner), (second, other) = columns.items()
    end = ForeignKey(f"{other}.id", ondelete=None if kept else "CASCADE")
    return Table(
        name,
        Base.metadata,
        Column(first, ForeignKey(f"{owner}.id", ondelete="CASCADE"), primary_key=True),
        Column(second, end, primary_key=True, index=True),
    )


def term_link(noun: str) -> Table:
    """The terms of the rows of a noun; one that is in use stays."""
    return link(f"{noun}_term", kept=True, **{f"{noun}_id": noun, "term_id": "term"})


class Record:
    """Columns of every row that people edit: identity, times, and the version they saw."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)
