"""Who takes part, counted: in one exchange, and in the whole portfolio."""

from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from exchange.dashboards import balance
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.practices.models import CitySize
from exchange.visits.models import Gender, Office
from exchange.vocabularies.queries import terms_of
from exchange.web.forms import filters
from exchange.web.options import bodies, of_enum, terms
from exchange.web.words import lang_text

pages = Blueprint("balance", __name__, url_prefix="/balance")


@pages.get("")
@access("balance.see")
def portfolio() -> Any:
    """The portfolio, by section, members of a body, and days; small groups are hidden."""
    chosen = filters(balance.BalanceFilter())
    found = balance.of_portfolio(chosen)
    return render_template(
        "balance/portfolio.html",
        people=found.people,
        tables=_tables(found),
        chosen=chosen,
        selects=[("section", terms("section")), ("body", bodies())],
        least=balance.LEAST_SHOWN,
    )


@pages.get("/exchanges/<int:id>")
@access("exchange.see_inside", Exchange)
def of_exchange(exchange: Exchange) -> Any:
    """One exchange, for those who are in it."""
    found = balance.of_exchange(exchange.id)
    return render_template(
        "balance/exchange.html", people=found.people, tables=_tables(found), exchange=exchange
    )


Rows = list[tuple[str, int | None]]


def _tables(found: balance.Balance) -> list[tuple[str, Rows]]:
    """Each count with its caption, its rows in words."""
    names = {term.code: lang_text(term.labels) for term in terms_of("section")}
    sections = [(names.get(code, code), number) for code, number in found.sections.items()]
    return [
        (_("Women and men"), _rows(Gender, found.genders)),
        (_("Political and technical"), _rows(Office, found.offices)),
        (_("Sections"), sections),
        (_("Sizes of cities"), _rows(CitySize, found.sizes)),
    ]


def _rows(members: type[StrEnum], shown: balance.Shown) -> Rows:
    return [(option.label, shown[option.value]) for option in of_enum(members)]
