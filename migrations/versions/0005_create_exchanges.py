"""Exchanges, partners, money and phases."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "exchange",
        sa.Column("reference", sa.String(length=20), nullable=False, comment="PX-2026-0042"),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, comment="what is to be learned"),
        sa.Column(
            "kind",
            sa.Enum(
                "peer_learning_event",
                "study_visit",
                "peer_review",
                "mentoring",
                "expert_mission",
                "city_pairing",
                "cooperation_partnership",
                "local_lab",
                "module_training",
                name="exchangekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "language", sa.String(length=5), nullable=False, comment="the language of its texts"
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "more_information",
                "eligible",
                "matching",
                "match_proposed",
                "partners_agreed",
                "preparing",
                "confirmed",
                "under_way",
                "visited",
                "evaluating",
                "note_drafting",
                "note_in_review",
                "disseminating",
                "following_up_3",
                "following_up_6",
                "following_up_12",
                "on_hold",
                "closed_with_change",
                "closed_without_change",
                "declined",
                "cancelled",
                name="exchangestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "held_state",
            sa.Enum(
                "draft",
                "submitted",
                "more_information",
                "eligible",
                "matching",
                "match_proposed",
                "partners_agreed",
                "preparing",
                "confirmed",
                "under_way",
                "visited",
                "evaluating",
                "note_drafting",
                "note_in_review",
                "disseminating",
                "following_up_3",
                "following_up_6",
                "following_up_12",
                "on_hold",
                "closed_with_change",
                "closed_without_change",
                "declined",
                "cancelled",
                name="held_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
            comment="where it was when put on hold",
        ),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True, comment="when the state should be left"),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column(
            "contact_id", sa.Integer(), nullable=True, comment="point of contact of the proposer"
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True, comment="officer who follows it"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="planned window"),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("concept_note", sa.Text(), nullable=False),
        sa.Column("concept_note_agreed_on", sa.Date(), nullable=True),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'on_hold') = (held_state IS NOT NULL)", name=op.f("ck_exchange_held")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_exchange_window")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["person.id"], name=op.f("fk_exchange_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_exchange_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["organisation.id"], name=op.f("fk_exchange_proposer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("external_id", name=op.f("uq_exchange_external_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_exchange_reference")),
    )
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_demo"), ["demo"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_proposer_id"), ["proposer_id"], unique=False)
        batch_op.create_index("ix_exchange_state_due_on", ["state", "due_on"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "travel",
                "accommodation",
                "per_diem",
                "interpretation",
                "venue",
                "expertise",
                "publication",
                "other",
                name="budgetcategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="in whole currency units",
        ),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="ISO 4217"),
        sa.Column("payer_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_budget_line_amount")),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_budget_line_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["organisation.id"], name=op.f("fk_budget_line_payer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_budget_line_exchange_id"), ["exchange_id"], unique=False
        )

    op.create_table(
        "exchange_need",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_exchange_need_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_exchange_need_need_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exchange_id", "need_id", name=op.f("pk_exchange_need")),
    )
    with op.batch_alter_table("exchange_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_need_need_id"), ["need_id"], unique=False)

    op.create_table(
        "exchange_term",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_exchange_term_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_exchange_term_term_id")),
        sa.PrimaryKeyConstraint("exchange_id", "term_id", name=op.f("pk_exchange_term")),
    )
    with op.batch_alter_table("exchange_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_term_term_id"), ["term_id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "host",
                "learner",
                "mentor",
                "reviewer",
                "facilitator",
                "association",
                "section",
                "technical_partner",
                "funder",
                name="partnerrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("committed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["person.id"], name=op.f("fk_partner_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_partner_exchange_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint(
            "exchange_id",
            "organisation_id",
            "role",
            name=op.f("uq_partner_exchange_id_organisation_id_role"),
        ),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "phase",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_phase_window")),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_phase_exchange_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phase_exchange_id"), ["exchange_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phase_exchange_id"))

    op.drop_table("phase")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_organisation_id"))

    op.drop_table("partner")
    with op.batch_alter_table("exchange_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_term_term_id"))

    op.drop_table("exchange_term")
    with op.batch_alter_table("exchange_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_need_need_id"))

    op.drop_table("exchange_need")
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_exchange_id"))

    op.drop_table("budget_line")
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.drop_index("ix_exchange_state_due_on")
        batch_op.drop_index(batch_op.f("ix_exchange_proposer_id"))
        batch_op.drop_index(batch_op.f("ix_exchange_owner_id"))
        batch_op.drop_index(batch_op.f("ix_exchange_demo"))

    op.drop_table("exchange")
    op.drop_table("reference_counter")
