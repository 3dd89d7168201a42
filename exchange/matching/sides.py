"""For which side of a match somebody speaks."""

from exchange import policy
from exchange.directory.models import Person
from exchange.errors import Invalid, NotAllowed
from exchange.matching.models import Match, Side


def sides_of(match: Match, person: Person | None) -> list[Side]:
    """The sides that ``person`` may answer for: staff for both."""
    return [side for side in Side if policy.allowed(person, f"match.answer_{side}", match)]


def side_for(match: Match, person: Person, asked: Side | str | None) -> Side:
    """The side that ``person`` speaks for: the one asked, or the only one there is.

    :raises NotAllowed: the person does not speak for it.
    :raises Invalid: both are possible and none was named.
    """
    possible = sides_of(match, person)
    if not possible or (asked and asked not in possible):
        raise NotAllowed("not_your_side")
    if asked:
        return Side(asked)
    if len(possible) > 1:
        raise Invalid("side", "which_side")
    return possible[0]


def other_side(side: Side) -> Side:
    """The other one."""
    return Side.offer if side == Side.need else Side.need
