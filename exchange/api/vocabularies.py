"""/api/v1/vocabularies and their entries: everybody reads, administrators change"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.listing import described, page_body
from exchange.edge import access
from exchange.labels.vocabularies import vocabulary as vocabulary_name
from exchange.transaction import transaction
from exchange.vocabularies import actions, queries
from exchange.vocabularies.models import Term
from exchange.vocabularies.schemas import RetireSchema, TermFilter, TermSchema

resources = Blueprint(
    "api_vocabularies", __name__, url_prefix="/api/v1", description="Vocabularies"
)


class TermOut(Schema):
    """An entry. ``texts`` are official full texts by language, where an import brought them."""

    id = fields.Integer()
    vocabulary = fields.String()
    code = fields.String()
    label_en = fields.String(attribute="labels.en")
    label_fr = fields.String(attribute="labels.fr")
    label_es = fields.String(attribute="labels.es")
    label_pt = fields.String(attribute="labels.pt")
    parent = fields.Function(lambda term: term.parent.code if term.parent else None)
    position = fields.Integer()
    facts = fields.Dict()
    texts = fields.Dict()
    retired = fields.Function(lambda term: term.retired_at is not None)


class VocabularyOut(Schema):
    """A vocabulary, and how many entries it offers and has retired."""

    name = fields.String()
    title = fields.String()
    offered = fields.Integer()
    retired = fields.Integer()


class VocabulariesOut(Schema):
    """All of them at once."""

    items = fields.Nested(VocabularyOut, many=True)
    total = fields.Integer()


@resources.route("/vocabularies")
class Vocabularies(MethodView):
    """All vocabularies."""

    @access("vocabulary.see")
    @resources.doc(**described(VocabulariesOut, "All vocabularies."))
    def get(self) -> Any:
        """List the vocabularies with how many entries each has."""
        counts = queries.known_vocabularies()
        items = [
            {"name": name, "title": str(vocabulary_name(name)), "offered": kept, "retired": gone}
            for name, (kept, gone) in counts.items()
        ]
        return {"items": items, "total": len(items)}


@resources.route("/vocabularies/<vocabulary>/terms")
class Terms(MethodView):
    """The entries of one vocabulary."""

    @access("vocabulary.see")
    @resources.arguments(TermFilter, location="query")
    def get(self, filters: dict[str, Any], vocabulary: str) -> Any:
        """List the entries of a vocabulary, in their order."""
        return page_body(queries.matching(vocabulary, filters), TermOut())

    @access("vocabulary.edit")
    @resources.arguments(TermSchema)
    @resources.response(201, TermOut)
    def post(self, data: dict[str, Any], vocabulary: str) -> Any:
        """Add an entry."""
        with transaction():
            return actions.add(vocabulary, data, actor=edge.signed_in())


@resources.route("/terms/<int:id>")
class OneTerm(MethodView):
    """One entry."""

    @access("vocabulary.see", Term)
    @resources.response(200, TermOut)
    def get(self, term: Term) -> Any:
        """Show an entry."""
        return term

    @access("vocabulary.edit", Term)
    @resources.arguments(RetireSchema(partial=True))
    @resources.response(200, TermOut)
    def patch(self, term: Term, data: dict[str, Any]) -> Any:
        """Change an entry; ``retired`` offers it no longer, or again."""
        with transaction():
            actions.edit(term, data, actor=edge.signed_in())
        return term

    @access("vocabulary.edit", Term)
    @resources.response(204)
    def delete(self, term: Term) -> None:
        """Delete an entry that nothing uses."""
        with transaction():
            actions.delete(term, actor=edge.signed_in())
