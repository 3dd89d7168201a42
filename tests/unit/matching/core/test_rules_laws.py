"""What holds of the score whatever the pair."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.core import rules
from tests.unit.matching.core.worlds import SETS, chances, configurations, drawn_need, drawn_offer

many = settings(max_examples=60)
similarities = st.integers(0, 10_000)


@st.composite
def pairs(draw):
    """A need, an offer and how similar their texts are."""
    chance = draw(chances())
    need, offer = drawn_need(chance, 1, (7,)), drawn_offer(chance, 7)
    return rules.Pair(need, offer, draw(similarities))


def score(pair, configuration):
    return rules.score(rules.reasons(pair, configuration))


@many
@given(pair=pairs(), configuration=configurations())
def test_a_score_is_the_sum_of_terms_that_keep_within_their_most(pair, configuration):
    given_ = rules.reasons(pair, configuration)
    for reason in given_:
        if reason.code != rules.DECLINED_BEFORE:
            assert 0 <= reason.points <= reason.most
    assert 0 <= rules.score(given_) == sum(reason.points for reason in given_) <= 10_000


@many
@given(pair=pairs(), configuration=configurations(), data=st.data())
def test_one_more_tag_that_is_asked_for_never_harms_an_offer_with_tags(pair, configuration, data):
    kind = data.draw(st.sampled_from(["themes", "sdg_targets", "agendas"]))
    asked, offered = getattr(pair.need, kind), getattr(pair.offer, kind)
    if not asked or not offered:
        return
    more = replace(pair.offer, **{kind: offered | {data.draw(st.sampled_from(sorted(asked)))}})
    assert score(replace(pair, offer=more), configuration) >= score(pair, configuration)


@many
@given(pair=pairs(), configuration=configurations(), other=similarities)
def test_a_more_similar_text_never_harms(pair, configuration, other):
    low, high = sorted([pair.similarity, other])
    assert score(replace(pair, similarity=low), configuration) <= score(
        replace(pair, similarity=high), configuration
    )


@many
@given(pair=pairs(), configuration=configurations())
def test_an_offer_with_everything_that_is_asked_gets_the_whole_of_each_weight(pair, configuration):
    need = replace(
        pair.need,
        **{kind: frozenset(SETS[kind][0]) for kind in ("themes", "sdg_targets", "agendas")},
    )
    same = {kind: getattr(need, kind) for kind in ("themes", "sdg_targets", "agendas")}
    given_ = rules.reasons(rules.Pair(need, replace(pair.offer, **same), 10_000), configuration)
    full = {reason.code for reason in given_ if reason.points == reason.most}
    assert full >= {"same_themes", "same_sdg_targets", "same_agendas", "same_words"}


@many
@given(pair=pairs(), configuration=configurations())
def test_names_of_tags_do_not_matter_but_their_order(pair, configuration):
    def renamed(side):
        agendas, themes = ({f"x-{code}" for code in codes} for codes in (side.agendas, side.themes))
        return replace(side, agendas=frozenset(agendas), themes=frozenset(themes))

    other = replace(pair, need=renamed(pair.need), offer=renamed(pair.offer))
    assert score(other, configuration) == score(pair, configuration)


@many
@given(pair=pairs(), configuration=configurations(), times=st.integers(2, 50))
def test_cities_that_grow_alike_stay_as_similar(pair, configuration, times):
    def grown(side):
        return replace(side, population=(side.population or 0) * times)

    other = replace(pair, need=grown(pair.need), offer=grown(pair.offer))
    assert score(other, configuration) == score(pair, configuration)


@many
@given(pair=pairs(), configuration=configurations())
def test_a_theme_that_nobody_asked_for_changes_nothing_for_an_offer_with_themes(
    pair, configuration
):
    if pair.offer.themes:
        wider = replace(pair.offer, themes=pair.offer.themes | {"unheard-of"})
        assert score(replace(pair, offer=wider), configuration) == score(pair, configuration)
