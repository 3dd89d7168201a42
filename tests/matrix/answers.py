"""The table of expected answers: read, and written."""

from collections.abc import Iterable
from pathlib import Path

from tests.matrix.world import ROLES

FILE = Path(__file__).with_name("answers.txt")
Answers = tuple[str, ...]
# By the line of a route: the answers of the roles, by the objects that have the same.
Table = dict[str, dict[str, Answers]]
HEAD = """\
# Who gets in where: a line for each method of each address and each kind of object, a column for
# each role. Written by `make role-matrix NEW=1`, read by people against permissions/.
#
# A move is asked with the first trigger of its table, a form that names a row with that row; all
# else is asked with nothing.
#
# in   asked to sign in        yes  let through (what was sent, nothing, may then not do)
# 403  may not                 404  may not know of it
#
# own      of the city of member and coordinator; association is the association of that city
# foreign  of another city, so far along that members may know of it
# draft    of a third city, at its most private
# all      the three alike     -    the address names no row
#
# stranger: coordinator of a city in another region. section: officer of the region of the two
# other cities, so "own" is another region to them and "foreign" is theirs.
"""


def read() -> Table:
    """What is expected."""
    table: Table = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            route, objects, answers = (part.strip() for part in line.split("|"))
            table.setdefault(route, {})[objects] = tuple(answers.split())
    return table


def write(table: Table, order: Iterable[str]) -> None:
    """Keep the table, in the order of the routes."""
    FILE.write_text("\n".join([HEAD, *lines(table, order), ""]), encoding="utf-8")


def lines(table: Table, order: Iterable[str]) -> Iterable[str]:
    """The table as it is printed."""
    known = [route for route in order if route in table]
    wide = max((len(route) for route in known), default=0)
    yield f"# {'route':{wide - 2}} | {'object':13} | {' '.join(ROLES)}"
    for route in known:
        for objects, answers in table[route].items():
            cells = (f"{word:{len(role)}}" for word, role in zip(answers, ROLES, strict=True))
            yield f"{route:{wide}} | {objects:13} | {' '.join(cells)}".rstrip()
