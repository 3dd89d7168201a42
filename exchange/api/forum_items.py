"""/api/v1/forums/…/notes: what was written down at a forum."""

import secrets
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import described, page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.forums import capture as writing
from exchange.forums import fates, gathered, triage
from exchange.forums.items import ForumItem
from exchange.forums.models import Forum
from exchange.forums.schemas import (
    BecomePostSchema,
    ItemFilter,
    ItemPostSchema,
    ItemSchema,
    VerdictSchema,
)
from exchange.listing import page_of
from exchange.recommendations.schemas import RecommendationSchema
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_forum_items",
    __name__,
    url_prefix="/api/v1/forums",
    description="What was written down at a forum",
)


class BecameOut(Schema):
    """What an item has led to."""

    noun = fields.Function(lambda pair: pair[0])
    id = fields.Function(lambda pair: pair[1].id)
    state = fields.Function(lambda pair: str(getattr(pair[1], "state", "")))


class ItemOut(Schema):
    """An item. Who said it is nobody's business outside the room."""

    id = fields.Integer()
    forum_id = fields.Integer()
    session_id = fields.Integer(allow_none=True)
    kind = fields.String()
    text = fields.String()
    expected_result = fields.String()
    language = fields.String()
    organisation = fields.Nested(OrganisationBrief, allow_none=True)
    verdict = fields.String(allow_none=True)
    verdict_note = fields.String()
    state = fields.String()
    state_since = fields.AwareDateTime()
    created_at = fields.AwareDateTime()
    became = fields.Nested(BecameOut, many=True)


@resources.route("/<int:id>/notes")
class Items(MethodView):
    """The items of an edition."""

    @access("forum_item.see", Forum)
    @resources.arguments(ItemFilter, location="query")
    def get(self, forum: Forum, filters: dict[str, Any]) -> Any:
        """List items, the latest first."""
        query = policy.scoped(ForumItem, edge.actor()).where(ForumItem.forum_id == forum.id)
        order = {"sort": gathered.NEWEST_FIRST, **filters}
        query = fates.narrowed(query, filters.get("fate"))
        page = page_of(gathered.listed(query, filters), order, gathered.SORTS)
        return page_body(page, ItemOut())

    @access("forum_item.capture", Forum)
    @resources.arguments(ItemPostSchema)
    @resources.response(201, ItemOut)
    def post(self, forum: Forum, data: dict[str, Any]) -> Any:
        """Write an item down; the same key again is the same item."""
        facts = {"key": secrets.token_urlsafe(12), **data}
        with transaction():
            return writing.capture(
                forum, facts, language=edge.current_language(), actor=edge.signed_in()
            )


@resources.route("/notes/<int:id>")
class OneItem(MethodView):
    """One item."""

    @access("forum_item.see", ForumItem)
    @resources.response(200, ItemOut)
    def get(self, item: ForumItem) -> Any:
        """Show an item and what became of it."""
        return item

    @access("forum_item.edit", ForumItem)
    @resources.arguments(ItemSchema(partial=True))
    @resources.response(200, ItemOut)
    def patch(self, item: ForumItem, data: dict[str, Any]) -> Any:
        """Correct an item."""
        with transaction():
            return writing.edit(item, data)


@resources.route("/notes/<int:id>/verdict")
class Verdict(MethodView):
    """Whether an expectation was met."""

    @access("forum_item.compare", ForumItem)
    @resources.arguments(VerdictSchema)
    @resources.response(200, ItemOut)
    def post(self, item: ForumItem, data: dict[str, Any]) -> Any:
        """Compare an expectation with the results."""
        with transaction():
            return writing.compare(item, data)


@resources.route("/notes/<int:id>/steps")
class ItemSteps(MethodView):
    """The moves of an item."""

    @access("forum_item.see", ForumItem)
    @resources.arguments(StepSchema)
    def post(self, item: ForumItem, asked: dict[str, Any]) -> Any:
        """Move an item one step."""
        return post_step("forum_item", item, writing.advance_item, asked), 201


@resources.route("/notes/<int:id>/become")
class Become(MethodView):
    """What an item becomes."""

    @access("forum_item.take_up", ForumItem)
    @resources.arguments(BecomePostSchema)
    @resources.response(201, ItemOut)
    def post(self, item: ForumItem, data: dict[str, Any]) -> Any:
        """Make a need, an offer, an exchange or a topic of it."""
        into, whose = triage.Into(data["into"]), data["organisation_id"]
        with transaction():
            triage.become(item, into, actor=edge.signed_in(), organisation_id=whose)
        return item


@resources.route("/notes/<int:id>/commit")
class Commit(MethodView):
    """The recommendation that an item becomes."""

    @access("forum_item.take_up", ForumItem)
    @resources.arguments(RecommendationSchema)
    @resources.response(201, ItemOut)
    def post(self, item: ForumItem, data: dict[str, Any]) -> Any:
        """Write it into the register; with an owner and a day it is a commitment at once."""
        with transaction():
            triage.enter_register(item, data, actor=edge.signed_in())
        return item


NUMBERS = {"type": "object", "additionalProperties": {"type": "integer"}}


@resources.route("/<int:id>/fates")
class Fates(MethodView):
    """What became of all that was written down at an edition."""

    @access("forum_item.see", Forum)
    @resources.doc(**described(NUMBERS, "Numbers by fate."))
    def get(self, forum: Forum) -> Any:
        """How many items came how far."""
        return {str(fate): number for fate, number in fates.counts(forum).items()}
