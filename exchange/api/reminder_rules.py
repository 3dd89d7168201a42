"""/api/v1/reminders/rules: which reminders are sent, and on which days."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.clock import now
from exchange.edge import access
from exchange.errors import Conflict, NotFound
from exchange.reminders import reach, rules
from exchange.reminders.schemas import RuleSchema
from exchange.schemas import Text, Whole
from exchange.transaction import transaction

resources = Blueprint(
    "api_reminder_rules",
    __name__,
    url_prefix="/api/v1/reminders/rules",
    description="Rules of reminders",
)


class RuleOut(Schema):
    """A kind as it holds now; ``version`` counts the decisions about it."""

    kind = fields.String(attribute="kind.name")
    active = fields.Boolean()
    held = fields.Boolean()
    days = fields.List(fields.Integer(), attribute="kind.days")
    version = fields.Integer()


class RuleChange(RuleSchema):
    """A decision about a kind. ``confirmed`` repeats how many people would be written to at once,
    when the answer to the same decision without it was ``would_mail``."""

    days = Text(longest=60, load_default="")
    seen_version = Whole(required=True)
    confirmed = Whole(load_default=0)


@resources.route("")
class Rules(MethodView):
    """The rules of all kinds."""

    @access("reminder.see")
    @resources.response(200, RuleOut(many=True))
    def get(self) -> Any:
        """List the kinds as they hold now, the letters that no state asks for at the end."""
        return [*rules.rules().values(), *rules.letters().values()]


@resources.route("/<kind>")
class OneRule(MethodView):
    """The rule of one kind."""

    @access("reminder.edit_rules")
    @resources.arguments(RuleChange)
    @resources.response(200, RuleOut)
    def put(self, data: dict[str, Any], kind: str) -> Any:
        """Decide about a kind; what would be sent at once has to be confirmed."""
        if rules.any_rule(kind) is None:
            raise NotFound("not_found", noun="reminder_rule", id=0)
        days = rules.days_for(kind, data["days"])
        people = reach.would_mail(kind, days, at=now()) if data["active"] else 0
        if people and data["confirmed"] != people:
            raise Conflict("would_mail", people=people)
        with transaction():
            rules.decide(
                kind,
                active=data["active"],
                days=days,
                held=data["held"],
                seen_version=data["seen_version"],
                actor=edge.signed_in(),
            )
        return rules.any_rule(kind)
