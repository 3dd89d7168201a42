"""A statement over many rows leaves an entry for each record, or the list says why not."""

import ast
import importlib
from pathlib import Path

from sqlalchemy import Table

from exchange.audit.exempt import AT_ONCE, TABLES
from exchange.extensions import Base
from tests.house.source import ROOT, python_files

VERBS = ("insert", "update", "delete")
# The model stands in a variable there: what it can be.
LOADED = ("need", "offer", "organisation", "exchange")
VARIABLES = {
    "exchange/accounts/actions.py": ("sign_in", "api_token"),
    "exchange/accounts/second_factor.py": ("second_factor", "recovery_code"),
    "exchange/demo/clearing.py": (),  # whatever the demonstration made goes
    "exchange/matching/suggesting.py": ("need", "offer"),
    "exchange/privacy/erasing.py": (),  # whatever is annotated
    "exchange/spreadsheets/loading.py": (*LOADED, *(f"{noun}_term" for noun in LOADED)),
}
# Past the session, where nobody listens.
APART = {
    "exchange/accounts/actions.py": "when somebody was last here",
    "exchange/audit/chain.py": "the trail itself",
    "exchange/audit/recording.py": "the trail itself",
    "exchange/checks.py": "only reads",
    "exchange/runs/beating.py": "a heartbeat, and how far the work is",
}


def statements():
    """Path and the name of the table of each statement over rows in the source."""
    for path in python_files("exchange", "tasks"):
        name = str(path.relative_to(ROOT))
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _verb(call.func) and call.args:
                table = _table(path, call.args[0])
                yield from ((name, one) for one in ([table] if table else VARIABLES[name]))


def _verb(func):
    if isinstance(func, ast.Attribute):
        return func.attr == "insert" and ast.unparse(func.value) == "dialect"
    return isinstance(func, ast.Name) and func.id in VERBS


def _table(path: Path, node):
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = getattr(module, ast.unparse(node).removesuffix(".__table__"), None)
    table = found if isinstance(found, Table) else getattr(found, "__table__", None)
    return table.name if table is not None else None


def test_every_record_that_a_statement_changes_has_its_entry_or_a_reason():
    for path, table in statements():
        told = table in TABLES or table in AT_ONCE or "id" in Base.metadata.tables[table].c
        assert told, f"{path}: rows of {table} have no number; see exchange/audit/exempt.py"


def test_no_reason_is_left_for_what_no_statement_does():
    assert {table for _path, table in statements()} >= set(AT_ONCE)
    assert not set(AT_ONCE) & set(TABLES)
    seen = {"need", "offer", "match", "exchange", "partner", "note", "visit", "participant"}
    assert not set(AT_ONCE) & (seen | {"organisation", "person", "practice", "challenge"})


def test_nobody_writes_past_the_session_without_a_reason():
    found = set()
    for path in python_files("exchange", "tasks"):
        text = path.read_text()
        if "engine.begin(" in text or ".connection()" in text:
            found.add(str(path.relative_to(ROOT)))
    assert found == set(APART)
