"""How the tests about the code read the code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflows", "exchange", "tasks")


def python_files(*folders: str) -> list[Path]:
    """The Python files of ``folders`` (of all our packages when none is given)."""
    return sorted(p for f in folders or PACKAGES for p in (ROOT / f).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Full names of what a file imports at run time, wherever the import stands."""
    for node in _run_time_nodes(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _run_time_nodes(child)


def name(path: Path) -> str:
    """The path of a file as people write it."""
    return path.relative_to(ROOT).as_posix()
