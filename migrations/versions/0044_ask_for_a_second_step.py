"""The second step of signing in: codes by the clock, recovery codes, known devices."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in") as table:
        table.add_column(
            sa.Column(
                "proved_at", UTCDateTime(), comment="when its person last proved who they are"
            )
        )
        table.add_column(
            sa.Column("factor_at", UTCDateTime(), comment="when the second step was passed")
        )
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), primary_key=True),
        sa.Column(
            "sealed_secret",
            sa.String(300),
            nullable=False,
            comment="encrypted with a key made from the secret key",
        ),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime()),
        sa.Column(
            "last_counter",
            sa.BigInteger(),
            nullable=False,
            comment="the half minute of the last code: no code works twice",
        ),
        _of_person("second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        _of_person("recovery_code"),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_recovery_code_secret_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.create_table(
        "known_device",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        _of_person("known_device"),
        sa.UniqueConstraint(
            "person_id", "secret_hash", name=op.f("uq_known_device_person_id_secret_hash")
        ),
    )
    op.create_index(op.f("ix_known_device_secret_hash"), "known_device", ["secret_hash"])


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("known_device", "recovery_code", "second_factor"):
        op.drop_table(table)
    with op.batch_alter_table("sign_in") as batch:
        batch.drop_column("factor_at")
        batch.drop_column("proved_at")
