"""The pairs of a run as rows: rank, reasons, trade-off, pins."""

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, Wishes
from exchange.matching.core.market import Marketplace
from exchange.matching.text.builtin import BuiltIn
from exchange.runs.share import Loaded, Share
from exchange.runs.solving import solve

MOBILITY, BOTH = frozenset({"mobility"}), frozenset({"mobility", "health"})


def solved(needs, offers, **wishes):
    market = Marketplace.of(needs, offers, Configuration(), BuiltIn())
    return solve(Share(Loaded(market, "stamp")), Wishes(**wishes), seconds=60, progress=None)


def offers(many, **facts):
    return [OfferFacts(id=n, organisation_id=100 + n, themes=MOBILITY, **facts) for n in many]


def test_the_rank_of_an_offer_is_its_place_among_all_that_fit():
    best = OfferFacts(id=1, organisation_id=101, themes=BOTH)
    need = NeedFacts(id=1, organisation_id=1, themes=BOTH)
    (row,) = solved([need], [best, *offers(range(2, 5))]).rows
    assert (row["offer_id"], row["rank"], row["trade_off"]) == (1, 1, None)


def test_a_pinned_offer_that_many_fit_better_has_its_true_rank():
    need = NeedFacts(id=1, organisation_id=1, themes=MOBILITY, population=100_000)
    near = offers(range(1, 41), population=100_000)
    far = OfferFacts(id=50, organisation_id=9, themes=MOBILITY, population=90_000_000)
    (row,) = solved([need], [*near, far], pins=frozenset({(1, 50)})).rows
    assert (row["offer_id"], row["pinned"], row["rank"]) == (50, True, 41)
    assert row["trade_off"]["because"] == "pinned"
    assert row["trade_off"]["score"] > row["score"]


def test_reasons_sum_to_the_score_and_stand_beside_their_pair():
    needs = [NeedFacts(id=n, organisation_id=n, themes=MOBILITY, hosts_wanted=2) for n in (1, 2)]
    found = solved(needs, offers(range(1, 6)))
    assert len(found.rows) == 4
    for row in found.rows:
        assert sum(reason["points"] for reason in row["reasons"]) == row["score"]
    assert found.report["total"] == sum(row["score"] for row in found.rows)


def test_a_better_offer_that_went_to_others_is_told():
    needs = [NeedFacts(id=n, organisation_id=n, themes=BOTH) for n in (1, 2)]
    best = OfferFacts(id=1, organisation_id=101, themes=BOTH)
    found = solved(needs, [best, *offers((2,))])
    (second,) = [row for row in found.rows if row["offer_id"] == 2]
    assert second["trade_off"]["offer"] == 1
    assert second["trade_off"]["because"] == "others_gain_more"
