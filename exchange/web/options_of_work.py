"""The lists that forms offer of what the network works on: exchanges, modules, laboratories …"""

from collections.abc import Callable

from exchange import edge, policy
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.models import Forum
from exchange.labs import queries as lab_queries
from exchange.labs.models import Lab
from exchange.mechanisms import queries as mechanism_queries
from exchange.mechanisms.models import Mechanism
from exchange.methods.models import Pilot
from exchange.modules import queries as module_queries
from exchange.recommendations.models import Recommendation
from exchange.strategies import queries as strategy_queries
from exchange.web.option import Option
from exchange.web.words import lang_text

# No list that is opened is longer: whoever needs more names it elsewhere.
LONGEST = 400


def strategies() -> list[Option]:
    """The learning strategies, the newest first."""
    return [Option(str(s.id), lang_text(s.titles)) for s in strategy_queries.strategies()]


def axes() -> list[Option]:
    """The axes of all learning strategies, those of the newest first."""
    return [
        Option(str(one.id), f"{lang_text(one.strategy.titles)}: {lang_text(one.titles)}")
        for one in strategy_queries.all_axes()
    ]


def modules() -> list[Option]:
    """The learning modules, by their codes."""
    return [
        Option(str(one.id), f"{one.code} {lang_text(one.titles)}")
        for one in module_queries.all_modules()
    ]


def exchanges_seen() -> list[Option]:
    """The exchanges that the reader may see, the newest first."""
    query = policy.scoped(Exchange, edge.actor()).order_by(Exchange.id.desc()).limit(LONGEST)
    found = db.session.scalars(query)
    return [Option(str(e.id), f"{e.reference} {e.title}", e.language) for e in found]


def labs() -> list[Option]:
    """The local laboratories that a challenge can be answered with."""
    found = lab_queries.offered(policy.scoped(Lab, edge.actor()))
    return [Option(str(one.id), one.title, one.language) for one in found]


def pilots() -> list[Option]:
    """The pilots of methods that the reader may see, the newest first."""
    query = policy.scoped(Pilot, edge.actor()).order_by(Pilot.id.desc()).limit(LONGEST)
    return [Option(str(one.id), one.title, one.language) for one in db.session.scalars(query)]


def mechanisms() -> list[Option]:
    """The mechanisms of learning, by their codes."""
    found = db.session.scalars(policy.scoped(Mechanism, edge.actor()).order_by(Mechanism.code))
    return [Option(str(one.id), lang_text(one.titles)) for one in found]


def observatories() -> list[Option]:
    """The observatories that practices are harvested from."""
    return [Option(str(one.id), one.name) for one in mechanism_queries.observatories()]


def practices() -> list[Option]:
    """The published practices."""
    found = mechanism_queries.published_practices()
    return [Option(str(one.id), one.title, one.language) for one in found]


def forums() -> list[Option]:
    """The editions of the forum, the newest first."""
    query = policy.scoped(Forum, edge.actor()).order_by(Forum.starts_on.desc(), Forum.id)
    return [Option(str(one.id), lang_text(one.titles)) for one in db.session.scalars(query)]


def recommendations() -> list[Option]:
    """The recommendations and commitments, the newest first."""
    query = policy.scoped(Recommendation, edge.actor()).order_by(Recommendation.id.desc())
    found = db.session.scalars(query.limit(LONGEST))
    return [Option(str(one.id), one.title, one.language) for one in found]


WORK_LISTS: dict[str, Callable[..., list[Option]]] = {
    "strategies": strategies,
    "axes": axes,
    "modules": modules,
    "exchanges_seen": exchanges_seen,
    "labs": labs,
    "pilots": pilots,
    "mechanisms": mechanisms,
    "observatories": observatories,
    "practices": practices,
    "forums": forums,
    "recommendations": recommendations,
}
