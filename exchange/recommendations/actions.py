"""What happens to recommendations and commitments. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import steps, tags
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.recommendations.models import Recommendation, Support
from exchange.steps import Step
from workflows.recommendation import RECOMMENDATION, RecommendationState

OPEN_TO_SUPPORT = (RecommendationState.proposed, RecommendationState.adopted)
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


def support(row: Recommendation, organisation_id: int) -> Recommendation:
    """An organisation supports a recommendation; again changes nothing.

    :raises NotAllowed: ``support_is_over``, it is neither proposed nor adopted.
    """
    if row.state not in OPEN_TO_SUPPORT:
        raise NotAllowed("support_is_over")
    if _support_of(row, organisation_id) is None:
        db.session.add(Support(recommendation_id=row.id, organisation_id=organisation_id))
    return _counted(row)


def withdraw_support(row: Recommendation, organisation_id: int) -> Recommendation:
    """An organisation takes its support back; without one nothing changes.

    :raises NotAllowed: ``support_is_over``, it is neither proposed nor adopted.
    """
    if row.state not in OPEN_TO_SUPPORT:
        raise NotAllowed("support_is_over")
    if (known := _support_of(row, organisation_id)) is not None:
        db.session.delete(known)
    return _counted(row)


def _support_of(row: Recommendation, organisation_id: int) -> Support | None:
    query = select(Support).filter_by(recommendation_id=row.id, organisation_id=organisation_id)
    return db.session.scalars(query).first()


def _counted(row: Recommendation) -> Recommendation:
    db.session.flush()
    db.session.expire(row, ["supports"])
    return row


def _fill(row: Recommendation, data: Mapping[str, Any]) -> None:
    owner_id = data.get("owner_id")
    if owner_id is not None and db.session.get(Organisation, owner_id) is None:
        raise Invalid("owner_id", "no_such_organisation")
    with db.session.no_autoflush:
        tags.apply(row, data)
