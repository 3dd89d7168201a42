"""Every column that may tell of a person says so, or stands here with the reason why not."""

from sqlalchemy import JSON, LargeBinary, String

from exchange.audit.exempt import COLUMNS, OF_TABLES, TABLES
from exchange.extensions import Base
from exchange.labels import privacy as words
from exchange.models import configure_mappers
from exchange.personal import Datum, Purpose, annotation
from exchange.privacy.holdings import holdings
from exchange.privacy.periods import Kept

configure_mappers()

# By the name of a column, wherever it stands.
NEVER = {
    "code": "a code",
    "currency": "a code",
    "configuration_hash": "a checksum",
    "dedupe_key": "made of numbers",
    "digest": "a checksum",
    "evidence_url": "a page about a change",
    "reason": "a code, or words of the program",
    "scopes": "codes",
    "external_id": "the key of an import",
    "hash": "a checksum",
    "key": "a random name or a checksum",
    "kind": "a code",
    "noun": "the name of a table",
    "language": "the language of a text",
    "programme_code": "a code",
    "reference": "the number of an exchange",
    "role": "a code",
    "section_code": "a code",
    "slug": "an address",
    "source_url": "a page",
    "staff_role": "a code",
    "state": "a code",
    "status": "a code",
    "subject_type": "the name of a table",
    "stored_as": "a random name",
    "trace_id": "a random number",
    "title": "of an exchange, a need, an offer: the institution's",
    "titles": "the same",
    "trigger": "a code",
    "from_state": "a code",
    "to_state": "a code",
    "url": "a page",
    "website": "of an organisation",
}
# Tables in which somebody is named by number and all of whose words are the institution's.
OF_THE_INSTITUTION = {
    "webhook": "the address of a program, and its sealed secrets",
    "webhook_delivery": "numbers, states and addresses of pages",
    "exchange": "what the partners do",
    "favourite": "two numbers",
    "need": "what a city wants to learn",
    "forum_item": "what a forum made of a note, beside the note itself",
    "offer": "what a city can show",
    "organisation": "public facts of a local government",
    "partner": "numbers",
    "mechanism": "what a mechanism is",
    "note_translation": "written to be published",
    "note": "written to be published",
    "practice": "written to be published",
    "matching_run": "figures of a computation",
    "matching_settings": "figures, and why they changed",
    "checklist_item": "what is to be done",
    "mail_hold": "codes",
    "mail_text": "the words of mails to everybody",
    "outside_event": "a public event",
    "recommendation": "written to be published",
    "reminder": "codes; its mail has the words",
    "reminder_rule": "days",
    "road_map_action": "what a city does",
    "edit": "numbers",
    "erasure_request": "a day",
    "affiliation": "numbers",
    "review": "codes beside the note",
    "consultation_answer": "codes beside the text",
    "evaluation": "codes beside the answers",
}
TELLING = ("email", "phone", "mobile", "photo", "picture", "ip_address", "gender", "birth")


def _tables_with_people():
    for table in Base.metadata.sorted_tables:
        named = any(k.column.table.name == "person" for c in table.columns for k in c.foreign_keys)
        told = any(annotation(column) for column in table.columns)
        telling = any(word in column.name for column in table.columns for word in TELLING)
        if named or told or telling or table.name == "person":
            yield table


def test_every_column_of_a_table_with_people_is_thought_of():
    for table in _tables_with_people():
        for column in table.columns:
            may_tell = isinstance(column.type, String | JSON | LargeBinary)
            if not may_tell or annotation(column) or hasattr(column.type, "enums"):
                continue
            known = column.name in NEVER or table.name in OF_THE_INSTITUTION
            assert known, (
                f"{table.name}.{column.name}: does it tell of a person? Then say so at the column "
                "(info=personal(…)); else add it here with the reason."
            )


def test_a_column_that_is_called_like_personal_data_is_annotated():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(word in column.name for word in TELLING) and not column.foreign_keys:
                assert annotation(column), f"{table.name}.{column.name} has no info=personal(…)"


def test_the_reasons_name_only_what_exists():
    assert set(OF_THE_INSTITUTION) <= set(Base.metadata.tables)
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    assert set(NEVER) <= columns
    assert set(TABLES) <= set(Base.metadata.tables)
    assert set(OF_TABLES) <= set(Base.metadata.tables)
    assert columns >= COLUMNS


def test_all_of_it_has_words():
    assert set(words.DATA) == set(Datum)
    assert set(words.PURPOSES) == set(words.READERS) == set(words.LASTS) == set(Purpose)
    assert set(words.KEPT) == set(Kept)
    assert all(one.data for one in holdings()), "a purpose for which nothing is held"
