"""A worker as on a server, for which the stranger of the tests is a public host that it believes.

Nothing but the way to that host is changed: names lead to this machine, and its certificate counts.
"""

import os
import socket
import ssl

from exchange import outgoing
from tasks.worker import celery
from tests.integration.strangers import CERTIFICATE, HOST

_looked_up = socket.getaddrinfo


def _here(host, port, *kinds, **options):
    return _looked_up("127.0.0.1" if host == HOST else host, port, *kinds, **options)


if __name__ == "__main__":
    outgoing.socket.getaddrinfo = _here
    outgoing.is_public = lambda _address: True
    outgoing.tls = lambda: ssl.create_default_context(cadata=os.environ[CERTIFICATE])
    celery.worker_main(["worker", "--pool", "solo", "--loglevel", "WARNING"])
