"""The words for codes, at the edge: keyed by the member, never by English text."""

from exchange.labels.choices import CHOICES, YES_PARTLY_NO, choice
from exchange.labels.errors import ERRORS, error
from exchange.labels.facts import FACTS, fact
from exchange.labels.fields import FIELDS, HELP
from exchange.labels.first_hour import FIRST_TASKS, GOOD_NEEDS, GOOD_OFFERS
from exchange.labels.learning import COUNTED_HOW
from exchange.labels.mails import MAILS, NOUNS, mail, reason
from exchange.labels.matching import (
    BROKEN,
    CONDITIONS,
    ENDED,
    MODES,
    REASONS,
    REMOVED,
    SENTENCES,
    reason_kind,
    reason_sentence,
    reason_strength,
)
from exchange.labels.parties import PARTIES, PHASES
from exchange.labels.proposals import ABOUT as PROPOSAL_ABOUT
from exchange.labels.proposals import EXAMPLES as PROPOSAL_EXAMPLES
from exchange.labels.proposals import STEPS as PROPOSAL_STEPS
from exchange.labels.runs import (
    FAILURES,
    GROUPS,
    PIN_BROKEN,
    SIZES,
    SOLVERS,
    TRADE_OFF,
    UNSERVED,
    proof,
    why_dropped,
)
from exchange.labels.settings import SETTINGS
from exchange.labels.states import OVERRIDE, RECORD_PAST, STATES, TRIGGERS, states_of

__all__ = [
    "BROKEN",
    "CHOICES",
    "CONDITIONS",
    "COUNTED_HOW",
    "ENDED",
    "ERRORS",
    "FACTS",
    "FAILURES",
    "FIELDS",
    "FIRST_TASKS",
    "GOOD_NEEDS",
    "GOOD_OFFERS",
    "GROUPS",
    "HELP",
    "MAILS",
    "MODES",
    "NOUNS",
    "OVERRIDE",
    "PARTIES",
    "PHASES",
    "PIN_BROKEN",
    "PROPOSAL_ABOUT",
    "PROPOSAL_EXAMPLES",
    "PROPOSAL_STEPS",
    "REASONS",
    "RECORD_PAST",
    "REMOVED",
    "SENTENCES",
    "SETTINGS",
    "SIZES",
    "SOLVERS",
    "STATES",
    "TRADE_OFF",
    "TRIGGERS",
    "UNSERVED",
    "YES_PARTLY_NO",
    "choice",
    "error",
    "fact",
    "mail",
    "proof",
    "reason",
    "reason_kind",
    "reason_sentence",
    "reason_strength",
    "states_of",
    "why_dropped",
]
