"""Needs and offers."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "matched",
                "in_exchange",
                "fulfilled",
                "expired",
                "withdrawn",
                name="needstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hosts_wanted", sa.Integer(), nullable=False, comment="with how many to learn"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "language",
            sa.String(length=5),
            nullable=False,
            comment="the language of title and text",
        ),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("guests", sa.Integer(), nullable=True, comment="people sent, or hosted, at once"),
        sa.Column(
            "interpretation",
            sa.Boolean(),
            nullable=False,
            comment="can work through an interpreter",
        ),
        sa.Column("budget_note", sa.Text(), nullable=False),
        sa.Column("visa_note", sa.Text(), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column(
            "examined_at",
            UTCDateTime(),
            nullable=True,
            comment="when the matcher last looked; before updated_at: it must look again",
        ),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("available_from <= available_until", name=op.f("ck_need_window")),
        sa.CheckConstraint("guests > 0", name=op.f("ck_need_guests")),
        sa.CheckConstraint("hosts_wanted > 0", name=op.f("ck_need_hosts_wanted")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["person.id"], name=op.f("fk_need_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_need_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["organisation.id"], name=op.f("fk_need_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("external_id", name=op.f("uq_need_external_id")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_demo"), ["demo"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_need_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_need_published_by_id"), ["published_by_id"], unique=False
        )
        batch_op.create_index("ix_need_state_expires_on", ["state", "expires_on"], unique=False)

    op.create_table(
        "offer",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "matched",
                "in_exchange",
                "fulfilled",
                "expired",
                "withdrawn",
                name="offerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False, comment="held or given by matches"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "language",
            sa.String(length=5),
            nullable=False,
            comment="the language of title and text",
        ),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("guests", sa.Integer(), nullable=True, comment="people sent, or hosted, at once"),
        sa.Column(
            "interpretation",
            sa.Boolean(),
            nullable=False,
            comment="can work through an interpreter",
        ),
        sa.Column("budget_note", sa.Text(), nullable=False),
        sa.Column("visa_note", sa.Text(), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column(
            "examined_at",
            UTCDateTime(),
            nullable=True,
            comment="when the matcher last looked; before updated_at: it must look again",
        ),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("available_from <= available_until", name=op.f("ck_offer_window")),
        sa.CheckConstraint("guests > 0", name=op.f("ck_offer_guests")),
        sa.CheckConstraint("places > 0", name=op.f("ck_offer_places")),
        sa.CheckConstraint(
            "places_taken >= 0 AND places_taken <= places", name=op.f("ck_offer_places_taken")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["person.id"], name=op.f("fk_offer_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_offer_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["organisation.id"], name=op.f("fk_offer_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("external_id", name=op.f("uq_offer_external_id")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_demo"), ["demo"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_offer_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_offer_published_by_id"), ["published_by_id"], unique=False
        )
        batch_op.create_index("ix_offer_state_expires_on", ["state", "expires_on"], unique=False)

    op.create_table(
        "need_term",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_term_need_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_need_term_term_id")),
        sa.PrimaryKeyConstraint("need_id", "term_id", name=op.f("pk_need_term")),
    )
    with op.batch_alter_table("need_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_term_term_id"), ["term_id"], unique=False)

    op.create_table(
        "offer_term",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_term_offer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_offer_term_term_id")),
        sa.PrimaryKeyConstraint("offer_id", "term_id", name=op.f("pk_offer_term")),
    )
    with op.batch_alter_table("offer_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_term_term_id"), ["term_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("offer_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_term_term_id"))

    op.drop_table("offer_term")
    with op.batch_alter_table("need_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_term_term_id"))

    op.drop_table("need_term")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index("ix_offer_state_expires_on")
        batch_op.drop_index(batch_op.f("ix_offer_published_by_id"))
        batch_op.drop_index(batch_op.f("ix_offer_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_offer_expires_on"))
        batch_op.drop_index(batch_op.f("ix_offer_demo"))

    op.drop_table("offer")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index("ix_need_state_expires_on")
        batch_op.drop_index(batch_op.f("ix_need_published_by_id"))
        batch_op.drop_index(batch_op.f("ix_need_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_need_expires_on"))
        batch_op.drop_index(batch_op.f("ix_need_demo"))

    op.drop_table("need")
