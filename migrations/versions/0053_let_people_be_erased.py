"""Let people ask to be erased, and withdraw a photo that shows them."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

ERASED = "personal data were taken out at the person's request"
WITHDRAWN = "one of those shown no longer agrees: it is shown nowhere"


def upgrade() -> None:
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "due_on", sa.Date(), nullable=False, comment="until then they may change their mind"
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_erasure_request_person_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'withdrawn', 'done')",
            name=op.f("ck_erasure_request_erasurestate"),
        ),
    )
    op.create_index(op.f("ix_erasure_request_person_id"), "erasure_request", ["person_id"])
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("erased_on", sa.Date(), comment=ERASED))
    with op.batch_alter_table("photo") as photo:
        photo.add_column(sa.Column("withdrawn_on", sa.Date(), comment=WITHDRAWN))


def downgrade() -> None:
    with op.batch_alter_table("photo") as photo:
        photo.drop_column("withdrawn_on")
    with op.batch_alter_table("person") as person:
        person.drop_column("erased_on")
    op.drop_table("erasure_request")
