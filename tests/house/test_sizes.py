"""Small files, small functions."""

import ast

from tests.house.source import name, python_files, tree

LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def test_a_file_fits_in_a_head():
    lines = {name(path): path.read_text(encoding="utf-8").count("\n") for path in python_files()}
    long = {file: many for file, many in lines.items() if many > LONGEST_FILE}
    assert not long, f"more than {LONGEST_FILE} lines, split them: {long}"


def test_a_function_fits_on_a_screen():
    lines = {
        f"{name(path)}: {node.name}": (node.end_lineno or node.lineno) - node.lineno
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    }
    long = {function: many for function, many in lines.items() if many > LONGEST_FUNCTION}
    assert not long, f"more than {LONGEST_FUNCTION} lines: {long}"


def test_every_file_that_holds_something_says_what_it_is_for():
    silent = [
        name(path)
        for path in python_files()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert not silent, f"they do not say what they are for: {silent}"


def test_every_public_thing_says_what_it_does():
    silent = [
        f"{name(path)}: {node.name}"
        for path in python_files()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, f"they do not say what they do: {silent}"
