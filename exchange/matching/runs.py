"""One look at every published need, with a report. It opens its own transactions: one a need, so
that others can write in between."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from exchange.catalogue.models import Need
from exchange.extensions import db
from exchange.matching import loading
from exchange.matching.suggesting import suggest_for_need
from exchange.transaction import read_only, transaction
from workflows.need import NeedState


@dataclass
class Report:
    """What a run saw. ``removed`` counts pairs by the rule that removed them."""

    needs: int = 0
    offers: int = 0
    fits: int = 0
    served: int = 0
    removed: Counter[str] = field(default_factory=Counter)

    @property
    def pairs(self) -> int:
        """How many pairs were looked at."""
        return self.fits + self.removed.total()


def run() -> Report:
    """Suggest for every published need, those that wait longest first."""
    with read_only(), transaction():
        open_needs = select(Need.id).where(Need.state == NeedState.published)
        need_ids = list(db.session.scalars(open_needs.order_by(Need.published_at, Need.id)))
        offers = loading.offer_facts()
    report = Report(offers=len(offers))
    for need_id in need_ids:
        with transaction():
            ranking = suggest_for_need(need_id, offers=offers)
        if ranking is not None:
            report.needs += 1
            report.fits += len(ranking.candidates)
            report.served += bool(ranking.candidates)
            report.removed.update(ranking.removed)
    return report
