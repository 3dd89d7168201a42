"""Observatories are looked at every night, and keep what the last look gave."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

PROBLEMS = (
    "not_https",
    "not_public",
    "no_answer",
    "too_big",
    "no_xml",
    "no_records",
    "declares_a_type",
)
COLUMNS = ("problem", "tried_at", "harvested", "nightly")


def upgrade() -> None:
    problem = sa.Enum(*PROBLEMS, name="harvestproblem", native_enum=False, length=40)
    nightly = sa.Column(
        "nightly",
        sa.Boolean(),
        nullable=False,
        server_default=sa.true(),
        comment="its address is looked at every night",
    )
    with op.batch_alter_table("observatory") as batch_op:
        batch_op.add_column(nightly)
        batch_op.add_column(
            sa.Column("harvested", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(sa.Column("tried_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("problem", problem, nullable=True))
        batch_op.create_check_constraint(op.f("ck_observatory_harvestproblem"), _known())
    with op.batch_alter_table("observatory") as batch_op:
        batch_op.alter_column("nightly", server_default=None, existing_type=sa.Boolean())
        batch_op.alter_column("harvested", server_default=None, existing_type=sa.JSON())


def _known() -> str:
    return "problem IN ({})".format(", ".join(f"'{one}'" for one in PROBLEMS))


def downgrade() -> None:
    with op.batch_alter_table("observatory") as batch_op:
        batch_op.drop_constraint(op.f("ck_observatory_harvestproblem"), type_="check")
        for name in COLUMNS:
            batch_op.drop_column(name)
