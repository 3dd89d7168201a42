"""The queue in a folder, for one machine without a broker: kombu's own, with messages that appear
whole. It writes a message under its final name, and a worker that looks at that moment reads half
of one and falls over."""

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes beside and renames: a name that ends in ``.msg`` is a whole message."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override] # kombu tells no types
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        final = Path(self.data_folder_out, name)
        part = final.with_suffix(".part")
        try:
            part.write_bytes(str_to_bytes(dumps(payload)))
            part.rename(final)
        except OSError as error:
            raise ChannelError(f"Cannot add file {name!r} to directory") from error

    def _queue_bind(self, *names: str) -> None:  # type: ignore[override] # the same
        """One program at a time: each reads the table of ties and writes it again."""
        with self._turn(fcntl.LOCK_EX):
            super()._queue_bind(*names)

    def get_table(self, exchange: str) -> list[Any]:
        """The queues tied to ``exchange``, never read while they are being written."""
        with self._turn(fcntl.LOCK_SH):
            return super().get_table(exchange)

    @contextmanager
    def _turn(self, kind: int) -> Iterator[None]:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "ties.lock").open("w") as turn:
            fcntl.flock(turn, kind)
            yield


class Transport(filesystem.Transport):
    """The transport of ``filesystem://`` addresses."""

    Channel = Channel


def use() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
