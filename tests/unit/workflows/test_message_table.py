"""The table of moves of a message, a row a sentence."""

from types import SimpleNamespace

import pytest

from workflows.engine import TransitionRefused
from workflows.message import MESSAGE, MessageState
from workflows.message import MessageState as S

MOVES = [
    ("staff look at it first", S.queued, "hold", S.held),
    ("staff have approved it", S.held, "release", S.queued),
    ("what was approved is put back before it went", S.queued, "hold", S.held),
    ("staff do not send what is held", S.held, "skip", S.skipped),
    ("the worker takes what is due", S.queued, "claim", S.sending),
    ("the worker never takes what is held", S.held, "claim", None),
    ("what is on its way is not held any more", S.sending, "hold", None),
    ("what was sent is not held", S.sent, "hold", None),
    ("the server took it", S.sending, "deliver", S.sent),
    ("the server said later", S.sending, "retry", S.queued),
    ("the server said never", S.sending, "fail", S.failed),
    ("the address was corrected", S.failed, "send_again", S.queued),
    ("the server of the reader brought it back", S.sent, "bounce", S.failed),
    ("what never went cannot come back", S.queued, "bounce", None),
    ("what was sent is not sent again", S.sent, "send_again", None),
    ("only what is held is approved", S.failed, "release", None),
]


@pytest.mark.parametrize(
    ("story", "state", "trigger", "expected"), MOVES, ids=[row[0] for row in MOVES]
)
def test_where_a_move_leads(story, state, trigger, expected):
    message = SimpleNamespace(state=state)
    if expected is not None:
        assert MESSAGE.fire(trigger, message) == (state, expected)
        return
    with pytest.raises(TransitionRefused):
        MESSAGE.fire(trigger, message)
    assert message.state == state


def test_what_is_not_sent_says_why():
    for state in (S.held, S.queued):
        assert MESSAGE.needs_reason("skip", state)


def test_only_what_was_left_out_is_over_for_what_went_may_come_back():
    final = {state for state in MessageState if MESSAGE.is_final(state)}
    assert final == {S.skipped}
