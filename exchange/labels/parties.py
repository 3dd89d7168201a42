"""Words for stages and for whom a state waits."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from workflows.engine import Party
from workflows.exchange import ExchangePhase

PHASES: dict[str, LazyString] = {
    ExchangePhase.proposal: _l("Proposal"),
    ExchangePhase.matching: _l("Matching"),
    ExchangePhase.visit: _l("Visit"),
    ExchangePhase.lessons: _l("Lessons learned"),
    ExchangePhase.dissemination: _l("Dissemination"),
    ExchangePhase.follow_up: _l("Follow-up"),
    ExchangePhase.closed: _l("Closed"),
}

PARTIES: dict[str, LazyString] = {
    Party.proposer: _l("the proposer"),
    Party.owner: _l("its owner"),
    Party.officer: _l("the CGLU-UCLG team"),
    Party.host: _l("the host"),
    Party.learner: _l("the learner"),
    Party.both_cities: _l("both cities"),
    Party.author: _l("the author of the note"),
    Party.reviewer: _l("the reviewer"),
    Party.nobody: _l("nobody"),
}
