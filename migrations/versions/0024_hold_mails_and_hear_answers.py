"""Mails can be held, thread by exchange and be written anew; reminders have rules and answers."""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = ("queued", "sending", "sent", "failed", "skipped")
DELIVERIES = ("at_once", "digest", "never")
LINKS = ("invitation", "reset")


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _members(table: Any, name: str, column: str, *members: str) -> None:
    """Let a column take these members."""
    table.drop_constraint(op.f(f"ck_{table.impl.table_name}_{name}"), type_="check")
    listed = ", ".join(f"'{member}'" for member in members)
    table.create_check_constraint(
        op.f(f"ck_{table.impl.table_name}_{name}"), f"{column} IN ({listed})"
    )


def _record() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def upgrade() -> None:
    _widen_messages()
    with op.batch_alter_table("preference") as table:
        _members(table, "delivery", "delivery", "one_a_day", *DELIVERIES)
    with op.batch_alter_table("link") as table:
        _members(table, "linkkind", "kind", *LINKS, "sign_in")
    with op.batch_alter_table("programme") as table:
        words = "its mails wait until staff have looked at them"
        table.add_column(
            sa.Column(
                "trial", sa.Boolean(), server_default=sa.false(), nullable=False, comment=words
            )
        )
    with op.batch_alter_table("programme") as table:
        table.alter_column("trial", existing_type=sa.Boolean(), server_default=None)
    _create_tables()


def _widen_messages() -> None:
    with op.batch_alter_table("message") as table:
        _members(table, "messagestate", "state", "held", *STATES)
        table.alter_column(
            "held",
            new_column_name="bundled",
            existing_type=sa.Boolean(),
            existing_nullable=False,
            comment="waits for the one mail a day of its reader",
        )
        table.add_column(
            sa.Column("key", sa.String(32), comment="what the links of the mail are signed for")
        )
        table.add_column(sa.Column("exchange_id", sa.Integer(), comment="its thread"))
        table.add_column(
            sa.Column(
                "facts",
                sa.JSON(),
                server_default="{}",
                nullable=False,
                comment="what it was composed of, to compose it in another language",
            )
        )
        for name, kind, words in (
            ("link", sa.String(500), "where its button leads"),
            ("opening", sa.Text(), "what staff wrote in place of its first words"),
        ):
            table.add_column(
                sa.Column(name, kind, server_default="", nullable=False, comment=words)
            )
        table.create_foreign_key(
            op.f("fk_message_exchange_id"), "exchange", ["exchange_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index(op.f("ix_message_exchange_id"), ["exchange_id"])
    _give_keys()
    with op.batch_alter_table("message") as table:
        table.alter_column("key", existing_type=sa.String(32), nullable=False)
        table.alter_column("facts", existing_type=sa.JSON(), server_default=None)
        table.alter_column("link", existing_type=sa.String(500), server_default=None)
        table.alter_column("opening", existing_type=sa.Text(), server_default=None)
        table.create_unique_constraint(op.f("uq_message_key"), ["key"])


def _give_keys() -> None:
    message = sa.table("message", sa.column("id"), sa.column("key"))
    ids = op.get_bind().scalars(sa.select(message.c.id)).all()
    rows = [{"of": one, "new": secrets.token_urlsafe(16)} for one in ids]
    if rows:
        given = message.update().where(message.c.id == sa.bindparam("of"))
        op.get_bind().execute(given.values(key=sa.bindparam("new")), rows)


def _create_tables() -> None:
    op.create_table(
        "quiet_hours",
        *_record(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column(
            "weekends", sa.Boolean(), nullable=False, comment="quiet on Saturdays and Sundays"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_quiet_hours_person_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("person_id", name=op.f("uq_quiet_hours_person_id")),
    )
    op.create_table(
        "mail_text",
        *_record(),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        _set_null("mail_text", "author_id", "person"),
        sa.UniqueConstraint(
            "kind", "language", "version", name=op.f("uq_mail_text_kind_language_version")
        ),
    )
    op.create_table(
        "reminder_rule",
        *_record(),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False, comment="after its anchor"),
        sa.Column("held", sa.Boolean(), nullable=False, comment="its mails wait for approval"),
        sa.Column("author_id", sa.Integer()),
        _set_null("reminder_rule", "author_id", "person"),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_reminder_rule_kind_version")),
    )
    op.create_table(
        "delay",
        *_record(),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("reminder_id", sa.Integer()),
        _set_null("delay", "reminder_id", "reminder"),
        sa.Index("ix_delay_subject", "kind", "subject_id"),
        sa.Index("ix_delay_reminder_id", "reminder_id"),
    )
    op.create_table(
        "word",
        *_record(),
        sa.Column("kind", _choice("wordkind", "stop", "passed_on", "more_time"), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("exchange_id", sa.Integer()),
        sa.Column("said_by", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("settled_at", UTCDateTime()),
        sa.Column("settled_by_id", sa.Integer()),
        _cascade("word", "reminder_id", "reminder"),
        _cascade("word", "exchange_id", "exchange"),
        _set_null("word", "settled_by_id", "person"),
        sa.Index("ix_word_settled_at", "settled_at"),
        sa.Index("ix_word_reminder_id", "reminder_id"),
        sa.Index("ix_word_exchange_id", "exchange_id"),
    )


def _cascade(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _set_null(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="SET NULL"
    )


def downgrade() -> None:
    for name in ("word", "delay", "reminder_rule", "mail_text", "quiet_hours"):
        op.drop_table(name)
    with op.batch_alter_table("programme") as table:
        table.drop_column("trial")
    op.execute("DELETE FROM link WHERE kind = 'sign_in'")
    with op.batch_alter_table("link") as table:
        _members(table, "linkkind", "kind", *LINKS)
    op.execute("DELETE FROM preference WHERE delivery = 'one_a_day'")
    with op.batch_alter_table("preference") as table:
        _members(table, "delivery", "delivery", *DELIVERIES)
    op.execute("UPDATE message SET state = 'queued' WHERE state = 'held'")
    with op.batch_alter_table("message") as table:
        _members(table, "messagestate", "state", *STATES)
        table.drop_index(op.f("ix_message_exchange_id"))
        table.drop_constraint(op.f("fk_message_exchange_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_message_key"), type_="unique")
        table.alter_column(
            "bundled",
            new_column_name="held",
            existing_type=sa.Boolean(),
            existing_nullable=False,
            comment="waits for the reader's daily digest",
        )
        for name in ("opening", "link", "facts", "exchange_id", "key"):
            table.drop_column(name)
