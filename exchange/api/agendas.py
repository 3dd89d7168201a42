"""/api/v1/modules/agendas: challenges and opportunities by global agenda."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.dashboards.agendas import by_agenda
from exchange.edge import access

resources = Blueprint(
    "api_agendas", __name__, url_prefix="/api/v1/modules", description="Learning modules"
)


class AgendaOut(Schema):
    """An agenda, or a commitment within one: how many rows of each kind are tagged with it."""

    agenda = fields.Function(lambda line: line.term.code)
    figures = fields.Function(
        lambda line: {str(side): number for side, number in line.figures.items()},
        metadata={"type": "object", "additionalProperties": {"type": "integer"}},
    )


@resources.route("/agendas")
class Agendas(MethodView):
    """Challenges and opportunities by global agenda."""

    @access("module.see")
    @resources.response(200, AgendaOut(many=True))
    def get(self) -> Any:
        """Count challenges, needs, offers, topics, modules and recommendations by agenda."""
        return by_agenda(edge.actor())
