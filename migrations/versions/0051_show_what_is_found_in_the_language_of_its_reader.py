"""What has a title in several languages is found with that of the reader."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

# Their documents are made anew by the next look at all rows.
SEVERAL = ("forum", "strategy", "module", "method", "mechanism", "partnership")


def upgrade() -> None:
    document = sa.table("search_document", sa.column("noun"))
    op.execute(document.delete().where(document.c.noun.in_(SEVERAL)))
    op.add_column(
        "search_document",
        sa.Column(
            "titles",
            sa.JSON(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="by language, where there is one in several",
        ),
    )


def downgrade() -> None:
    op.drop_column("search_document", "titles")
