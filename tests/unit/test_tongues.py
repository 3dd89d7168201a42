"""Of a text in four languages a form asks the reader's first, and folds the others away."""

import pytest
from marshmallow import fields

from exchange.web.tongues import questions

KNOWN = {
    "code": fields.String(required=True),
    "title_en": fields.String(required=True),
    "title_fr": fields.String(),
    "title_es": fields.String(),
    "text_en": fields.String(),
    "text_fr": fields.String(),
    "in_pt": fields.String(),
}


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("fr", (["title_fr", "title_en"], ["title_es"]), (["text_fr"], ["text_en"])),
        ("en", (["title_en"], ["title_fr", "title_es"]), (["text_en"], ["text_fr"])),
        # There is no text in Portuguese: the first language there is stands for it.
        ("pt", (["title_en"], ["title_fr", "title_es"]), (["text_en"], ["text_fr"])),
    ],
)
def test_the_readers_language_and_what_is_required_are_in_sight(language, title, text):
    code, in_pt = (["code"], []), (["in_pt"], [])
    assert list(questions(KNOWN, language)) == [code, title, text, in_pt]
