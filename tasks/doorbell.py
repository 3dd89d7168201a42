"""Ringing the queue without ever making anyone wait for it.

A ring is put aside at once and sent by one background thread. When the queue is full, down or
hung the ring is dropped: the sweep finds the same work by its row.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, Full, Queue
from typing import Any

from exchange import trace

WAITING_AT_MOST = 1000
SILENT_AFTER_ERROR = 30.0
# Rings are gathered this long: an import of thousands of rows is a handful of messages.
GATHER = 0.1

Ring = tuple[str, tuple[tuple[str, Any], ...]]
Send = Callable[[str, dict[str, Any]], None]
log = logging.getLogger(__name__)


class Doorbell:
    """Sends rings in the background; equal rings that still wait are one."""

    def __init__(self, send: Send, *, silent_after_error: float = SILENT_AFTER_ERROR) -> None:
        self._send, self._pause = send, silent_after_error
        self._queue: Queue[Ring] = Queue(WAITING_AT_MOST)
        # Each ring that waits, and the requests that asked for it.
        self._waiting: dict[Ring, list[str]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed_until = 0.0
        self.dropped = 0

    def ring(self, task_name: str, **ids: Any) -> bool:
        """Ask for a task; returns at once, False when the ring was dropped."""
        ring: Ring = (task_name, tuple(sorted(ids.items())))
        with self._lock:
            if ring in self._waiting:
                self._also(ring, trace.asked_by())
                return True
            try:
                self._queue.put_nowait(ring)
            except Full:
                self.dropped += 1
                return False
            self._waiting[ring] = list(trace.asked_by())
            self._wake()
        return True

    def _also(self, ring: Ring, asked_by: Sequence[str]) -> None:
        known = self._waiting[ring]
        known.extend(one for one in asked_by if one not in known and len(known) < trace.MOST)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing waits to be sent; False when it took longer."""
        deadline = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.01)
        return not self._queue.unfinished_tasks

    def _wake(self) -> None:
        """Start the thread at the first ring: after a fork it would not be there."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="doorbell", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            ring = self._queue.get()
            time.sleep(GATHER)
            self._send_one(ring)
            with contextlib.suppress(Empty):
                while True:
                    self._send_one(self._queue.get_nowait())

    def _send_one(self, ring: Ring) -> None:
        with self._lock:
            asked_by = self._waiting.pop(ring, [])
        with trace.asking(asked_by):
            self._try(ring)
        self._queue.task_done()

    def _try(self, ring: Ring) -> None:
        if time.monotonic() < self._closed_until:
            self.dropped += 1
            return
        try:
            self._send(ring[0], dict(ring[1]))
        except Exception as problem:  # noqa: BLE001  whatever a broker raises means the same here
            self.dropped += 1
            self._closed_until = time.monotonic() + self._pause
            log.warning(
                "the queue does not take nudges (%s): silent for %.0f s, the sweeps go on",
                problem,
                self._pause,
            )
