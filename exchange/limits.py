"""How often a client may knock: the sign-in and other doors name their own limits."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[])
