"""Remarks on an exchange, dates that partners propose for a visit, and what each city learned."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _words(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def upgrade() -> None:
    _create_remarks()
    _create_dates()
    _create_lesson_sheets()


def _create_remarks() -> None:
    op.create_table(
        "remark",
        *_record(),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("audience", _words("audience", "insiders", "staff"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name="fk_remark_exchange_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_remark_author_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_remark_exchange_id_id", "remark", ["exchange_id", "id"])


def _create_dates() -> None:
    op.create_table(
        "visit_dates",
        *_record(),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit_dates"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name="fk_visit_dates_visit_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_visit_dates_organisation_id"
        ),
        sa.UniqueConstraint(
            "visit_id", "starts_on", "ends_on", name="uq_visit_dates_visit_id_starts_on_ends_on"
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_visit_dates_window")),
    )
    op.create_index("ix_visit_dates_organisation_id", "visit_dates", ["organisation_id"])
    op.create_table(
        "visit_dates_answer",
        *_record(),
        sa.Column("dates_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("answer", _words("dateanswer", "fits", "if_needed", "no"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit_dates_answer"),
        sa.ForeignKeyConstraint(
            ["dates_id"],
            ["visit_dates.id"],
            name="fk_visit_dates_answer_dates_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_visit_dates_answer_organisation_id"
        ),
        sa.UniqueConstraint(
            "dates_id", "organisation_id", name="uq_visit_dates_answer_dates_id_organisation_id"
        ),
    )
    op.create_index(
        "ix_visit_dates_answer_organisation_id", "visit_dates_answer", ["organisation_id"]
    )


def _create_lesson_sheets() -> None:
    op.create_table(
        "lesson_sheet",
        *_record(),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("signed_on", sa.Date()),
        sa.Column("signed_by_id", sa.Integer()),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_sheet"),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name="fk_lesson_sheet_exchange_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_lesson_sheet_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"],
            ["person.id"],
            name="fk_lesson_sheet_signed_by_id",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint(
            "exchange_id", "organisation_id", name="uq_lesson_sheet_exchange_id_organisation_id"
        ),
    )
    op.create_index("ix_lesson_sheet_organisation_id", "lesson_sheet", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("lesson_sheet")
    op.drop_table("visit_dates_answer")
    op.drop_table("visit_dates")
    op.drop_table("remark")
