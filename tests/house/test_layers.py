"""Who may import whom, and the few words that may stand in few places only."""

import ast
import importlib
from collections.abc import Callable, Iterable
from pathlib import Path

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


def _wrong(paths: Iterable[Path], is_wrong: Callable[[Path, str], bool]) -> dict[str, list[str]]:
    """By file, the imports of ``paths`` that must not be."""
    found = {name(path): [i for i in imports(path) if is_wrong(path, i)] for path in paths}
    assert found, "there are no such files: the rule would hold of nothing"
    return {file: wrong for file, wrong in found.items() if wrong}


def test_the_law_imports_only_the_standard_library_and_transitions():
    foreign = ("exchange", "tasks", "flask", "sqlalchemy")
    wrong = _wrong(python_files("workflows"), lambda _path, found: found.startswith(foreign))
    assert not wrong, f"the law must not know {wrong}"


def test_only_the_engine_knows_the_library_of_machines():
    others = [path for path in python_files("workflows") if name(path) != "workflows/engine.py"]
    wrong = _wrong(others, lambda _path, found: found.startswith("transitions"))
    assert not wrong, f"leave the library to the engine: {wrong}"


def test_a_noun_imports_only_the_nouns_below_it():
    nouns = [p for p in python_files("exchange") if p.relative_to(ROOT).parts[1] in NOUNS]

    def reaches_up(path: Path, found: str) -> bool:
        above = NOUNS[NOUNS.index(path.relative_to(ROOT).parts[1]) + 1 :]
        return found.startswith(tuple(f"exchange.{noun}." for noun in above))

    wrong = _wrong(nouns, reaches_up)
    assert not wrong, f"they reach up, publish an event or leave a row: {wrong}"


def test_nobody_below_the_edge_speaks_to_the_request():
    below = [path for path in python_files("exchange") if not _is_edge(path)]
    wrong = _wrong(below, lambda _path, found: found in REQUEST_WORDS)
    assert not wrong, f"pass actor= and now= instead: {wrong}"


def _strange_to(path: Path) -> tuple[str, ...]:
    """What a file must not know: the other faces, and the queue."""
    mine = name(path)
    if mine.startswith("exchange/api/"):
        return ("exchange.web", "tasks")
    if mine.startswith("exchange/web/"):
        return () if mine == "exchange/web/errors.py" else ("exchange.api", "tasks")
    if mine.startswith("tasks/"):
        return ("exchange.api", "exchange.web")
    return () if _is_edge(path) else ("exchange.api", "exchange.web", "tasks")


def test_the_faces_know_nothing_of_each_other_and_of_the_queue():
    wrong = _wrong(
        python_files("exchange", "tasks"),
        lambda path, found: any(f"{found}.".startswith(f"{no}.") for no in _strange_to(path)),
    )
    assert not wrong, f"they must not import this: {wrong}"


def test_the_core_of_the_matcher_is_plain_values():
    ours = tuple(package.replace("/", ".") for package in PURE)
    foreign = ("flask", "sqlalchemy", "celery", "workflows", "tasks")
    wrong = _wrong(
        python_files(*PURE),
        lambda _path, found: (
            found.startswith(foreign)
            or (found.startswith("exchange.") and not found.startswith(ours))
        ),
    )
    assert not wrong, f"it must stay free of this: {wrong}"


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


def test_a_lock_names_the_table_it_holds():
    """PostgreSQL refuses to lock what was joined to a row and may be absent; SQLite takes anything,
    so that nobody notices."""
    nameless = [
        f"{name(path)}:{node.value.lineno}"
        for path in python_files("exchange", "tasks")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg == "with_for_update"
        if isinstance(node.value, ast.Constant)
    ]
    assert not nameless, f'say with_for_update={{"of": Model}} in {nameless}'
