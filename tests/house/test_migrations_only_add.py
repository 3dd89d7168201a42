"""For one release the version before runs beside the new one: what is released is only added to."""

import pytest

from tests.house.adding import troubles
from tests.house.source import ROOT

# Migrations that may take something away, with the reason: the version before uses it no more.
ALLOWED: dict[str, str] = {}
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


def released() -> str:
    """The number of the last migration of the last release; all before the first one are free."""
    said = (ROOT / "migrations" / "RELEASED").read_text(encoding="utf-8").strip()
    return "9999" if said == "none" else said


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_what_comes_after_a_release_only_adds(path):
    if path.name[:4] > released() and path.name[:4] not in ALLOWED:
        assert not troubles(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_table("need")',
        'op.drop_column("need", "title")',
        'op.rename_table("need", "wish")',
        'op.drop_constraint(op.f("uq_need_title"), "need", type_="unique")',
        'batch.alter_column("title", new_column_name="name")',
        'batch.alter_column("title", nullable=False)',
        'batch.alter_column("title", server_default=None)',
        'batch.add_column(sa.Column("size", sa.Integer(), nullable=False))',
        'op.execute("ALTER TABLE need RENAME COLUMN title TO name")',
        'batch.drop_constraint(op.f("ck_need_state"), type_="check")',
    ],
)
def test_what_the_version_before_could_not_live_with_is_found(line):
    assert len(troubles(f"def upgrade():\n    {line}\n")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        'op.create_table("x", sa.Column("id", sa.Integer(), nullable=False))',
        'op.create_index("ix_need_title", "need", ["title"])',
        'batch.add_column(sa.Column("size", sa.Integer(), nullable=True))',
        'batch.add_column(sa.Column("n", sa.Integer(), nullable=False, server_default="0"))',
        'batch.drop_constraint("x", type_="check"); batch.create_check_constraint("x", "a > 1")',
        'op.execute("UPDATE need SET title = title")',
    ],
)
def test_what_is_added_is_fine(lines):
    assert troubles(f"def upgrade():\n    {lines}\n") == []
