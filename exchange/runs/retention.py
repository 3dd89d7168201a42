"""What nobody needs any more of runs. The caller commits."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from exchange.extensions import db
from exchange.runs.models import Run
from workflows.matching_run import RunState

# Long enough to ask why a run failed or was thrown away.
KEPT = timedelta(days=90)


def purge(*, now: datetime) -> None:
    """Remove failed and discarded runs of long ago, with their blocks and pairs. What was published
    stays: it is the history by which the matcher is measured."""
    over = Run.state.in_((RunState.discarded, RunState.failed))
    db.session.execute(
        delete(Run).where(over, Run.state_since < now - KEPT),
        execution_options={"synchronize_session": False},
    )
