"""Long lists in a form: one writes a part of a name, and need not scroll through hundreds."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from exchange.listing import folded
from exchange.web.option import Option

LONG = 100
SHOWN = 5


def is_long(options: Sequence[Option]) -> bool:
    """Whether a list is better searched than scrolled."""
    return len(options) > LONG


def fitting(typed: str, options: Sequence[Option]) -> list[Option]:
    """The options that ``typed`` can mean: its code, its name, else those whose name begins with
    it, else those whose name holds it.

    Accents and capitals do not matter.
    """
    known = [option for option in options if option.value]
    wanted = folded(typed)
    for same in (
        [option for option in known if option.value == typed],
        [option for option in known if folded(option.label) == wanted],
        [option for option in known if folded(option.label).startswith(wanted)],
    ):
        if same:
            return same
    return [option for option in known if wanted in folded(option.label)]


def picked(
    sent: MultiDict[str, str], lists: Mapping[str, Sequence[Option]]
) -> tuple[MultiDict[str, str], dict[str, list[str]]]:
    """``sent`` with the code in place of each name, and the fields whose name is not clear."""
    taken, unclear = MultiDict(sent), {}
    for name, options in lists.items():
        found = fitting(sent[name], options)
        if len(found) == 1:
            taken[name] = found[0].value
        elif found:  # what nobody is called the schema refuses, in words of its own
            unclear[name] = [_question(found)]
    return taken, unclear


def shown(value: str, options: Sequence[Option]) -> str:
    """The name of the option with this code; what was typed when there is none."""
    return next((option.label for option in options if value and option.value == value), value)


def _question(found: Sequence[Option]) -> str:
    names = " · ".join(option.label for option in found[:SHOWN])
    return _("Several have this name: %(names)s. Write more of it.", names=names)
