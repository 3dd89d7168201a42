"""The best of a small run by trying everything, written from the rules alone.

It shares nothing with the solver: no network, no prices, no positions.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations

from exchange.matching.core.facts import Key, NeedFacts, OfferFacts
from tests.unit.matching.core.instances import Instance

Value = tuple[int, int]  # pins kept, then the objective without them
Left = tuple[int, ...]  # what is left of each stock: places of offers, then caps


def objective(taken: list[tuple[Key, Key]], run: Instance) -> int:
    """What a set of pairs is worth, counted from scratch."""
    offers = {offer.id: offer for offer in run.offers}
    total = sum(worth(run.scores[pair], run) for pair in taken)
    for need in run.needs:
        total += around(need, [offers[o] for n, o in taken if n == need.id], run)
    guests = {offer for _need, offer in taken}
    return total + sum(newcomer(offer, run) for offer in run.offers if offer.id in guests)


def worth(score: int, run: Instance) -> int:
    """The score to the power that the configuration names, in basis points, rounded half up."""
    power = run.configuration.stability
    return int((2 * score**power + 10_000 ** (power - 1)) // (2 * 10_000 ** (power - 1)))


def around(need: NeedFacts, hosts: list[OfferFacts], run: Instance) -> int:
    """What a need brings with these hosts beside their scores: coverage, less diversity."""
    settings = run.configuration
    aged = min(settings.ageing * need.passed_over, settings.ageing_most)
    ladder = [settings.first_bonus + aged, min(settings.second_bonus, settings.first_bonus)]
    bonuses = sum(ladder[need.hosts_found : need.hosts_found + len(hosts)])
    countries = Counter(host.country for host in hosts if host.country)
    return bonuses - settings.diversity * sum(count - 1 for count in countries.values())


def newcomer(offer: OfferFacts, run: Instance) -> int:
    """What the first place of an offer brings."""
    return run.configuration.newcomer_bonus * (offer.newcomer and not offer.places_taken)


def stocks(run: Instance) -> dict[tuple[str, Key], int]:
    """Everything that can run out, and how much of it there is."""
    wishes, settings = run.wishes, run.configuration
    stock: dict[tuple[str, Key], int] = {("place", o.id): o.open_places for o in run.offers}
    for kind, rows, caps, general in (
        ("learner", run.needs, wishes.learner_caps, settings.learner_cap),
        ("host", run.offers, wishes.host_caps, settings.host_cap),
    ):
        organisations = {row.organisation_id for row in rows} - {None}
        stock |= {(kind, key): caps.get(key, general or 99) for key in sorted(organisations)}
    return stock


def best(run: Instance) -> Value:
    """The most pins that can be kept, and with them the highest objective."""
    stock = stocks(run)
    at = {name: number for number, name in enumerate(stock)}
    full = tuple(stock.values())
    choices = [list(ways(need, run, at)) for need in run.needs]
    new = [(at["place", o.id], newcomer(o, run)) for o in run.offers if newcomer(o, run)]

    @cache
    def serve(number: int, left: Left) -> Value:
        if number == len(run.needs):
            return (0, sum(bonus for place, bonus in new if left[place] < full[place]))
        found: Value = (0, -(10**9))
        for (pins, gain), used in choices[number]:
            after = list(left)
            for stocked in used:
                after[stocked] -= 1
            if min(after, default=0) >= 0:
                rest = serve(number + 1, tuple(after))
                found = max(found, (pins + rest[0], gain + rest[1]))
        return found

    return serve(0, full)


def ways(
    need: NeedFacts, run: Instance, at: dict[tuple[str, Key], int]
) -> Iterator[tuple[Value, list[int]]]:
    """Each set of hosts a need could get: what it brings, and the stocks it uses."""
    offers = [o for o in run.offers if (need.id, o.id) in run.scores]
    allowed = [o for o in offers if (need.id, o.id) not in run.wishes.vetoes]
    for number in range(need.open_places + 1):
        for hosts in combinations(allowed, number):
            gain = around(need, list(hosts), run)
            gain += sum(worth(run.scores[need.id, host.id], run) for host in hosts)
            pins = sum((need.id, host.id) in run.wishes.pins for host in hosts)
            used = [at["place", host.id] for host in hosts]
            used += [at["host", h.organisation_id] for h in hosts if h.organisation_id]
            if need.organisation_id:
                used += [at["learner", need.organisation_id]] * number
            yield (pins, gain), used
