"""Small files, small functions."""

import ast

import pytest

from tests.house.source import name, python_files, tree

LONGEST_FILE, LONGEST_FUNCTION = 400, 50


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_a_file_fits_in_a_head(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{name(path)} has {lines} lines: split it"


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_a_function_fits_on_a_screen(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno
            assert lines <= LONGEST_FUNCTION, f"{name(path)}: {node.name} has {lines} lines"


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_every_public_thing_says_what_it_is(path):
    module = tree(path)
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(module), f"{name(path)} does not say what it is for"
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name(path)}: {node.name} does not say what it does"
