"""Load and remove the demonstration network. The caller commits."""

from exchange import events
from exchange.demo.challenges import load_challenges
from exchange.demo.clearing import clear
from exchange.demo.congresses import load_congresses
from exchange.demo.expertise import load_expertise
from exchange.demo.forum import load_forum
from exchange.demo.history import load_history
from exchange.demo.labs import load_labs
from exchange.demo.listings import load_listings
from exchange.demo.live import load_live
from exchange.demo.mechanisms import load_mechanisms
from exchange.demo.methods import load_methods
from exchange.demo.modules import load_modules
from exchange.demo.network import load_network
from exchange.demo.notes import load_register
from exchange.demo.partnerships import load_partnerships
from exchange.demo.passwords import password_hash, sign_ins
from exchange.demo.practices import load_practices
from exchange.demo.stories import load_stories
from exchange.demo.strategies import load_strategies
from exchange.demo.translations import load_translations
from exchange.extensions import db

__all__ = ["clear", "load", "sign_ins"]


def load() -> None:
    """Write what is missing of the demonstration; what is there stays as it is."""
    network = load_network(password_hash())
    needs, offers = load_listings(network)
    load_history(network)
    load_stories(network)
    load_forum(network)
    load_live(network, needs, offers)
    load_register(network, needs, offers)
    load_translations(network)
    load_practices(network)
    load_strategies(network)
    load_challenges(network)
    load_modules(network)
    load_methods(network)
    load_mechanisms(network)
    load_labs(network)
    load_expertise()
    load_partnerships(network)
    load_congresses()
    db.session.flush()
    # Hundreds of rings would say what the sweep of the worker finds by itself.
    events.forget(db.session())
