"""An encoder behind an address: any service of embeddings that speaks JSON.

Two ways to ask are known. An address that ends in ``/embeddings`` gets ``{"model", "input"}`` and
answers ``{"data": [{"index", "embedding"}]}``, as OpenAI's does and many others after it. Any other
gets ``{"texts", "languages"}`` and answers ``{"embeddings": [[…]]}`` or the list alone.
"""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import numpy as np

from exchange.matching.text.dense import Floats, checked
from exchange.matching.text.problems import EncoderFailed, EncoderProblem

BATCH = 64
MOST_BYTES = 64 * 2**20
CHUNK = 2**16


class _NoRedirect(HTTPRedirectHandler):
    """A key is sent to the address that was set and to no other."""

    def redirect_request(self, *args: Any) -> None:
        return None


@dataclass(frozen=True, kw_only=True)
class HttpEncoder:
    """Rows from ``url``. ``key`` goes into the header Authorization.

    ``timeout``: seconds to wait for one answer; ``seconds``: for all answers of one ``encode``.
    A request that fails is sent once more.
    """

    url: str
    model: str = ""
    key: str = field(default="", repr=False)
    timeout: float = 20.0
    seconds: float = 300.0
    calibration: tuple[float, float] = (0.2, 0.55)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EncoderProblem("the address must look like https://example.org/v1/embeddings")
        if parts.username or parts.password:
            raise EncoderProblem("the address must hold no password: give the key as such")

    @property
    def name(self) -> str:
        """``http:`` and the address."""
        return f"http:{self.url}"

    @property
    def version(self) -> str:
        """The model."""
        return self.model or "1"

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "HttpEncoder":
        """Itself: it has learnt elsewhere."""
        return self

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """A dense row of length 1 per text; zeros for an empty one.

        :raises EncoderFailed: no answer in time, an error, or rows that cannot be used.
        """
        said = [at for at, text in enumerate(texts) if text.strip()]
        until = time.monotonic() + self.seconds
        parts = []
        for first in range(0, len(said), BATCH):
            some = said[first : first + BATCH]
            asked = self._body([texts[at] for at in some], [languages[at] for at in some])
            parts.append(checked(_rows_in(self._answer(asked, until), len(some)), len(some)))
        return self._joined(parts, said, len(texts))

    def _joined(self, parts: list[Floats], said: list[int], many: int) -> Floats:
        if len({part.shape[1] for part in parts}) > 1:
            raise EncoderFailed("its rows are not all of one length")
        rows = np.zeros((many, parts[0].shape[1] if parts else 1), np.float32)
        for at, part in enumerate(parts):
            rows[said[at * BATCH : at * BATCH + len(part)]] = part
        return rows

    def _body(self, texts: list[str], languages: list[str]) -> bytes:
        if urlsplit(self.url).path.rstrip("/").endswith("/embeddings"):
            asked: dict[str, Any] = {"input": texts, "model": self.model}
        else:
            asked = {"texts": texts, "languages": languages}
            asked.update({"model": self.model} if self.model else {})
        return json.dumps(asked).encode()

    def _answer(self, body: bytes, until: float) -> Any:
        """The JSON that answers; asked once more when the service fails or does not answer."""
        try:
            return self._ask(body, until)
        except EncoderFailed:
            if time.monotonic() >= until:
                raise
        return self._ask(body, until)

    def _ask(self, body: bytes, until: float) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = Request(self.url, body, headers)  # noqa: S310  # the scheme was checked
        left = min(self.timeout, until - time.monotonic())
        if left <= 0:
            raise EncoderFailed(f"it took more than {self.seconds:g} seconds in all")
        end = time.monotonic() + left
        try:
            with build_opener(_NoRedirect).open(request, timeout=left) as answer:
                return json.loads(_read(answer, end))
        except HTTPError as problem:
            problem.close()
            raise EncoderFailed(f"it answered {problem.code}") from None
        except TimeoutError:
            raise EncoderFailed(f"it did not answer within {left:.0f} seconds") from None
        except (URLError, HTTPException, OSError) as problem:
            why = getattr(problem, "reason", problem) or type(problem).__name__
            raise EncoderFailed(f"it cannot be reached: {why}") from None
        except ValueError:
            raise EncoderFailed("it answered something that is no JSON") from None


def _read(answer: Any, end: float) -> bytes:
    """The whole answer; one that drips beyond the time, or is too large, is given up."""
    read = bytearray()
    while chunk := answer.read1(CHUNK):
        read += chunk
        if time.monotonic() > end:
            raise TimeoutError
        if len(read) > MOST_BYTES:
            raise EncoderFailed("its answer is too large")
    expected = answer.headers.get("Content-Length")
    if expected and len(read) < int(expected):
        raise EncoderFailed("its answer was cut off")
    return bytes(read)


def _rows_in(answer: Any, count: int) -> Any:
    """The rows of an answer of any of the known shapes, in the order of what was asked."""
    if isinstance(answer, dict) and isinstance(answer.get("data"), list):
        data = answer["data"]
        if not all(isinstance(one, dict) and "embedding" in one for one in data):
            raise EncoderFailed("its answer has no embeddings")
        indices = [one.get("index", at) for at, one in enumerate(data)]
        if sorted(indices, key=str) != sorted(range(count), key=str):
            raise EncoderFailed(f"it gave {len(data)} rows for {count} texts")
        return [one["embedding"] for _, one in sorted(zip(indices, data, strict=True), key=_first)]
    rows = answer.get("embeddings") if isinstance(answer, dict) else answer
    if not isinstance(rows, list):
        raise EncoderFailed("its answer has no embeddings")
    return rows


def _first(pair: tuple[int, Any]) -> int:
    return math.floor(pair[0])
