"""What people type is kept, and what is sent twice is done once; more answers of a proposal."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _words(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _receipts()
    _kept_forms()
    _edits()
    _answers()


def _person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name, ondelete="CASCADE")


def _receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "key", sa.String(64), nullable=False, comment="SHA-256 of what the sender calls it"
        ),
        sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of what was sent"),
        sa.Column(
            "address", sa.String(500), nullable=False, comment="where the page of the result is"
        ),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status of the API's answer"),
        sa.Column("body", sa.Text(), nullable=False, comment="the API's answer"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _person("receipt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_receipt_person_id_key")),
    )
    op.create_index("ix_receipt_created_at", "receipt", ["created_at"])


def _kept_forms() -> None:
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False, comment="name, value"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _person("kept_form"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index("ix_kept_form_created_at", "kept_form", ["created_at"])
    op.create_index("ix_kept_form_person_id", "kept_form", ["person_id"])


def _edits() -> None:
    op.create_table(
        "edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False, comment="name of the table"),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False, comment="the version that this made"),
        sa.Column("edited_at", UTCDateTime(), nullable=False),
        _person("edit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit")),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            "person_id",
            name=op.f("uq_edit_subject_type_subject_id_person_id"),
        ),
    )
    op.create_index("ix_edit_subject", "edit", ["subject_type", "subject_id", "edited_at"])
    op.create_index("ix_edit_person_id", "edit", ["person_id"])


def _answers() -> None:
    question = "the one question the hosts should answer"
    texts = {
        "learning_question": question,
        "access_needs": None,
        "budget_note": "what it may cost, who pays",
    }
    with op.batch_alter_table("exchange") as table:
        for name, comment in texts.items():
            table.add_column(
                sa.Column(name, sa.Text(), server_default="", nullable=False, comment=comment)
            )
        table.add_column(sa.Column("host_search", _words("hostsearch", "known", "wanted")))
        modes = _words("meetingmode", "on_site", "online", "hybrid")
        table.add_column(sa.Column("mode", modes))
        table.add_column(sa.Column("guests", sa.Integer(), comment="how many people would come"))
        agreed = "when its proposer agreed that others read it"
        table.add_column(sa.Column("consented_on", sa.Date(), comment=agreed))
        table.create_check_constraint(op.f("ck_exchange_guests"), "guests >= 1")
    with op.batch_alter_table("exchange") as table:
        for name in texts:
            table.alter_column(name, existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("exchange") as table:
        for name in ("guests", "hostsearch", "meetingmode"):
            table.drop_constraint(op.f(f"ck_exchange_{name}"), type_="check")
        for name in (
            "consented_on",
            "guests",
            "mode",
            "host_search",
            "budget_note",
            "access_needs",
            "learning_question",
        ):
            table.drop_column(name)
    for name in ("edit", "kept_form", "receipt"):
        op.drop_table(name)
