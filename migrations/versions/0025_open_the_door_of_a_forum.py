"""A forum has ground rules, speakers, a list at the door, and a code that opens its room."""

import secrets

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def upgrade() -> None:
    with op.batch_alter_table("forum") as table:
        for name, kind, default, words in (
            ("rules", sa.JSON(), "{}", "the ground rules of its sessions"),
            ("is_public", sa.Boolean(), sa.false(), "everybody may read it"),
        ):
            table.add_column(
                sa.Column(name, kind, server_default=default, nullable=False, comment=words)
            )
        table.add_column(
            sa.Column("room_code", sa.String(12), comment="opens check-in and capture")
        )
    _give_codes()
    with op.batch_alter_table("forum") as table:
        table.alter_column("rules", existing_type=sa.JSON(), server_default=None)
        table.alter_column("is_public", existing_type=sa.Boolean(), server_default=None)
        table.alter_column("room_code", existing_type=sa.String(12), nullable=False)
        table.create_unique_constraint(op.f("uq_forum_room_code"), ["room_code"])
    _create_tables()


def _give_codes() -> None:
    forum = sa.table("forum", sa.column("id"), sa.column("room_code"))
    for row_id in op.get_bind().scalars(sa.select(forum.c.id)).all():
        code = "".join(secrets.choice(LETTERS) for _letter in range(8))
        op.get_bind().execute(forum.update().where(forum.c.id == row_id).values(room_code=code))


def _create_tables() -> None:
    op.create_table(
        "forum_session_speaker",
        sa.Column("session_id", sa.Integer(), primary_key=True),
        sa.Column("organisation_id", sa.Integer(), primary_key=True),
        _key("forum_session_speaker", "session_id", "forum_session", "CASCADE"),
        _key("forum_session_speaker", "organisation_id", "organisation", "CASCADE"),
        sa.Index("ix_forum_session_speaker_organisation_id", "organisation_id"),
    )
    op.create_table(
        "forum_guest",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded_name", sa.String(200), nullable=False, comment="as searches compare it"),
        sa.Column(
            "organisation_name", sa.String(200), nullable=False, comment="as the guest wrote it"
        ),
        sa.Column("organisation_id", sa.Integer()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("arrived_at", UTCDateTime()),
        _key("forum_guest", "forum_id", "forum", "CASCADE"),
        _key("forum_guest", "organisation_id", "organisation", "SET NULL"),
        _key("forum_guest", "person_id", "person", "SET NULL"),
        sa.Index("ix_forum_guest_forum_id", "forum_id"),
        sa.Index("ix_forum_guest_organisation_id", "organisation_id"),
        sa.Index("ix_forum_guest_person_id", "person_id"),
    )


def _key(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def downgrade() -> None:
    op.drop_table("forum_guest")
    op.drop_table("forum_session_speaker")
    with op.batch_alter_table("forum") as table:
        table.drop_constraint(op.f("uq_forum_room_code"), type_="unique")
        for name in ("room_code", "is_public", "rules"):
            table.drop_column(name)
