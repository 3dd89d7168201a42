"""A line to a server that can be made slow: then every piece that travels on it waits."""

import contextlib
import random
import socket
import threading
import time

from tests.e2e.running import free_port

# Seconds that a piece waits, each way.
DELAY = (0.3, 0.8)
PIECE = 65536


class SlowLine:
    """Listens on a port of its own, and passes on what comes to another."""

    def __init__(self, to: int) -> None:
        self.to, self.port = to, free_port()
        self.slow = threading.Event()
        self._door = socket.create_server(("127.0.0.1", self.port), backlog=100)
        threading.Thread(target=self._take, daemon=True).start()

    def stop(self) -> None:
        """Take no more connections; those there are end with their ends."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _where = self._door.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.to), 5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                if self.slow.is_set():
                    time.sleep(random.uniform(*DELAY))  # noqa: S311 - a delay is no secret
                other.sendall(piece)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
