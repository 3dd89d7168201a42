"""The pages of runs of the matcher: begun, watched, reviewed, compared, published."""

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, edge_why, policy
from exchange.edge import access
from exchange.errors import NotFound
from exchange.listing import page_of
from exchange.matching.met import met
from exchange.programmes.models import Programme
from exchange.references import named_row
from exchange.runs import actions, differences, queries
from exchange.runs.models import Outcome, Run, RunPair
from exchange.runs.schemas import PairFilter, RunFilter, RunSchema
from exchange.schemas import Filter
from exchange.steps import steps_of
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.words import names_of
from workflows.matching_run import RunState

# So many lines of a list of changes are read; the others are counted.
MOST = 50
pages = Blueprint("runs", __name__, url_prefix="/matching/runs")
pages.add_app_template_global(Outcome, "outcome_class")


@pages.get("")
@access("matching_run.see")
def index() -> Any:
    """The list of runs, the newest first."""
    chosen = filters(RunFilter())
    query = queries.listed(policy.scoped(Run, edge.actor()), chosen)
    page = page_of(query, {"sort": "-newest", **chosen}, queries.SORTS)
    return render_template("runs/list.html", page=page, chosen=chosen)


@pages.route("/new", methods=["GET", "POST"])
@access("matching_run.create")
def create() -> Any:
    """Begin a run."""
    form = Form(RunSchema())
    run = form.submit(lambda data: _begin(data.get("programme_id")))
    if run is None:
        return render_template("runs/new.html", form=form), form.status
    flash(_("The run has begun. This page shows how far it is."))
    return redirect(url_for("runs.show", id=run.id))


@pages.get("/<int:id>")
@access("matching_run.see", Run)
def show(run: Run) -> Any:
    """One run: how far it is, and what it came to."""
    return render_template(
        "runs/show.html",
        run=run,
        progress=queries.progress(run),
        outcomes=queries.outcomes(run),
        changed=queries.changed_since(run) if run.state == RunState.draft else 0,
        base=queries.last_published(run.programme_code, before=run),
        unserved=Counter(run.report.get("unserved", {}).values()).most_common(),
        sections=names_of("section"),
        steps=steps_of("matching_run", run.id),
    )


@pages.get("/<int:id>/pairs")
@access("matching_run.see", Run)
def pairs(run: Run) -> Any:
    """The pairs that a run proposes."""
    chosen = filters(PairFilter())
    query = queries.listed_pairs(policy.scoped(RunPair, edge.actor()), run, chosen)
    page = page_of(query, {"sort": "-score", **chosen}, queries.PAIR_SORTS)
    return render_template("runs/pairs.html", run=run, page=page, chosen=chosen)


@pages.get("/<int:id>/pairs/<int:pair_id>")
@access("matching_run.see", Run)
def pair(run: Run, pair_id: int) -> Any:
    """One pair of a run: why."""
    found = policy.find(RunPair, pair_id, edge.actor())
    if found.run_id != run.id:
        raise NotFound("not_found")
    conditions = edge_why.plain(met(found.need, found.offer))
    told = edge_why.told(found.need, found.offer, found.reasons, conditions)
    missed = queries.missed_in(found)
    return render_template("runs/pair.html", run=run, pair=found, told=told, missed=missed)


@pages.get("/<int:id>/comparison")
@access("matching_run.see", Run)
def compare(run: Run) -> Any:
    """A run beside the one that was published before it: who gains, who loses."""
    return render_template("runs/compare.html", run=run, found=differences.compare(run), **_lists())


@pages.get("/<int:id>/without")
@access("matching_run.see", Run)
def without(run: Run) -> Any:
    """The needs that a run left without a host, and why."""
    chosen = filters(Filter(only=["page", "size"]))
    page = queries.without(run, chosen)
    return render_template("runs/without.html", run=run, page=page)


@pages.post("/<int:id>/move")
@access("matching_run.see", Run)
def step(run: Run) -> Any:
    """Publish, discard, or try again."""
    move("matching_run", run, actions.advance, request.form)
    return redirect(url_for("runs.show", id=run.id))


def _begin(programme_id: int | None) -> Run:
    programme = named_row(edge.known, Programme, programme_id, "programme_id")
    return actions.begin(programme, actor=edge.signed_in())


def _lists() -> dict[str, Any]:
    """What pages that compare runs need beside the runs."""
    return {"most": MOST, "sections": names_of("section")}
