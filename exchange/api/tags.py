"""/api/v1/tags"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema as PlainSchema
from marshmallow import fields

from exchange import edge
from exchange.edge import access
from exchange.matching.tagging import suggest_tags
from exchange.schemas import Language, LongText, Schema, Text
from exchange.tags import TAGS
from exchange.vocabularies.queries import labels_of

resources = Blueprint(
    "api_tags", __name__, url_prefix="/api/v1/tags", description="Tags that a text suggests"
)


class TextSchema(Schema):
    """A text as its author writes it."""

    title = Text(longest=200, load_default="")
    text = LongText(load_default="")
    language = Language()


class TagOut(PlainSchema):
    """A term, and the words of the text that suggest it."""

    code = fields.String()
    label = fields.String()
    words = fields.List(fields.String())


class SuggestionsOut(PlainSchema):
    """For the author to confirm: nothing is saved."""

    themes = fields.List(fields.Nested(TagOut))
    sdg_targets = fields.List(fields.Nested(TagOut))


@resources.route("/suggestions")
class Suggestions(MethodView):
    """What a text suggests."""

    @access("tag.suggest")
    @resources.arguments(TextSchema)
    @resources.response(200, SuggestionsOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Suggest themes and SDG targets for a text."""
        found = suggest_tags(data["title"], data["text"], data.get("language", ""))
        terms = labels_of((TAGS[name], code) for name, pairs in found.items() for code, _ in pairs)
        language = edge.current_language()
        return {
            name: [
                {"code": code, "label": term.label(language), "words": list(words)}
                for code, words in pairs
                if (term := terms.get((TAGS[name], code)))
            ]
            for name, pairs in found.items()
        }
