"""exchange match run: a full run in this process, its progress on stderr, its report printed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import click

from exchange.edge import settings
from exchange.errors import NotFound
from exchange.extensions import db
from exchange.programmes.models import GENERAL, Programme
from exchange.runs import actions, queries, work
from exchange.runs.models import Occasion, Run
from exchange.transaction import transaction
from workflows.matching_run import RunState


def run(code: str, *, publish: bool) -> None:
    """Run the matcher for a programme, and publish the draft when that is asked for.

    :raises NotFound: there is no such programme.
    :raises Conflict: a run of it is at work.
    """
    programme = _programme(code)
    with transaction():
        run_id = actions.begin(programme, actor=None, occasion=Occasion.command).id
    work.work_off(run_id, patience=timedelta(seconds=settings().run_patience), tell=_progress)
    found = _read(run_id)
    if publish and found.state == RunState.draft:
        with transaction():
            actions.publish(found, actor=None)
    work.ask(run_id)
    _print(_read(run_id))


def _programme(code: str) -> Programme | None:
    if code == GENERAL:
        return None
    found = queries.programme(code)
    if found is None:
        raise NotFound("not_found", noun="programme", id=code)
    return found


def _read(run_id: int) -> Run:
    return db.session.get_one(Run, run_id, populate_existing=True)


def _progress(step: Mapping[str, Any]) -> None:
    if "block" in step:
        said = f"block {step['block']} of {step['blocks']} compared"
    else:
        gap = step["bound"] - step["objective"]
        said = f"round {step['round']}: {step['pairs']} pairs, at most {gap} points from the best"
    click.echo(said, err=True)


def _print(run: Run) -> None:
    report = run.report
    if run.state == RunState.failed:
        raise click.ClickException(f"run {run.id} failed: {report['failure']['error']}")
    if "served" in report:
        _print_counts(report)
        _print_proof(report)
    said = ", ".join(f"{many} {outcome}" for outcome, many in queries.outcomes(run).items() if many)
    click.echo(f"run {run.id} is {run.state}" + (f": {said}" if said else ""))


def _print_counts(report: Mapping[str, Any]) -> None:
    counted, pairs = report["counted"]["needs"], report["counted"]["pairs"]
    click.echo(
        f"{report['needs']} needs, {report['offers']} offers, {report['pairs']} pairs looked at"
    )
    if counted < report["needs"]:
        click.echo(f"of {pairs} pairs of {counted} needs among them:")
    for rule, count in report["removed"].items():
        click.echo(f"{count:>8}  {rule}")
    click.echo(f"{report['fits']:>8}  fit")
    click.echo(f"{report['served']:>8}  of {report['wanting']} needs get a host")
    click.echo(f"{report['places']:>8}  places given, {report['total']} points together")


def _print_proof(report: Mapping[str, Any]) -> None:
    gap, seconds = report["gap"], report["seconds"]
    proof = "proven to be the best" if report["certified"] else f"at most {gap:.4%} from the best"
    took = ", ".join(f"{stage} {took:.1f} s" for stage, took in seconds.items())
    click.echo(f"{proof} ({report['solver']}, {report['rounds']} rounds): {took}")
    click.echo(f"settings {report['hash']}, texts compared by {report['encoder']}")
    if reason := report["encoder_fell_back"]:
        click.echo(reason)
