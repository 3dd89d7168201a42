"""From the words for choices back to the choices, for files that people wrote."""

from enum import StrEnum

from flask_babel import force_locale

from exchange.config import LANGUAGES
from exchange.directory.models import Level, OrganisationKind
from exchange.exchanges.models import ExchangeKind, PartnerRole
from exchange.labels.choices import CHOICES
from exchange.labels.states import states_of
from exchange.listing import folded
from workflows.exchange import ExchangeState

ASKED: tuple[type[StrEnum], ...] = (
    Level,
    OrganisationKind,
    ExchangeKind,
    PartnerRole,
    ExchangeState,
)


def understood() -> dict[type[StrEnum], dict[str, StrEnum]]:
    """Each choice of a sheet: its code and its words in every language, folded → its member."""
    found: dict[type[StrEnum], dict[str, StrEnum]] = {}
    for members in ASKED:
        words = CHOICES.get(members) or states_of(members)
        meant = found.setdefault(members, {})
        for language in LANGUAGES:
            with force_locale(language):
                meant.update({folded(str(words[m])): m for m in members})
        meant.update({folded(m.value): m for m in members})
    return found


def word(member: StrEnum) -> str:
    """The word for any choice or state, in the reader's language."""
    words = CHOICES.get(type(member)) or states_of(type(member))
    return str(words[member])
