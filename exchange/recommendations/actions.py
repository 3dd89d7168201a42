"""What happens to recommendations and commitments. The caller commits."""

from collections.abc import Mapping
from typing import Any

from exchange import steps, tags
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.recommendations.models import Recommendation
from exchange.steps import Step
from workflows.recommendation import RECOMMENDATION, RecommendationState

TAKEN_ON = (RecommendationState.committed, RecommendationState.under_way)


def propose(data: Mapping[str, Any]) -> Recommendation:
    """Write a recommendation into the register.

    :raises Invalid: ``no_such_organisation``.
    """
    row = Recommendation()
    _fill(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Recommendation, data: Mapping[str, Any]) -> Recommendation:
    """Change a recommendation; what somebody has taken on keeps an owner and a day.

    :raises Invalid: ``no_such_organisation``; ``taken_on``.
    """
    for name in ("owner_id", "due_on"):
        if row.state in TAKEN_ON and not data.get(name, getattr(row, name)):
            raise Invalid(name, "taken_on")
    _fill(row, data)
    db.session.flush()
    return row


def report(row: Recommendation, data: Mapping[str, Any]) -> Recommendation:
    """Write down what shows that it is being done, or was.

    :raises NotAllowed: ``finished``, it was dropped.
    """
    if RECOMMENDATION.is_final(row.state):
        raise NotAllowed("finished")
    return edit(row, data)


def advance_recommendation(
    row: Recommendation,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a recommendation one step and write the step down."""
    return steps.advance(
        RECOMMENDATION, row, trigger, actor=actor, note=note, expected_state=expected_state
    )


def _fill(row: Recommendation, data: Mapping[str, Any]) -> None:
    owner_id = data.get("owner_id")
    if owner_id is not None and db.session.get(Organisation, owner_id) is None:
        raise Invalid("owner_id", "no_such_organisation")
    with db.session.no_autoflush:
        tags.apply(row, data)
