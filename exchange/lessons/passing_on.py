"""Whoever has learned shows it to others: an exchange becomes the draft of an offer."""

from sqlalchemy import select

from exchange.catalogue import actions as catalogue
from exchange.catalogue.models import Offer
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from exchange.predicates import staff
from workflows.offer import OfferState


def offer_from(exchange: Exchange, organisation_id: int, *, actor: Person) -> Offer:
    """Make the draft of an offer of what an organisation learned in ``exchange``; asked twice, the
    draft that is there. The caller commits.

    :raises Invalid: ``not_a_learner``, it did not learn there; ``not_yours``.
    """
    learners = {one.organisation_id for one in exchange.with_role(PartnerRole.learner)}
    if organisation_id not in learners:
        raise Invalid("organisation_id", "not_a_learner")
    if organisation_id not in acts_for_ids(actor) and not staff(actor, None):
        raise Invalid("organisation_id", "not_yours")
    there = select(Offer).where(
        Offer.organisation_id == organisation_id,
        Offer.title == exchange.title,
        Offer.state == OfferState.draft,
    )
    found: Offer | None = db.session.scalars(there.limit(1)).first()
    if found is not None:
        return found
    facts = {
        "organisation_id": organisation_id,
        "title": exchange.title,
        "text": exchange.purpose,
        "language": exchange.language,
        "themes": [term.code for term in exchange.terms if term.vocabulary == "theme"],
    }
    return catalogue.create(Offer, facts, actor=actor)
