"""Cities pause an offer, say what they can host, keep favourites, and ask to reopen a match."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offer") as table:
        table.add_column(
            sa.Column("paused_until", sa.Date(), comment="nobody new is taken before this day")
        )
        table.add_column(
            sa.Column("hosts_a_year", sa.Integer(), comment="visits it can host in a year")
        )
        table.add_column(sa.Column("season_note", sa.Text(), nullable=False, server_default=""))
        table.create_check_constraint(op.f("ck_offer_hosts_a_year"), "hosts_a_year > 0")
    with op.batch_alter_table("match") as table:
        table.add_column(sa.Column("reopen_asked_at", UTCDateTime()))
        table.add_column(sa.Column("reopen_note", sa.Text(), nullable=False, server_default=""))
    for name, column in (("offer", "season_note"), ("match", "reopen_note")):
        with op.batch_alter_table(name) as table:
            table.alter_column(column, existing_type=sa.Text(), server_default=None)
    _create_favourites()


def _create_favourites() -> None:
    op.create_table(
        "favourite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer()),
        sa.Column("offer_id", sa.Integer()),
        sa.Column("person_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourite")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_favourite_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_favourite_need_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_favourite_offer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_favourite_person_id"), ondelete="SET NULL"
        ),
        sa.CheckConstraint(
            "(need_id IS NULL) <> (offer_id IS NULL)", name=op.f("ck_favourite_one")
        ),
        sa.UniqueConstraint(
            "organisation_id", "need_id", name=op.f("uq_favourite_organisation_id_need_id")
        ),
        sa.UniqueConstraint(
            "organisation_id", "offer_id", name=op.f("uq_favourite_organisation_id_offer_id")
        ),
    )
    for column in ("need_id", "offer_id"):
        op.create_index(f"ix_favourite_{column}", "favourite", [column])


def downgrade() -> None:
    op.drop_table("favourite")
    with op.batch_alter_table("match") as table:
        table.drop_column("reopen_note")
        table.drop_column("reopen_asked_at")
    with op.batch_alter_table("offer") as table:
        table.drop_constraint(op.f("ck_offer_hosts_a_year"), type_="check")
        table.drop_column("season_note")
        table.drop_column("hosts_a_year")
        table.drop_column("paused_until")
