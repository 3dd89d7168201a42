"""Keep an audit trail: entries and the chain over them, which the database only adds to."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

REFUSAL = "the audit trail is only added to"
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION keep_audit_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), comment="empty: the program, or a visitor"),
        sa.Column("through", sa.String(40), nullable=False),
        sa.Column("place", sa.String(120), nullable=False, comment="endpoint, task, command"),
        sa.Column("request_id", sa.String(64), nullable=False, comment="as in the log"),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("noun", sa.String(60), nullable=False, comment="name of the table"),
        sa.Column("subject_id", sa.Integer(), comment="empty: many rows at once"),
        sa.Column("owner_noun", sa.String(60), nullable=False, comment="what it is a part of"),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("changes", sa.Text(), nullable=False, comment="JSON: field to [before, after]"),
        sa.Column(
            "seal", sa.String(64), nullable=False, comment="HMAC-SHA-256 of all of the above"
        ),
        sa.CheckConstraint(
            "action IN ('create', 'change', 'delete', 'bulk', 'see')",
            name=op.f("ck_audit_entry_action"),
        ),
        sa.CheckConstraint(
            "through IN ('page', 'api', 'task', 'command')", name=op.f("ck_audit_entry_through")
        ),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("subject", ["noun", "subject_id", "id"]),
        ("owner", ["owner_noun", "owner_id", "id"]),
        ("person_id", ["person_id", "id"]),
        ("happened_at", ["happened_at"]),
    ):
        op.create_index(op.f(f"ix_audit_entry_{name}"), "audit_entry", columns)
    op.create_table(
        "audit_link",
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, comment="SHA-256"),
        sa.Column("chained_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_link_entry_id")),
    )
    for table in ("audit_entry", "audit_link"):
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    refuse = "EXECUTE FUNCTION keep_audit_trail()"
    op.execute(POSTGRESQL_FUNCTION)
    op.execute(
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
    )


def downgrade() -> None:
    op.drop_table("audit_link")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_audit_trail()")
