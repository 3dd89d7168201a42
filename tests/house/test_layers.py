"""Who may import whom, and the few words that may stand in few places only."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT, imports, name, python_files, tree

# From the ground up: a noun imports only those before it.
NOUNS = (
    "vocabularies",
    "directory",
    "accounts",
    "keeping",
    "programmes",
    "catalogue",
    "exchanges",
    "matching",
    "runs",
    "visits",
    "lessons",
    "partnerships",
    "practices",
    "modules",
    "methods",
    "mechanisms",
    "labs",
    "recommendations",
    "strategies",
    "challenges",
    "forums",
    "congresses",
    "messages",
    "reminders",
    "search",
    "privacy",
    "dashboards",
    "spreadsheets",
    "operations",
    "demo",
)
# Where Flask's request, session, g and current_app may be spoken to.
EDGE = (
    "exchange/app.py",
    "exchange/edge.py",
    "exchange/edge_files.py",
    "exchange/edge_audit.py",
    "exchange/edge_seen.py",
    "exchange/edge_log.py",
    "exchange/edge_sheets.py",
    "exchange/extensions.py",
    "exchange/limits.py",
    "exchange/cli.py",
    "exchange/commands/",
    "exchange/api/",
    "exchange/web/",
)
REQUEST_WORDS = {f"flask.{word}" for word in ("request", "session", "g", "current_app")}
PURE = ("exchange/matching/core", "exchange/matching/text")


def _is_edge(path: Path) -> bool:
    return name(path).startswith(EDGE)


@pytest.mark.parametrize("path", python_files("workflows"), ids=name)
def test_the_law_imports_only_the_standard_library_and_transitions(path):
    foreign = [
        i for i in imports(path) if i.startswith(("exchange", "tasks", "flask", "sqlalchemy"))
    ]
    assert not foreign, f"{name(path)} is the law and must not know {foreign}"


@pytest.mark.parametrize("path", python_files("workflows"), ids=name)
def test_only_the_engine_knows_the_library_of_machines(path):
    if name(path) != "workflows/engine.py":
        assert not [i for i in imports(path) if i.startswith("transitions")]


@pytest.mark.parametrize("path", python_files("exchange"), ids=name)
def test_a_noun_imports_only_the_nouns_below_it(path):
    parts = path.relative_to(ROOT).parts
    if parts[1] not in NOUNS:
        return
    above = NOUNS[NOUNS.index(parts[1]) + 1 :]
    wrong = [i for i in imports(path) if i.startswith(tuple(f"exchange.{n}." for n in above))]
    assert not wrong, f"{name(path)} reaches up to {wrong}: publish an event, or leave a row"


@pytest.mark.parametrize("path", python_files("exchange"), ids=name)
def test_nobody_below_the_edge_speaks_to_the_request(path):
    if _is_edge(path):
        return
    wrong = REQUEST_WORDS & set(imports(path))
    assert not wrong, f"{name(path)}: pass actor= and now= instead of {wrong}"


@pytest.mark.parametrize("path", python_files("exchange", "tasks"), ids=name)
def test_the_faces_know_nothing_of_each_other_and_of_the_queue(path):
    mine = name(path)
    forbidden: tuple[str, ...] = ()
    if mine.startswith("exchange/api/"):
        forbidden = ("exchange.web", "tasks")
    elif mine.startswith("exchange/web/") and mine != "exchange/web/errors.py":
        forbidden = ("exchange.api", "tasks")
    elif mine.startswith("tasks/"):
        forbidden = ("exchange.api", "exchange.web")
    elif not _is_edge(path):
        forbidden = ("exchange.api", "exchange.web", "tasks")
    wrong = [i for i in imports(path) if any(f"{i}.".startswith(f"{no}.") for no in forbidden)]
    assert not wrong, f"{mine} must not import {wrong}"


@pytest.mark.parametrize("path", python_files(*PURE), ids=name)
def test_the_core_of_the_matcher_is_plain_values(path):
    ours = tuple(package.replace("/", ".") for package in PURE)
    foreign = ("flask", "sqlalchemy", "celery", "workflows", "tasks")
    wrong = [
        i
        for i in imports(path)
        if i.startswith(foreign) or (i.startswith("exchange.") and not i.startswith(ours))
    ]
    assert not wrong, f"{name(path)} must stay free of {wrong}"


def test_only_the_transaction_commits():
    commits = {
        name(path)
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    }
    assert commits == {"exchange/transaction.py"}, "the caller commits, with `with transaction():`"


def test_no_state_is_written_outside_the_law():
    """``row.state = …`` stands nowhere: moves go through ``steps.advance``."""
    allowed = {"exchange/exchanges/overrides.py"}
    writers = {
        name(path)
        for path in python_files("exchange", "tasks")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Attribute) and t.attr == "state" for t in node.targets)
    }
    assert writers <= allowed, f"state is set by hand in {writers - allowed}"


def test_what_is_imported_is_ours():
    for package in PACKAGES:
        origin = importlib.import_module(package).__path__[0]
        assert Path(origin) == ROOT / package, f"another `{package}` is in the way: {origin}"


def test_no_pickle_and_no_swallowed_error():
    for path in python_files():
        assert not [i for i in imports(path) if i.split(".")[0] == "pickle"], name(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                silent = all(isinstance(s, ast.Pass) for s in node.body)
                broad = node.type is None or ast.unparse(node.type) in (
                    "Exception",
                    "BaseException",
                )
                assert not (silent and broad), f"{name(path)}:{node.lineno} swallows every error"
