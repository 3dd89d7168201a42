"""What a block found goes into its row and comes out the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exchange.runs.packing import Found, pack, unpack

NUMBERS = st.integers(0, 2**31 - 1)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 10_000)), max_size=40)
FACTS = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=4)


@given(ROWS, FACTS)
def test_what_was_packed_comes_out(rows, facts):
    pairs = np.array(rows, np.int32).reshape(-1, 3)
    found = unpack(pack(Found(pairs, facts)))
    assert found.pairs.tolist() == pairs.tolist()
    assert found.pairs.dtype == np.int32
    assert found.facts == facts


def test_the_pairs_of_a_block_take_little_room():
    need = np.repeat(np.arange(2000), 30)
    offer = (need * 7919) % 10_000
    pairs = np.stack([need, offer, 9000 - need], axis=1).astype(np.int32)
    assert len(pack(Found(pairs, {}))) < 0.2 * pairs.nbytes
