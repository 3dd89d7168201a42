"""What one process keeps of needs and offers between two tasks, so that a new need is matched at
once: facts, the encoder that knows how usual each word is, and the market of all offers.

The rows are the truth: each use asks in one statement which of them changed, and reads those again.
A process that forgets all this only takes longer.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Select, select

from exchange.catalogue.models import Listing, Need, Offer
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.matching import loading
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, SideFacts
from exchange.matching.history import history
from workflows.need import NeedState
from workflows.offer import OfferState

if TYPE_CHECKING:
    from exchange.matching.core.market import Marketplace
    from exchange.matching.text.encoder import TextEncoder

Facts = TypeVar("Facts", bound=SideFacts)
Stamp = tuple[Any, ...]
# When the texts have become so many more, what is usual among them is counted anew.
GROWTH = 1.2
# More rows than this are read together with all others: a list of ids has its limits.
READ_BY_ID = 500


@dataclass
class Kept(Generic[Facts]):
    """The facts of all published rows of one kind, each with the stamp it had when it was read."""

    read: Callable[[list[int] | None], list[Facts]]
    stamps: dict[int, Stamp] = field(default_factory=dict)
    facts: dict[int, Facts] = field(default_factory=dict)

    def follow(self, stamps: Mapping[int, Stamp]) -> bool:
        """Read again what changed; return whether anything did."""
        changed = [key for key, stamp in stamps.items() if self.stamps.get(key) != stamp]
        gone = self.stamps.keys() - stamps.keys()
        if changed:
            read = self.read(changed if len(changed) <= READ_BY_ID else None)
            self.facts.update((int(one.id), one) for one in read)
        for key in gone:
            del self.facts[key]
        self.stamps = dict(stamps)
        return bool(changed or gone)


class Shelf:
    """The facts of one process. Threads take turns."""

    def __init__(self, make_encoder: "Callable[[], TextEncoder]") -> None:
        self._make_encoder = make_encoder
        self._lock = threading.RLock()
        self._offers: Kept[OfferFacts] = Kept(loading.offer_facts)
        self._needs: Kept[NeedFacts] = Kept(loading.need_facts)
        self._encoder: TextEncoder | None = None
        self._fitted_to, self._corpus = 0, ""
        self._hosts: set[int] = set()
        self._market: Marketplace | None = None

    def offers(self) -> list[OfferFacts]:
        """The facts of all published offers as they are now."""
        with self._lock:
            self._follow_offers()
            return list(self._offers.facts.values())

    def needs(self) -> list[NeedFacts]:
        """The facts of all published needs as they are now."""
        with self._lock:
            self._needs.follow(_stamps(Need, NeedState.published, Need.hosts_wanted))
            past = history()
            return [loading.with_history(one, past[key]) for key, one in self._needs.facts.items()]

    def encoder(self) -> "TextEncoder":
        """The encoder, knowing how usual each word is among the published texts."""
        with self._lock:
            offers, needs = self.offers(), list(self._needs.facts.values()) or self.needs()
            texts = len(offers) + len(needs)
            if self._encoder is None or not self._fitted_to <= texts <= GROWTH * self._fitted_to:
                self._encoder = self._fit([*offers, *needs])
            return self._encoder

    def encoder_of_now(self) -> "tuple[TextEncoder, str]":
        """The encoder fitted to exactly the texts that are published now, and their hash: for a
        run, whose scores must be the same whichever process computes them."""
        with self._lock:
            facts = [*self.offers(), *self.needs()]
            if self._encoder is None or self._corpus != _hash(facts):
                self._encoder = self._fit(facts)
            return self._encoder, self._corpus

    def market(self, configuration: Configuration) -> "Marketplace":
        """All published offers, ready to be asked for the best of them for any need."""
        from exchange.matching.core.market import Marketplace  # late: numpy, for who matches

        with self._lock:
            encoder = self.encoder()
            if self._market is None:
                offers = list(self._offers.facts.values())
                self._market = Marketplace.of([], offers, configuration, encoder)
            if self._market.configuration != configuration:
                self._market = self._market.with_configuration(configuration)
            return self._market

    def _follow_offers(self) -> None:
        # How many places are left matters to whoever takes one, not to whoever compares.
        open_and_rated = (Offer.places > Offer.places_taken, Offer.votes, Offer.stars)
        seen = (*open_and_rated, Offer.paused_until)
        changed = self._offers.follow(_stamps(Offer, OfferState.published, *seen))
        hosts = loading.hosts()
        if changed or hosts != self._hosts:
            self._market, self._hosts = None, hosts
            for key, one in self._offers.facts.items():
                newcomer = one.organisation_id not in hosts
                if newcomer != one.newcomer:
                    self._offers.facts[key] = replace(one, newcomer=newcomer)

    def _fit(self, facts: list[Any]) -> "TextEncoder":
        from exchange.matching.text.memory import Memory  # late: numpy and scipy

        self._fitted_to, self._corpus, self._market = len(facts), _hash(facts), None
        fitted = self._make_encoder().fit([f.words for f in facts], [f.language for f in facts])
        return Memory(fitted, failed=self._forget_encoder)

    def _forget_encoder(self) -> None:
        """An encoder that has failed is fitted anew by the next who asks, and falls back then."""
        self._encoder, self._market, self._corpus = None, None, ""


def _hash(facts: list[Any]) -> str:
    """A hash of all texts, whatever their order."""
    digest = hashlib.sha256()
    for line in sorted(f"{f.language} {f.words}" for f in facts):
        digest.update(line.encode())
    return digest.hexdigest()[:16]


def _stamps(model: type[Listing], published: Any, *counts: Any) -> dict[int, Stamp]:
    """What changes whenever the facts of a published row do, in one statement."""
    query: Select[Any] = (
        select(model.id, model.version_id, Organisation.updated_at, *counts)
        .join(Organisation, Organisation.id == model.organisation_id)
        .where(model.state == published)
        .order_by(model.id)
    )
    return {row[0]: tuple(row[1:]) for row in db.session.execute(query)}


def _built_in() -> "TextEncoder":
    from exchange.matching.text.builtin import BuiltIn  # late: numpy and scipy

    return BuiltIn()


_shelf = [Shelf(_built_in)]


def use(make_encoder: "Callable[[], TextEncoder]" = _built_in) -> None:
    """Say which encoder compares texts; what was kept is forgotten. Called by ``create_app``."""
    _shelf[0] = Shelf(make_encoder)


def shelf() -> Shelf:
    """The shelf of this process."""
    return _shelf[0]
