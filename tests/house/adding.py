"""What a migration does that the version before it could not live with."""

import ast
import re
from collections.abc import Iterator

# These take something away that the version before still reads or writes.
TAKING = frozenset({"drop_table", "drop_column", "rename_table"})
SQL = re.compile(r"\b(DROP (TABLE|COLUMN)|RENAME (TO|COLUMN)|SET NOT NULL)\b", re.IGNORECASE)


def troubles(source: str) -> list[str]:
    """What ``upgrade`` of a migration does besides adding, a line each; none when it only adds.

    A CHECK may be replaced by one of the same name: a state more is something added.
    """
    upgrade = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    calls = [node for node in ast.walk(upgrade) if isinstance(node, ast.Call)]
    made = {_name(call) for call in calls if _verb(call).startswith("create_")}
    return [found for call in calls for found in _of(call, made)]


def _of(call: ast.Call, made: set[str]) -> Iterator[str]:
    verb, given = _verb(call), {word.arg: ast.unparse(word.value) for word in call.keywords}
    if verb in TAKING:
        yield f"{verb} {_name(call)}"
    if verb == "drop_constraint" and given.get("type_") != "'check'":
        yield f"drop_constraint {_name(call)}"
    if verb == "drop_constraint" and given.get("type_") == "'check'" and _name(call) not in made:
        yield f"a check that does not come back: {_name(call)}"
    if verb == "alter_column":
        yield from (f"alter_column {_name(call)}: {why}" for why in _narrower(given))
    must_be_given = given.get("nullable") == "False" and "server_default" not in given
    if verb == "Column" and must_be_given and _added(call):
        yield f"a new column that must be given: {_name(call)}"
    if verb == "execute" and SQL.search(ast.unparse(call)):
        yield f"execute {ast.unparse(call)[:60]}"


def _narrower(given: dict[str | None, str]) -> Iterator[str]:
    if "new_column_name" in given:
        yield "renamed"
    if given.get("nullable") == "False":
        yield "must be given"
    if given.get("server_default") == "None":
        yield "loses the default that the version before relies on"


def _added(call: ast.Call) -> bool:
    """Whether a column joins a table that was there: columns of new tables are nobody's yet."""
    return getattr(call, "joins", False)


def _verb(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        if call.func.attr == "add_column":
            for argument in call.args:
                argument.joins = True  # type: ignore[attr-defined] # looked at when its turn comes
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _name(call: ast.Call) -> str:
    """The first thing that a call names, as ``op.f("x")`` or ``"x"``."""
    if not call.args:
        return ""
    found = re.search(r"'([^']+)'", ast.unparse(call.args[0]))
    return found.group(1) if found else ast.unparse(call.args[0])
