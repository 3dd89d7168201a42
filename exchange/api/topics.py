"""/api/v1/module-topics: the backlog of learning modules."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.lessons.models import Note
from exchange.listing import page_of
from exchange.modules import queries, topics
from exchange.modules.models import ModuleTopic
from exchange.modules.schemas import TopicEditSchema, TopicFilter, TopicSchema
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_topics", __name__, url_prefix="/api/v1", description="Topics of learning modules"
)


class TopicOut(Schema):
    """A topic; ``demand`` counts the open needs that share one of its themes or agendas."""

    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    language = fields.String()
    themes = fields.Function(lambda row: [t.code for t in row.tagged("theme")])
    agendas = fields.Function(lambda row: [t.code for t in row.tagged("agenda")])
    state = fields.String()
    demand = fields.Integer()
    note_id = fields.Integer(allow_none=True)
    module_id = fields.Integer(allow_none=True)


@resources.route("/module-topics")
class Topics(MethodView):
    """The backlog."""

    @access("module_topic.see")
    @resources.arguments(TopicFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List topics, what most needs ask for first."""
        query = queries.topics(policy.scoped(ModuleTopic, edge.actor()), filters)
        page = page_of(query, {"sort": queries.MOST_WANTED, **filters}, queries.TOPIC_SORTS)
        return page_body(page, TopicOut())

    @access("module_topic.propose")
    @resources.arguments(TopicSchema)
    @resources.response(201, TopicOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Propose a topic."""
        with transaction():
            return topics.propose(data)


@resources.route("/module-topics/<int:id>")
class OneTopic(MethodView):
    """One topic."""

    @access("module_topic.see", ModuleTopic)
    @resources.response(200, TopicOut)
    def get(self, row: ModuleTopic) -> Any:
        """Show a topic."""
        return row

    @access("module_topic.edit", ModuleTopic)
    @resources.arguments(TopicEditSchema(partial=True))
    @resources.response(200, TopicOut)
    def patch(self, row: ModuleTopic, data: dict[str, Any]) -> Any:
        """Change a topic, or name the module that shall take it up."""
        with transaction():
            return topics.edit(row, data)


@resources.route("/module-topics/<int:id>/steps")
class TopicSteps(MethodView):
    """The moves of a topic."""

    @access("module_topic.see", ModuleTopic)
    @resources.arguments(StepSchema)
    def post(self, row: ModuleTopic, asked: dict[str, Any]) -> Any:
        """Move a topic one step; ``make_module`` makes a module of it."""
        return post_step("module_topic", row, topics.advance_topic, asked), 201


@resources.route("/notes/<int:id>/topic")
class NoteTopic(MethodView):
    """The topic of a note."""

    @access("module_topic.take_from_note", Note)
    @resources.response(201, TopicOut)
    def post(self, note: Note) -> Any:
        """Propose a published note as a topic, once."""
        with transaction():
            return topics.from_note(note)
