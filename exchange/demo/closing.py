"""The last stages of the running examples: notes that say of themselves that they are examples."""

from datetime import time, timedelta
from typing import cast

from exchange.clock import today
from exchange.demo.network import Network
from exchange.demo.pictures import garden
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.labels.notes import words_in
from exchange.lessons import actions, photos, sheets
from exchange.lessons.models import REQUIRED_PARTS, Horizon, Note

HOURS = {"starts_at": time(9), "ends_at": time(12, 30)}
DELEGATE = {"en": "Delegate", "fr": "Délégation", "es": "Delegación", "pt": "Delegação"}
EXAMPLE = {
    "en": "An example: this exchange was invented for the demonstration.",
    "fr": "Un exemple : cet échange a été inventé pour la démonstration.",
    "es": "Un ejemplo: este intercambio se inventó para la demostración.",
    "pt": "Um exemplo: este intercâmbio foi inventado para a demonstração.",
}
ACTION = {
    "en": "Try at home what was seen, in one district first.",
    "fr": "Essayer chez soi ce qui a été vu, d’abord dans un quartier.",
    "es": "Probar en casa lo que se vio, primero en un barrio.",
    "pt": "Experimentar em casa o que se viu, primeiro num bairro.",
}
CHANNEL = "newsletter"


def sign_lessons(exchange: Exchange, network: Network, picture: str) -> None:
    """The host's sheet of lessons, signed, with a drawing where others have photos.

    :param picture: what the drawing shows, in words.
    """
    host = exchange.with_role(PartnerRole.host)[0].organisation
    sheet = sheets.sheet_for(exchange, host, language=exchange.language)
    sheets.write(sheet, dict.fromkeys(sheets.NEEDED, EXAMPLE[exchange.language]))
    photos.add(sheet, garden(), {"description": picture, "consent": True})
    sheets.sign(sheet, actor=network.officer)


def begin_note(exchange: Exchange, network: Network) -> None:
    """Begin the note from what the exchange holds."""
    words = words_in(exchange.language)
    actions.begin_note(exchange, actor=network.officer, words=words)


def hand_in_note(exchange: Exchange, network: Network) -> None:
    """Fill what a reader cannot do without, name a reviewer, hand it in."""
    note = _note(exchange)
    words = EXAMPLE[exchange.language]
    parts = {part: note.parts.get(part) or words for part in REQUIRED_PARTS}
    parts[REQUIRED_PARTS[0]] = words
    data = {"parts": parts, "reviewer_id": network.people["administrator"].id}
    actions.edit_note(note, data, actor=network.officer)
    actions.advance_note(note, "submit", actor=network.officer)


def publish_note(exchange: Exchange, network: Network) -> None:
    """Give every learner an action, then publish."""
    for learner in exchange.with_role(PartnerRole.learner):
        data = {
            "horizon": Horizon.intermediate,
            "text": ACTION[exchange.language],
            "owner_id": learner.organisation_id,
            "due_on": today() + timedelta(days=180),
        }
        actions.add_road_map_action(exchange, data, actor=network.officer)
    actions.advance_note(_note(exchange), "publish", actor=network.people["administrator"])


def disseminate(exchange: Exchange, network: Network) -> None:
    """Record one channel: the follow-up begins."""
    actions.record_dissemination(_note(exchange), {"channel": CHANNEL}, actor=network.officer)


def _note(exchange: Exchange) -> Note:
    return cast("Note", exchange.note)  # begun by the stage before
