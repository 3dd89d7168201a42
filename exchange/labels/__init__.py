"""The words for codes, at the edge: keyed by the member, never by English text."""

from exchange.labels.choices import CHOICES, YES_PARTLY_NO, choice
from exchange.labels.errors import ERRORS, error
from exchange.labels.facts import FACTS, fact
from exchange.labels.fields import FIELDS, HELP
from exchange.labels.mails import MAILS, NOUNS, mail, reason
from exchange.labels.matching import (
    BROKEN,
    ENDED,
    REASONS,
    REMOVED,
    SENTENCES,
    reason_sentence,
    reason_strength,
)
from exchange.labels.parties import PARTIES, PHASES
from exchange.labels.states import OVERRIDE, RECORD_PAST, STATES, TRIGGERS, states_of

__all__ = [
    "BROKEN",
    "CHOICES",
    "ENDED",
    "ERRORS",
    "FACTS",
    "FIELDS",
    "HELP",
    "MAILS",
    "NOUNS",
    "OVERRIDE",
    "PARTIES",
    "PHASES",
    "REASONS",
    "RECORD_PAST",
    "REMOVED",
    "SENTENCES",
    "STATES",
    "TRIGGERS",
    "YES_PARTLY_NO",
    "choice",
    "error",
    "fact",
    "mail",
    "reason",
    "reason_sentence",
    "reason_strength",
    "states_of",
]
