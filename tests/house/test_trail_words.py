"""Whoever reads the trail reads words: every table, and every column that it tells of, has them."""

import pytest
from flask_babel import force_locale

from exchange.audit.exempt import TABLES, is_kept
from exchange.config import LANGUAGES
from exchange.extensions import Base
from exchange.labels import trail

TOLD = [table for table in Base.metadata.sorted_tables if table.name not in TABLES]


def columns():
    """Table, the key that an entry has, and the table that a column points to."""
    for table in TOLD:
        for column in table.columns:
            aims = [key.column.table.name for key in column.foreign_keys]
            if is_kept(table.name, column.name) and "id" in table.c:
                yield table.name, column.name, *aims[:1]
    for mapper in Base.registry.mappers:
        for relation in mapper.relationships:
            if relation.secondary is not None and not relation.viewonly:
                yield mapper.local_table.name, relation.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_column_that_the_trail_tells_of_has_words(app, language):
    with app.test_request_context(), force_locale(language):
        for table in TOLD:
            if "id" in table.c:
                assert str(trail.table(table.name)) != table.name, table.name
        for table, name, *aims in columns():
            said = str(trail.column_of(name, *aims))
            where = f"{table}.{name} has no words in exchange/labels/trail.py"
            assert said not in (name, *aims), where
            assert "_" not in said, where


def test_a_new_column_without_words_would_be_found(app):
    with app.test_request_context():
        assert str(trail.column_of("soil_type")) == "soil_type"
