"""Asking: the first candidates of a need, and the next ones after a no. The caller commits."""

from exchange.catalogue.models import Need
from exchange.matching import line, moves, places
from exchange.matching.models import Match
from exchange.programmes.models import MatchingMode
from exchange.programmes.queries import mode_of
from workflows.need import NeedState

# A no of a side, in whatever form: said, silent, or the offer was taken back.
NO = frozenset({"decline", "lapse", "lost"})


def ask_first(need: Need) -> list[Match]:
    """Ask for a need that has found too few hosts, where the program asks by itself; nobody where
    an officer does (the programme suggests only, or its runs are reviewed)."""
    return _ask(need, line.suggestions(need)) if _mode(need) == MatchingMode.automatic else []


def go_on(need: Need, after: str) -> list[Match]:
    """Ask the next in line after a match of ``need`` has ended.

    Where runs are reviewed, the officer has published the line with the run: it goes on after a
    no, but what the officer or the program took back is the officer's to replace.

    :param after: ``decline``, ``lapse``, ``withdraw``, or ``lost`` for an offer that was withdrawn.
    """
    if _mode(need) == MatchingMode.review and after in NO:
        return _ask(need, [match for match in line.suggestions(need) if match.waiting])
    return ask_first(need)


def _mode(need: Need) -> MatchingMode:
    return mode_of(need.programme)


def _ask(need: Need, candidates: list[Match]) -> list[Match]:
    """Ask the first of ``candidates`` that have a place, as many as the need wants hosts."""
    asked: list[Match] = []
    for match in candidates if need.state == NeedState.published else ():
        if need.hosts_held >= need.hosts_wanted:
            break
        if places.take(match) is None:
            moves.propose(match, actor=None)
            asked.append(match)
    return asked
