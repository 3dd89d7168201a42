"""Checks a run and its proof from the rules and all scores, without a line of the solver."""

from collections import Counter

from exchange.matching.core.assignment import Assignment
from tests.unit.matching.core.brute import newcomer, objective, stocks, worth
from tests.unit.matching.core.instances import Instance


def feasible(run: Instance, found: Assignment) -> bool:
    """Does the run keep to every rule: real pairs, once each, no veto, no stock overdrawn?"""
    needs, offers = {n.id: n for n in run.needs}, {o.id: o for o in run.offers}
    used: Counter[object] = Counter()
    for given in found.pairs:
        assert run.scores[given.need, given.offer] == given.score
        assert given.score >= run.configuration.floor
        assert (given.need, given.offer) not in run.wishes.vetoes
        used["need", given.need] += 1
        used["place", given.offer] += 1
        used["learner", needs[given.need].organisation_id] += 1
        used["host", offers[given.offer].organisation_id] += 1
    assert len({(given.need, given.offer) for given in found.pairs}) == len(found.pairs)
    assert all(used["need", need.id] <= need.open_places for need in run.needs)
    return all(used[name] <= most for name, most in stocks(run).items())


def bound(run: Instance, found: Assignment) -> int:
    """What the prices prove: no run over any of the feasible pairs is worth more."""
    proof, settings = found.proof, run.configuration
    countries = {offer.id: offer.country for offer in run.offers}
    total = sum(proof.country.values())
    assert all(0 <= price <= settings.diversity for price in proof.country.values())
    for pair, score in run.scores.items():
        need, offer = pair
        if pair not in run.wishes.vetoes and score >= settings.floor:
            value = worth(score, run) + proof.pin_bonus * (pair in run.wishes.pins)
            surcharge = proof.country.get((need, countries[offer]), 0)
            total += max(value - proof.need[need] - proof.offer[offer] - surcharge, 0)
    return total + places(run, found)


def places(run: Instance, found: Assignment) -> int:
    """The part of the bound that places and caps bring."""
    proof, settings, total = found.proof, run.configuration, 0
    for need in run.needs:
        aged = min(settings.ageing * need.passed_over, settings.ageing_most)
        ladder = [settings.first_bonus + aged, min(settings.second_bonus, settings.first_bonus)]
        ladder = [*ladder, *[0] * need.hosts_wanted][need.hosts_found :]
        each = proof.need[need.id] - proof.learner.get(need.organisation_id, 0)
        total += sum(max(bonus + each, 0) for bonus in ladder[: need.open_places])
    for offer in run.offers:
        ladder = [newcomer(offer, run), *[0] * offer.places]
        each = proof.offer[offer.id] - proof.host.get(offer.organisation_id, 0)
        total += sum(max(bonus + each, 0) for bonus in ladder[: offer.open_places])
    stock = stocks(run)
    for kind, prices in (("learner", proof.learner), ("host", proof.host)):
        assert all(price >= 0 for price in prices.values())
        total += sum(stock[kind, key] * price for key, price in prices.items())
    return total


def proven(run: Instance, found: Assignment) -> bool:
    """Is it certain that this run is the best? Feasible, and worth what no other run exceeds."""
    assert feasible(run, found)
    value = objective([(given.need, given.offer) for given in found.pairs], run)
    assert value == found.objective
    pinned = found.proof.pin_bonus * sum(given.pinned for given in found.pairs)
    return bound(run, found) == value + pinned
