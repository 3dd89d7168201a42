"""The queue in Redis: kombu's own, with one knot undone.

A worker that has its hands full reads nothing from Redis, so it does not notice when Redis goes.
What it then finishes it cannot acknowledge, and kombu goes on counting it among what is in hand: so
it would never read again, and wait for ever beside a Redis that is back.
"""

from typing import Any

from kombu import transport
from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """What is in hand. A message that could not be acknowledged is in hand no more: Redis, which
    has it still, gives it out once again, and to do it twice does no harm."""

    def ack(self, delivery_tag: Any) -> None:
        """Say that it is done; raises whatever a Redis that is away raises."""
        try:
            super().ack(delivery_tag)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        """Say that it is not; the same."""
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            virtual.QoS.ack(self, delivery_tag)


class Channel(redis.Channel):
    """Counts so."""

    QoS = QoS


class Transport(redis.Transport):
    """The transport of ``redis://`` and ``rediss://`` addresses."""

    Channel = Channel


def use() -> None:
    """Let these addresses mean this transport, also where the other was in use before."""
    for scheme in ("redis", "rediss"):
        transport.TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
        transport._transport_cache.pop(scheme, None)  # type: ignore[attr-defined] # its stub has no such name
