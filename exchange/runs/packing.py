"""What a block found, as bytes for its row: a few facts in JSON, then the pairs, compressed.

Pairs are three columns of 32-bit numbers: ids of needs, ids of offers, scores in basis points. Ids
and not positions, because whoever solves may stand another row in between.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
# The first level of zlib is several times faster than the usual one and nearly as small here.
QUICK = 1
HEAD = 4


@dataclass(frozen=True)
class Found:
    """The pairs of a block (one row each: need id, offer id, score) and what else it saw.

    ``facts``: JSON of the block: the fingerprint of the market it looked at, what each rule
    removed, its seconds.
    """

    pairs: Int32
    facts: Mapping[str, Any]


def pack(found: Found) -> bytes:
    """Bytes of ``found``."""
    facts = json.dumps(dict(found.facts), sort_keys=True).encode()
    columns = np.ascontiguousarray(found.pairs.T, dtype="<i4").tobytes()
    return len(facts).to_bytes(HEAD, "little") + facts + zlib.compress(columns, QUICK)


def unpack(packed: bytes) -> Found:
    """What ``pack`` was given."""
    end = HEAD + int.from_bytes(packed[:HEAD], "little")
    columns = np.frombuffer(zlib.decompress(packed[end:]), dtype="<i4")
    return Found(columns.reshape(3, -1).T.astype(np.int32), json.loads(packed[HEAD:end]))
