"""The way of a run of the matcher, a sentence a row."""

from types import SimpleNamespace

import pytest

from workflows.engine import TransitionRefused
from workflows.matching_run import MATCHING_RUN, RunState

S = RunState
READY = {"blocks_total": 3, "blocks_done": 3, "base_number": 4, "published_number": 4}
BLOCKS_LEFT = {"blocks_done": 2}
OVERTAKEN = {"published_number": 5}

MOVES = [
    ("a worker begins", S.queued, "compare", {}, S.comparing),
    ("the last block is done", S.comparing, "solve", {}, S.solving),
    ("a block is still open", S.comparing, "solve", BLOCKS_LEFT, "every_block_is_done"),
    ("there were no blocks at all", S.comparing, "solve", {"blocks_total": 0}, None),
    ("the best whole is found", S.solving, "finish", {}, S.draft),
    ("a worker died while it compared", S.comparing, "take_over", {}, S.queued),
    ("a worker died while it solved", S.solving, "take_over", {}, S.comparing),
    ("nobody has begun yet: nothing to take over", S.queued, "take_over", {}, None),
    ("workers died too often", S.solving, "fail", {}, S.failed),
    ("an officer wants it tried again", S.failed, "retry", {}, S.queued),
    ("an officer publishes it", S.draft, "publish", {}, S.published),
    ("another was published since", S.draft, "publish", OVERTAKEN, "no_run_was_published_since"),
    ("it is not ready to be published", S.solving, "publish", {}, None),
    ("what is published is not published again", S.published, "publish", {}, None),
    ("what is published is not thrown away", S.published, "discard", {}, None),
    ("a draft is thrown away", S.draft, "discard", {}, S.discarded),
    ("a run is thrown away while workers are busy", S.comparing, "discard", {}, S.discarded),
    ("what failed is thrown away", S.failed, "discard", {}, S.discarded),
    ("what was thrown away is not tried again", S.discarded, "retry", {}, None),
]


@pytest.mark.parametrize(
    ("story", "state", "trigger", "facts", "expected"), MOVES, ids=[row[0] for row in MOVES]
)
def test_where_a_move_leads(story, state, trigger, facts, expected):
    run = SimpleNamespace(state=state, **{**READY, **facts})
    if isinstance(expected, RunState):
        assert MATCHING_RUN.fire(trigger, run) == (state, expected)
        return
    with pytest.raises(TransitionRefused) as refusal:
        MATCHING_RUN.fire(trigger, run)
    assert run.state == state
    if expected is not None:
        assert refusal.value.reasons == (expected,)


def test_only_what_is_published_or_discarded_is_over():
    final = {state for state in RunState if MATCHING_RUN.is_final(state)}
    assert final == {S.published, S.discarded}
