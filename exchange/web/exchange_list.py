"""What the list of exchanges and the board share: their filters, with a count at each option."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from exchange import edge, policy
from exchange.directory.queries import countries
from exchange.exchanges import facets
from exchange.exchanges.models import Exchange, ExchangeKind
from exchange.listing import Counts
from exchange.vocabularies.queries import offered
from exchange.web.option import Option
from exchange.web.options import of_enum, officers, phases
from exchange.web.sorting import place_of
from exchange.web.words import country_name
from workflows.exchange import ExchangeState

Selects = list[tuple[str, list[Option]]]


def counts(chosen: Mapping[str, Any]) -> Counts:
    """How many exchanges each option would leave, of those the reader may know of."""
    return facets.counts(policy.scoped(Exchange, edge.actor()), chosen, edge.actor())


def selects() -> Selects:
    """The filters and what they offer; two statements."""
    language = edge.current_language()
    terms = offered("theme", "section", "country", countries=countries())
    named = {name: [Option(t.code, t.label(language)) for t in terms[name]] for name in terms}
    known = [Option(t.code, country_name(t.code)) for t in terms["country"]]
    return [
        ("phase", phases()),
        ("state", of_enum(ExchangeState)),
        ("kind", of_enum(ExchangeKind)),
        ("theme", named["theme"]),
        ("country", sorted(known, key=lambda option: place_of(option.label))),
        ("section", named["section"]),
        ("owner", officers()),
        ("mine", [Option("yes", _("Only ours"))]),
        ("overdue", [Option("yes", _("Only overdue"))]),
        ("waiting", [Option("yes", _("Only our turn"))]),
    ]
