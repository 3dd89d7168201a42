"""What others need and offer: look, keep as a favourite, suggest ourselves."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.catalogue import browsing, favourites
from exchange.catalogue.models import Need, Offer
from exchange.catalogue.queries import NEED_SORTS, OFFER_SORTS
from exchange.catalogue.schemas import BrowseFilter
from exchange.edge import access
from exchange.errors import NotFound
from exchange.listing import page_of
from exchange.matching import by_hand
from exchange.matching.schemas import SuggestSchema
from exchange.transaction import transaction
from exchange.vocabularies.queries import offered
from exchange.web import sessions
from exchange.web.forms import Form, filters
from exchange.web.named import row_named
from exchange.web.option import Option
from exchange.web.words import country_name, language_name

pages = Blueprint("browse", __name__, url_prefix="/browse")
NOUNS: dict[str, Any] = {"need": (Need, NEED_SORTS), "offer": (Offer, OFFER_SORTS)}


@pages.get("")
@access("need.see")
def index() -> Any:
    """Needs or offers of others, with filters that say how much each choice leaves."""
    chosen = filters(BrowseFilter())
    noun = chosen.get("noun") if chosen.get("noun") in NOUNS else "offer"
    model, sorts = NOUNS[str(noun)]
    query = browsing.of_others(policy.scoped(model, edge.actor()), model, chosen, edge.actor())
    page = page_of(query, {"sort": "-published", **chosen}, sorts)
    kept = favourites.favourites_of(edge.actor())
    return render_template(
        "browse/index.html",
        page=page,
        chosen={**chosen, "noun": noun},
        noun=noun,
        counts=browsing.choices_left(query, model),
        selects=_selects(),
        kept=kept[0] if model is Need else kept[1],
    )


@pages.post("/favourites")
@access("favourite.keep")
def keep() -> Any:
    """Keep a need or an offer as a favourite, or no longer."""
    noun = request.form.get("noun", "")
    if noun not in NOUNS:
        raise NotFound("not_found", noun=noun, id="")
    row = row_named(NOUNS[noun][0], "id")
    with transaction():
        now_kept = favourites.toggle(row, actor=edge.signed_in())
    flash(_("Kept as a favourite.") if now_kept else _("No favourite any more."))
    back = sessions.local_path(request.form.get("next", ""))
    return redirect(back or url_for("browse.index", noun=noun, favourite="yes"))


@pages.route("/suggest", methods=["GET", "POST"])
@access("match.suggest")
def suggest() -> Any:
    """Suggest our own need for an offer of another, or our offer for a need of another."""
    noun = "need" if request.values.get("for") == "need" else "offer"
    row = row_named(NOUNS[noun][0], f"{noun}_id")
    form = Form(SuggestSchema(), initial={f"{noun}_id": row.id})
    done = form.submit(_suggest)
    if done is None:
        page = render_template("browse/suggest.html", form=form, noun=noun, row=row)
        return page, form.status
    flash(
        _(
            "Thank you. Your suggestion stands in line: the other city is asked next, or the "
            "CGLU-UCLG team looks at it first."
        )
    )
    return redirect(url_for("city.show"))


def _suggest(data: dict[str, Any]) -> Any:
    need = policy.find(Need, data["need_id"], edge.actor())
    offer = policy.find(Offer, data["offer_id"], edge.actor())
    return by_hand.suggest_ourselves(need, offer, actor=edge.signed_in(), note=data["note"])


def _selects() -> dict[str, list[Option]]:
    """The choices of the filters, in the words of the reader; one statement."""
    language = edge.current_language()
    names = {"country": country_name, "language": language_name}
    found: dict[str, list[Option]] = {}
    for vocabulary, terms in offered("theme", "sdg_goal", "country", "language", "format").items():
        named = names.get(vocabulary)
        options = [Option(t.code, named(t.code) if named else t.label(language)) for t in terms]
        if named:
            options.sort(key=lambda one: one.label.casefold())
        elif vocabulary == "sdg_goal":
            options = [Option(one.value, f"{one.value} {one.label}") for one in options]
        found[vocabulary] = options
    return found
