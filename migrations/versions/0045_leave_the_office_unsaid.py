"""Whether somebody holds a political or a technical office may stay unsaid."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

CHECK = "ck_participant_office"
BEFORE = ("political", "technical", "other")


def upgrade() -> None:
    _let(*BEFORE, "unsaid")


def downgrade() -> None:
    op.execute("UPDATE participant SET office = 'other' WHERE office = 'unsaid'")
    _let(*BEFORE)


def _let(*offices: str) -> None:
    with op.batch_alter_table("participant") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("office").in_(offices))
