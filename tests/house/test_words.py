"""Words, permissions and tables cover each other: nothing is without a name or a rule."""

import ast

import pytest
from marshmallow import Schema as AnySchema

from exchange import labels
from exchange.labels.choices import CHOICES
from exchange.labels.mails import REASONS
from exchange.matching import settings
from exchange.matching.by_hand import FOR_CITIES
from exchange.matching.core import rules
from exchange.matching.core.constraints import MET
from exchange.matching.core.reasons import Because, Broken, Unserved
from exchange.matching.quality import GROUP_FILTERS
from exchange.permissions import PERMISSIONS
from exchange.programmes.models import MatchingMode
from exchange.runs.coverage import GROUPS, SIZES
from exchange.schemas import Choice, Schema
from exchange.scopes import SCOPES
from tests.house.source import imports, name, python_files, tree
from workflows import guards
from workflows.match import MATCH
from workflows.matching_run import MATCHING_RUN
from workflows.registry import WORKFLOWS

ALL = pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=lambda w: w.name)


@ALL
def test_every_state_and_move_has_words(workflow):
    assert set(labels.STATES[workflow.name]) == {s.value for s in workflow.states}
    assert set(labels.TRIGGERS[workflow.name]) == set(workflow.triggers)


@ALL
def test_every_move_has_a_permission(workflow):
    for trigger in workflow.triggers:
        assert f"{workflow.name}.{trigger}" in PERMISSIONS


@ALL
def test_every_fact_that_a_move_needs_has_words(workflow):
    for move in workflow.moves:
        for guard in move.guards:
            assert labels.fact(guard.__name__)


def test_no_words_for_facts_that_are_gone():
    known = {n for n in vars(guards) if callable(getattr(guards, n)) and not n.startswith("_")}
    assert set(labels.FACTS) - known == {"no_such_move"}


def test_permissions_say_who_in_a_sentence():
    for permission, rule in PERMISSIONS.items():
        assert rule.sentence.endswith("."), permission


def _schemas(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from _schemas(sub)


def test_every_field_of_a_form_has_a_label():
    import exchange.app  # noqa: F401 - loads every schema

    for schema in set(_schemas(Schema)):
        asked = schema().load_fields.items()
        missing = {known.metadata.get("words", name) for name, known in asked} - set(labels.FIELDS)
        assert not missing, f"{schema.__name__}: no words for {sorted(missing)} in labels/fields.py"


def test_every_choice_has_words():
    import exchange.app  # noqa: F401

    workflow_states = {w.states for w in WORKFLOWS.values()}
    for schema in set(_schemas(AnySchema)):
        for field in schema().fields.values():
            if isinstance(field, Choice) and field.members not in workflow_states:
                assert set(CHOICES[field.members]) == {m.value for m in field.members}


def _codes():
    for path in python_files("exchange", "tasks"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                index = {"NotAllowed": 0, "Conflict": 0, "NotFound": 0, "Invalid": 1}.get(
                    node.func.id
                )
                if index is not None and len(node.args) > index:
                    argument = node.args[index]
                    if isinstance(argument, ast.Constant):
                        yield name(path), argument.value


def _codes_on_the_way():
    """Codes that are chosen first and raised later: ``code = …``, ``wrong(column, …)``."""
    for path in python_files("exchange", "tasks"):
        for node in ast.walk(tree(path)):
            said = None
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
                said = node.value
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".wrong"):
                said = ast.Tuple(node.args[1:2])
            branches = (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,)
            for part in (getattr(branch, "elts", [branch]) for branch in branches):
                for one in part:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                        yield name(path), one.value


def test_every_error_code_has_a_sentence():
    found = [*_codes(), *_codes_on_the_way()]
    assert len(found) > 100
    for where, code in found:
        known = code in labels.ERRORS or code in REASONS
        assert known, f"{where} raises {code!r}: say it in labels/errors.py"


def test_every_hard_rule_says_why_a_pair_cannot_be():
    assert {rule.code for rule in rules.HARD} >= FOR_CITIES
    for code in FOR_CITIES:
        assert f"no_match_{code}" in labels.ERRORS


def test_every_rule_of_matching_has_words():
    soft = {rule.code for rule in rules.SOFT} | {rules.DECLINED_BEFORE, "by_officer", "by_city"}
    assert set(labels.REASONS) == soft
    assert set(labels.SENTENCES) == set(labels.REASONS)
    hard = {rule.code for rule in rules.HARD} | {rules.BELOW_THE_FLOOR}
    assert set(labels.REMOVED) == set(labels.BROKEN) == hard
    assert set(labels.CONDITIONS) == {code for code, _how in MET}


def test_everything_that_a_run_says_has_words():
    assert set(labels.UNSERVED) == set(Unserved)
    assert set(labels.PIN_BROKEN) == set(Broken)
    assert set(labels.TRADE_OFF) == set(Because)
    assert set(labels.SIZES) == set(SIZES)
    assert set(labels.GROUPS) >= {*GROUPS, *GROUP_FILTERS}
    assert set(labels.MODES) == set(MatchingMode)
    for guard in (*guards_of(MATCH), *guards_of(MATCHING_RUN)):
        assert labels.why_dropped(guard) != guard


def guards_of(workflow):
    return {guard.__name__ for move in workflow.moves for guard in move.guards}


def test_every_setting_has_words():
    assert set(labels.SETTINGS) == set(settings.BOUNDS)


def test_every_model_that_a_page_shows_has_a_scope():
    for path in python_files("exchange/web", "exchange/api"):
        for imported in imports(path):
            if ".models." in imported:
                module, _dot, model_name = imported.rpartition(".")
                module = __import__(module, fromlist=[model_name])
                model = getattr(module, model_name)
                if hasattr(model, "__tablename__") and "access(" in path.read_text():
                    used = f", {model_name})" in path.read_text()
                    assert not used or model in SCOPES, f"{name(path)}: {model_name}"
