"""/api/v1/matching/runs"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.run_schemas import ComparisonOut, PairOut, RunBriefOut, RunOut, UnservedOut
from exchange.edge import access
from exchange.listing import Page, page_of
from exchange.programmes.models import Programme
from exchange.references import named_row
from exchange.runs import actions, differences, queries
from exchange.runs.models import Run, RunPair
from exchange.runs.schemas import PairFilter, RunFilter, RunSchema
from exchange.schemas import Filter, StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_runs", __name__, url_prefix="/api/v1/matching/runs", description="Runs of the matcher"
)


@resources.route("")
class Runs(MethodView):
    """The runs of the matcher."""

    @access("matching_run.see")
    @resources.arguments(RunFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List runs, the newest first."""
        query = queries.listed(policy.scoped(Run, edge.actor()), filters)
        return page_body(
            page_of(query, {"sort": "-newest", **filters}, queries.SORTS), RunBriefOut()
        )

    @access("matching_run.create")
    @resources.arguments(RunSchema)
    @resources.response(202, RunOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Begin a run; workers compute it, and it says how far it is."""
        programme = named_row(edge.known, Programme, data.get("programme_id"), "programme_id")
        with transaction():
            return actions.begin(programme, actor=edge.signed_in())


@resources.route("/<int:id>")
class OneRun(MethodView):
    """One run."""

    @access("matching_run.see", Run)
    @resources.response(200, RunOut)
    def get(self, run: Run) -> Any:
        """Show a run: how far it is, and its report."""
        return run


@resources.route("/<int:id>/pairs")
class RunPairs(MethodView):
    """The pairs of a run."""

    @access("matching_run.see", Run)
    @resources.arguments(PairFilter, location="query")
    def get(self, run: Run, filters: dict[str, Any]) -> Any:
        """List the pairs that a run proposes, the best first."""
        query = queries.listed_pairs(policy.scoped(RunPair, edge.actor()), run, filters)
        return page_body(
            page_of(query, {"sort": "-score", **filters}, queries.PAIR_SORTS), PairOut()
        )


@resources.route("/<int:id>/comparison")
class RunComparison(MethodView):
    """A run beside the one that was published before it."""

    @access("matching_run.see", Run)
    @resources.response(200, ComparisonOut)
    def get(self, run: Run) -> Any:
        """Which pairs are new or gone, who gains, who loses, whom each serves."""
        return differences.compare(run)


@resources.route("/<int:id>/without")
class RunWithout(MethodView):
    """Who stays without a host."""

    @access("matching_run.see", Run)
    @resources.arguments(Filter(only=["page", "size"]), location="query")
    def get(self, run: Run, filters: dict[str, Any]) -> Any:
        """List the needs that a run left without a host, each with why."""
        page = queries.without(run, filters)
        rows = [{"need": need, "code": code} for need, code in page.items]
        return page_body(Page(rows, page.number, page.size, page.total), UnservedOut())


@resources.route("/<int:id>/steps")
class RunSteps(MethodView):
    """The moves of a run."""

    @access("matching_run.see", Run)
    @resources.arguments(StepSchema)
    def post(self, run: Run, asked: dict[str, Any]) -> Any:
        """Publish, discard, or try again."""
        return post_step("matching_run", run, actions.advance, asked), 201
