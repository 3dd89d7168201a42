"""What happens to editions of the Congress and what is brought to them. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import multilingual
from exchange.congresses.models import BROUGHT, Congress, Contribution
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.recommendations.models import Recommendation
from exchange.strategies.models import Strategy

WORDS = {"title": "titles", "text": "texts"}
_MODELS: dict[str, Any] = {
    "forum_id": Forum,
    "recommendation_id": Recommendation,
    "strategy_id": Strategy,
}


def create(data: Mapping[str, Any]) -> Congress:
    """Write an edition down.

    :raises Invalid: ``code_taken``; ``window``.
    """
    row = Congress(titles={}, texts={})
    edit(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def edit(row: Congress, data: Mapping[str, Any]) -> Congress:
    """Change an edition.

    :raises Invalid: ``code_taken``; ``window``.
    """
    with db.session.no_autoflush:
        query = select(Congress).where(Congress.code == data.get("code", row.code))
        if (known := db.session.scalars(query).first()) is not None and known is not row:
            raise Invalid("code", "code_taken")
        multilingual.write(row, data, WORDS)
    if row.ends_on < row.starts_on:
        raise Invalid("ends_on", "window")
    db.session.flush()
    return row


def bring(row: Congress, data: Mapping[str, Any]) -> Contribution:
    """Tag one thing as a contribution to a Congress; again corrects what it is to bring about.

    :raises Invalid: ``one_thing``, none is named or more than one; ``no_such_exchange``;
        ``bad_value``.
    """
    chosen = [name for name in ("reference", *_MODELS) if data.get(name)]
    if len(chosen) != 1:
        raise Invalid(chosen[0] if chosen else "reference", "one_thing")
    name = "exchange_id" if chosen[0] == "reference" else chosen[0]
    found = _found(chosen[0], data[chosen[0]])
    known = next((one for one in row.contributions if getattr(one, name) == found), None)
    contribution = known or Contribution(**{name: found})
    contribution.aim, contribution.language = data.get("aim", ""), data["language"]
    if known is None:
        row.contributions.append(contribution)
    db.session.flush()
    return contribution


def take_back(row: Contribution) -> None:
    """It does not go to the Congress any more."""
    row.congress.contributions.remove(row)
    db.session.flush()


def kind_of(row: Contribution) -> str:
    """What is brought: "forum", "exchange", "recommendation" or "strategy"."""
    name = next(one for one in BROUGHT if getattr(row, one) is not None)
    return name.removesuffix("_id")


def _found(name: str, value: Any) -> int:
    if name == "reference":
        query = select(Exchange.id).where(Exchange.reference == value.strip().upper())
        found: int | None = db.session.scalars(query).first()
        if found is None:
            raise Invalid("reference", "no_such_exchange")
        return found
    if db.session.get(_MODELS[name], value) is None:
        raise Invalid(name, "bad_value")
    return int(value)
