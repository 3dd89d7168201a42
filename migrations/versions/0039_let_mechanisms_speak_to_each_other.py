"""Mechanisms, what they need and give, pairs of them, and events of other associations."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS = ("observatory", "hub", "committee", "section", "module", "community")
GIVES = ("needs", "offers")
LISTING_STATES = ("open", "renewed", "answered", "expired")
PAIR_STATES = ("suggested", "asked", "agreed", "declined")
LINKS = (
    ("mechanism_term", "mechanism", "term"),
    ("mechanism_listing_term", "mechanism_listing", "term"),
    ("outside_event_term", "outside_event", "term"),
    ("mechanism_exchange", "mechanism", "exchange"),
    ("mechanism_practice", "mechanism", "practice"),
    ("mechanism_need", "mechanism", "need"),
)


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    ]


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _line(name: str, longest: int, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(longest), nullable=False, comment=comment)


def _key(table: str, column: str, to: str, ondelete: str | None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    _create_mechanisms()
    _create_listings()
    _create_events()
    for table, owner, other in LINKS:
        op.create_table(
            table,
            sa.Column(f"{owner}_id", sa.Integer(), primary_key=True),
            sa.Column(f"{other}_id", sa.Integer(), primary_key=True),
            _key(table, f"{owner}_id", owner, "CASCADE"),
            _key(table, f"{other}_id", other, "CASCADE"),
            sa.Index(f"ix_{table}_{other}_id", f"{other}_id"),
        )


def _create_mechanisms() -> None:
    op.create_table(
        "mechanism",
        *_record(),
        _line("code", 40),
        sa.Column("kind", _choice("mechanismkind", *KINDS), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        _whole("organisation_id"),
        sa.Column("contact_id", sa.Integer()),
        sa.Column("observatory_id", sa.Integer()),
        _line("website", 500),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        _whole("version_id"),
        _key("mechanism", "organisation_id", "organisation", None),
        _key("mechanism", "contact_id", "person", "SET NULL"),
        _key("mechanism", "observatory_id", "observatory", "SET NULL"),
        sa.UniqueConstraint("code", name=op.f("uq_mechanism_code")),
        sa.UniqueConstraint("observatory_id", name=op.f("uq_mechanism_observatory_id")),
        sa.Index("ix_mechanism_organisation_id", "organisation_id"),
        sa.Index("ix_mechanism_demo", "demo"),
    )


def _create_listings() -> None:
    op.create_table(
        "mechanism_listing",
        *_record(),
        _whole("mechanism_id"),
        sa.Column("side", _choice("gives", *GIVES), nullable=False),
        _line("title", 200),
        sa.Column("text", sa.Text(), nullable=False),
        _line("language", 5),
        sa.Column(
            "expires_on", sa.Date(), nullable=False, comment="until when it holds unless renewed"
        ),
        sa.Column("state", _choice("mechanismlistingstate", *LISTING_STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        _whole("version_id"),
        _key("mechanism_listing", "mechanism_id", "mechanism", "CASCADE"),
        sa.Index("ix_mechanism_listing_mechanism_id", "mechanism_id"),
        sa.Index("ix_mechanism_listing_demo", "demo"),
        sa.Index("ix_mechanism_listing_state_expires_on", "state", "expires_on"),
    )
    op.create_table(
        "mechanism_pair",
        *_record(),
        _whole("need_id"),
        _whole("offer_id"),
        sa.Column("score", sa.Integer(), nullable=False, comment="basis points"),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("asked_by", _choice("asked_by", *GIVES)),
        sa.Column("exchange_id", sa.Integer()),
        sa.Column("state", _choice("mechanismpairstate", *PAIR_STATES), nullable=False),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        _whole("version_id"),
        _key("mechanism_pair", "need_id", "mechanism_listing", "CASCADE"),
        _key("mechanism_pair", "offer_id", "mechanism_listing", "CASCADE"),
        _key("mechanism_pair", "exchange_id", "exchange", "SET NULL"),
        sa.UniqueConstraint("need_id", "offer_id", name=op.f("uq_mechanism_pair_need_id_offer_id")),
        sa.Index("ix_mechanism_pair_offer_id", "offer_id"),
        sa.Index("ix_mechanism_pair_exchange_id", "exchange_id"),
    )


def _create_events() -> None:
    op.create_table(
        "outside_event",
        *_record(),
        _line("organiser", 200, "the association that holds it"),
        _line("title", 200),
        _line("language", 5),
        sa.Column("partner_id", sa.Integer()),
        _line("place", 200),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _line("url", 500),
        sa.Column("person_id", sa.Integer()),
        sa.Column("demo", sa.Boolean(), nullable=False),
        _whole("version_id"),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_outside_event_window")),
        _key("outside_event", "partner_id", "organisation", "SET NULL"),
        _key("outside_event", "person_id", "person", "SET NULL"),
        sa.Index("ix_outside_event_partner_id", "partner_id"),
        sa.Index("ix_outside_event_starts_on", "starts_on"),
        sa.Index("ix_outside_event_demo", "demo"),
    )


def downgrade() -> None:
    for table, _owner, _other in reversed(LINKS):
        op.drop_table(table)
    for table in ("outside_event", "mechanism_pair", "mechanism_listing", "mechanism"):
        op.drop_table(table)
