"""Webhooks: other programs are told what moved."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

STATES = ("waiting", "sending", "delivered", "failed")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), comment="empty: of the staff"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose eyes it has"),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(300), nullable=False, comment="sealed"),
        sa.Column("old_secret", sa.String(300), nullable=False, comment="sealed"),
        sa.Column("old_until", UTCDateTime(), comment="until when the old secret signs too"),
        sa.Column(
            "seen_until",
            UTCDateTime(),
            nullable=False,
            comment="what happened before is written down",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="tries in a row that failed"),
        sa.Column("disabled_at", UTCDateTime()),
        sa.Column("disabled_why", sa.String(40), nullable=False),
        _key("webhook", "organisation"),
        _key("webhook", "person"),
    )
    op.create_index(op.f("ix_webhook_organisation_id"), "webhook", ["organisation_id"])
    op.create_index(op.f("ix_webhook_person_id"), "webhook", ["person_id"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column(
            "key", sa.String(80), nullable=False, comment="what happened: once for each webhook"
        ),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *STATES,
                name="webhookdeliverystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("claimed_until", UTCDateTime()),
        sa.Column("status", sa.Integer(), comment="what the other side answered last"),
        sa.Column("reason", sa.String(60), nullable=False, comment="a code"),
        _key("webhook_delivery", "webhook"),
        sa.UniqueConstraint("webhook_id", "key", name=op.f("uq_webhook_delivery_webhook_id_key")),
    )
    op.create_index("ix_webhook_delivery_due", "webhook_delivery", ["state", "next_try_at"])


def _key(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
