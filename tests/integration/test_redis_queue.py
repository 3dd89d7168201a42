"""A worker whose hands are full while Redis goes away reads on when it is back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection, transport
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as Gone

from tasks import redis_queue
from tests.faults.servers import Missing, Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of our own."""
    server = Redis(tmp_path / "redis")
    try:
        server.start()
    except Missing as missing:
        pytest.fail(str(missing)) if os.environ.get("CI") else pytest.skip(str(missing))
    yield server
    server.stop()


def test_what_cannot_be_acknowledged_is_in_hand_no_more(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in a process that has talked to Redis before.
    monkeypatch.setitem(transport.TRANSPORT_ALIASES, "redis", "kombu.transport.redis:Transport")
    transport._transport_cache.pop("redis", None)
    assert Connection(redis.url).get_transport_cls() is not redis_queue.Transport
    redis_queue.use()
    with Connection(redis.url) as line:
        with line.SimpleQueue("nudges") as queue:
            queue.put("one")
            message = queue.get(timeout=5)
        in_hand = message.channel.qos
        in_hand.prefetch_count = 1
        assert not in_hand.can_consume(), "its hands are full"
        redis.kill()
        with pytest.raises((Gone, OperationalError)):
            message.ack()
        assert in_hand.can_consume(), "it reads on, and so finds out whether Redis is there"
        redis.start()
