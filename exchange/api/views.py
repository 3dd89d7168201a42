"""/api/v1/views: the filters of lists under a name."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.edge import access
from exchange.keeping import views
from exchange.keeping.schemas import SaveSchema, ViewSchema
from exchange.keeping.views import ListName, SavedView
from exchange.schemas import Choice
from exchange.schemas import Schema as SchemaIn
from exchange.transaction import transaction

resources = Blueprint("api_views", __name__, url_prefix="/api/v1/views", description="Saved views")


class ViewOut(Schema):
    """A view: ``query`` is what stands after the ? in the address of its list."""

    id = fields.Integer()
    list_name = fields.String()
    name = fields.String()
    query = fields.String()
    shared = fields.Boolean()
    person_id = fields.Integer()


class ListSchema(SchemaIn):
    """The list whose views are asked for."""

    list_name = Choice(ListName)


@resources.route("")
class Views(MethodView):
    """The views that one sees."""

    @access("view.save")
    @resources.arguments(ListSchema, location="query")
    @resources.response(200, ViewOut(many=True))
    def get(self, asked: dict[str, Any]) -> Any:
        """List one's own views and those that staff share, of one list or of all."""
        names = [ListName(asked["list_name"])] if asked.get("list_name") else list(ListName)
        return [view for name in names for view in views.views_of(name, edge.actor())]

    @access("view.save")
    @resources.arguments(SaveSchema)
    @resources.response(201, ViewOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Save a view; one of the same name is replaced."""
        with transaction():
            return views.save(data, actor=edge.signed_in())


@resources.route("/<int:id>")
class OneView(MethodView):
    """One's own view."""

    @access("view.edit", SavedView)
    @resources.arguments(ViewSchema)
    @resources.response(200, ViewOut)
    def put(self, view: SavedView, data: dict[str, Any]) -> Any:
        """Give a view another name, or share it."""
        with transaction():
            views.change(view, data["name"], shared=data["shared"], actor=edge.signed_in())
        return view

    @access("view.edit", SavedView)
    @resources.response(204)
    def delete(self, view: SavedView) -> None:
        """Throw a view away; the list stays as it is."""
        with transaction():
            views.remove(view)
