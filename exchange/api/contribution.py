"""/api/v1/organisations/…/review: what a city contributes to its voluntary local review."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.clock import today
from exchange.dashboards.contribution import Period, contribution
from exchange.dashboards.schemas import ReviewFilter
from exchange.directory.models import Organisation
from exchange.edge import access

resources = Blueprint(
    "api_contribution",
    __name__,
    url_prefix="/api/v1/organisations",
    description="What a city contributes to its voluntary local review",
)


class ReviewNeedOut(Schema):
    """What the city asked."""

    id = fields.Integer()
    title = fields.String()
    language = fields.String()
    published_at = fields.AwareDateTime()


class ReviewExchangeOut(Schema):
    """An exchange that came to its visit."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    language = fields.String()
    starts_on = fields.Date(allow_none=True)


class ReviewLabOut(Schema):
    """A laboratory of the city, and what remained of it."""

    id = fields.Integer()
    title = fields.String()
    language = fields.String()
    starts_on = fields.Date()
    state = fields.String()
    kept = fields.String()
    adapted = fields.String()
    dropped = fields.String()


class ReviewChangeOut(Schema):
    """What changed, and how that is known."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    kind = fields.String()
    text = fields.String()
    evidence_url = fields.String()
    recorded_on = fields.Date()


class GoalOut(Schema):
    """What belongs to one goal; no goal: what carries the tag of none."""

    goal = fields.String(allow_none=True)
    needs = fields.Nested(ReviewNeedOut, many=True)
    exchanges = fields.Nested(ReviewExchangeOut, many=True)
    labs = fields.Nested(ReviewLabOut, many=True)
    changes = fields.Nested(ReviewChangeOut, many=True)


class ContributionOut(Schema):
    """The contribution of a day. ``follow_ups`` says what became of the questions about what
    changed; of ``unchanged_exchange_ids`` no change is recorded."""

    organisation_id = fields.Integer()
    on = fields.Date()
    goals = fields.Nested(GoalOut, many=True)
    follow_ups = fields.Dict(keys=fields.String(), values=fields.Integer())
    unchanged_exchange_ids = fields.List(fields.Integer())
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)
    undated_exchanges = fields.Integer()


@resources.route("/<int:id>/review")
class CityContribution(MethodView):
    """The contribution of one city."""

    @access("contribution.see", Organisation)
    @resources.arguments(ReviewFilter, location="query")
    @resources.response(200, ContributionOut)
    def get(self, organisation: Organisation, asked: dict[str, Any]) -> Any:
        """What it asked, did, tried and changed, goal by goal, and what is not known; within a
        period, with how many exchanges have no day to lie in one."""
        found = contribution(organisation, edge.actor(), Period(**asked))
        parts = ("needs", "exchanges", "labs", "changes")
        goals = [
            {"goal": code or None, **{name: getattr(goal, name) for name in parts}}
            for code, goal in found.goals.items()
        ]
        return {
            "organisation_id": organisation.id,
            "on": today(),
            "goals": goals,
            "follow_ups": {str(state): number for state, number in found.follow_ups.items()},
            "unchanged_exchange_ids": [one.id for one in found.unchanged],
            "since": found.period.since,
            "until": found.period.until,
            "undated_exchanges": found.undated,
        }
