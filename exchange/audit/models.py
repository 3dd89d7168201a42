"""The entries of the trail, and the chain over them. Both are only ever added to."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import DDL, Date, ForeignKey, Index, String, Table, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from exchange.clock import now
from exchange.extensions import Model, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal


class Action(StrEnum):
    """What was done."""

    create = auto()
    change = auto()
    delete = auto()
    bulk = auto()
    see = auto()


class Through(StrEnum):
    """Which way somebody came."""

    page = auto()
    api = auto()
    task = auto()
    command = auto()


class AuditEntry(Model):
    """One change of one record, or one look at what is sensitive.

    No foreign keys: what it speaks of may go, the entry stays.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "noun", "subject_id", "id"),
        Index("ix_audit_entry_owner", "owner_noun", "owner_id", "id"),
        Index("ix_audit_entry_person_id", "person_id", "id"),
        {"sqlite_autoincrement": True},  # the number of a removed row is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    person_id: Mapped[int | None] = mapped_column(comment="empty: the program, or a visitor")
    through: Mapped[Through] = mapped_column(choice(Through))
    place: Mapped[str] = mapped_column(String(120), default="", comment="endpoint, task, command")
    request_id: Mapped[str] = mapped_column(String(64), default="", comment="as in the log")
    action: Mapped[Action] = mapped_column(choice(Action))
    noun: Mapped[str] = mapped_column(String(60), comment="name of the table")
    subject_id: Mapped[int | None] = mapped_column(comment="empty: many rows at once")
    owner_noun: Mapped[str] = mapped_column(String(60), default="", comment="what it is a part of")
    owner_id: Mapped[int | None] = mapped_column()
    changes: Mapped[str] = mapped_column(Text, comment="JSON: field to [before, after]")
    seal: Mapped[str] = mapped_column(String(64), comment="HMAC-SHA-256 of all of the above")


class AuditLink(Model):
    """One link: the hash of the link before it and of its entry."""

    __tablename__ = "audit_link"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(String(64), comment="SHA-256")
    chained_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Look(Model):
    """Who saw which record on which day: written once, however often they look.

    An index over the entries, which alone are signed and chained: it finds those of a record, and
    says whether today's are written already. Old rows go, the entries stay.
    """

    __tablename__ = "audit_look"
    __table_args__ = (Index("ix_audit_look_record", "noun", "subject_id"),)

    viewer_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(
        Date,
        primary_key=True,
        index=True,
        comment="UTC",
        info=personal(Datum.activity, Purpose.watch, Erased.kept),
    )
    noun: Mapped[str] = mapped_column(String(60), primary_key=True, comment="name of the table")
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(comment="of the trail")


REFUSAL = "the audit trail is only added to"
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION keep_audit_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def guards(table: str, dialect: str) -> list[str]:
    """The statements that make a table refuse UPDATE, DELETE and, where there is one, TRUNCATE."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    refuse = "EXECUTE FUNCTION keep_audit_trail()"
    return [
        POSTGRESQL_FUNCTION,
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]


def _guard(table: Table) -> None:
    for dialect in ("sqlite", "postgresql"):
        for statement in guards(table.name, dialect):
            escaped = DDL(statement.replace("%", "%%"))
            event.listen(table, "after_create", escaped.execute_if(dialect=dialect))


for kept in (AuditEntry, AuditLink):
    _guard(kept.__table__)  # type: ignore[arg-type] # the mapper says FromClause
