"""Organisations, memberships, people and their steps."""

import sqlalchemy as sa
from alembic import op

from exchange.extensions import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="lower case"),
        sa.Column(
            "password_hash", sa.String(length=200), nullable=True, comment="argon2id; empty: none"
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column(
            "staff_role",
            sa.Enum(
                "officer",
                "administrator",
                "section_officer",
                name="staffrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "section_code", sa.String(length=20), nullable=True, comment="region of its officer"
        ),
        sa.Column("disabled_at", UTCDateTime(), nullable=True),
        sa.Column("last_sign_in_at", UTCDateTime(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "staff_role <> 'section_officer' OR section_code IS NOT NULL",
            name=op.f("ck_person_section_named"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_demo"), ["demo"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded_name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "local_government",
                "association",
                "international_association",
                "section",
                "partner",
                "funder",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "region",
                "metropolitan",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("country_code", sa.String(length=2), nullable=True, comment="ISO 3166-1"),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True, comment="inhabitants"),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column(
            "external_id",
            sa.String(length=80),
            nullable=True,
            comment="the key of an import; importing again updates",
        ),
        sa.Column("contact_id", sa.Integer(), nullable=True, comment="point of contact"),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind = 'local_government' OR level IS NULL",
            name=op.f("ck_organisation_only_governments_have_a_level"),
        ),
        sa.CheckConstraint("population >= 0", name=op.f("ck_organisation_population")),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["person.id"],
            name=op.f("fk_organisation_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_organisation_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("external_id", name=op.f("uq_organisation_external_id")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_country_code"), ["country_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organisation_demo"), ["demo"], unique=False)
        batch_op.create_index("ix_organisation_folded_name", ["folded_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_place_id"), ["place_id"], unique=False)

    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_type", sa.String(length=40), nullable=False, comment="name of the workflow"
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "overrode",
            sa.Boolean(),
            nullable=False,
            comment="an administrator went round the table; marked for ever",
        ),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="empty: the system itself"),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_step_actor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_happened_at"), ["happened_at"], unique=False)
        batch_op.create_index("ix_step_subject", ["subject_type", "subject_id", "id"], unique=False)

    op.create_table(
        "affiliation",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "coordinator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_affiliation_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_affiliation_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
        sa.UniqueConstraint(
            "person_id", "organisation_id", name=op.f("uq_affiliation_person_id_organisation_id")
        ),
    )
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_affiliation_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("member_id <> body_id", name=op.f("ck_membership_not_itself")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["organisation.id"], name=op.f("fk_membership_body_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["organisation.id"],
            name=op.f("fk_membership_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("member_id", "body_id", name=op.f("uq_membership_member_id_body_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_body_id"), ["body_id"], unique=False)

    op.create_table(
        "organisation_term",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_term_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["term.id"], name=op.f("fk_organisation_term_term_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "term_id", name=op.f("pk_organisation_term")),
    )
    with op.batch_alter_table("organisation_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_term_term_id"), ["term_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("organisation_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_term_term_id"))

    op.drop_table("organisation_term")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_body_id"))

    op.drop_table("membership")
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_affiliation_organisation_id"))

    op.drop_table("affiliation")
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.drop_index("ix_step_subject")
        batch_op.drop_index(batch_op.f("ix_step_happened_at"))

    op.drop_table("step")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_place_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_kind"))
        batch_op.drop_index("ix_organisation_folded_name")
        batch_op.drop_index(batch_op.f("ix_organisation_demo"))
        batch_op.drop_index(batch_op.f("ix_organisation_country_code"))

    op.drop_table("organisation")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_demo"))

    op.drop_table("person")
