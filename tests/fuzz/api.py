"""The API, called from its own document: what fits it, what does not, and rows that there are."""

from collections.abc import Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from exchange.api.document import _views, document
from tests.browser.people import ROLES
from tests.fuzz.figures import Figures
from tests.fuzz.hostile import ODD, rows
from tests.fuzz.house import House

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
QUIET = list(HealthCheck)
# Those who may do most are asked most.
CALLERS = (*ROLES, "administrator", "officer", "city")


def call_all(house: House, figures: Figures, *, each: int, number: int, only: str = "") -> None:
    """Call every operation ``each`` times; the same ``number`` makes the same calls."""
    with house.app.app_context():
        made = document(house.app)
    schema = schemathesis.openapi.from_dict(made)
    models = _models(house)
    for operation in _operations(schema):
        label = operation.label
        if only not in label:
            continue
        house.put_back()
        _call(house, figures, operation, models.get(label), (each, number))


def _operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def _models(house: House) -> dict[str, str]:
    """Operation → the table of the row that its ``id`` names."""
    found = {}
    for (path, method), (_name, view) in _views(house.app).items():
        model = getattr(view, "model", None)
        if model is not None:
            found[f"{method.upper()} {path}"] = model.__tablename__
    return found


def _call(
    house: House, figures: Figures, operation: Any, table: str | None, how: tuple[int, int]
) -> None:
    each, number = how
    modes = [operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE,) * 2]
    modes.append(operation.as_strategy(GenerationMode.NEGATIVE))

    @seed(number)
    @settings(
        max_examples=each,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
    )
    @given(case=st.one_of(*modes), role=st.sampled_from(CALLERS), data=st.data())
    def one(case: Case, role: str, data: st.DataObject) -> None:
        _real_rows(house, case, table, data)
        try:
            answer = case.call(app=house.app, headers=house.headers(role))
        except (UnicodeError, ValueError) as problem:  # no client could send that
            figures.answers[f"unsent {type(problem).__name__}"] += 1
            return
        figures.note(operation.label, answer.status_code)
        if answer.status_code >= 500:
            call = f"{role}: {case.as_curl_command()}"
            figures.blame(operation.label, f"500 {house.raised}", call)
            return
        _look(figures, case, answer, role)

    one()


def _look(figures: Figures, case: Case, answer: Any, role: str) -> None:
    try:
        case.validate_response(answer, checks=CHECKS)
    except (Failure, FailureGroup) as problem:
        group = problem.exceptions if isinstance(problem, FailureGroup) else [problem]
        for one in group:
            what = f"{type(one).__name__} {answer.status_code} {_words(one)}"
            figures.blame(case.operation.label, what, f"{role}: {case.as_curl_command()}")


def _words(problem: Any) -> str:
    return " ".join(f"{problem.title} {problem.message}".split())


def _real_rows(house: House, case: Case, table: str | None, data: st.DataObject) -> None:
    """Put ids of rows there are where the document only says that there is a number."""
    for name in case.path_parameters or {}:
        known = tuple(house.ids.get(table or "", ()) if name == "id" else house.known(name))
        if known and data.draw(st.integers(0, 9)):
            case.path_parameters[name] = data.draw(rows(known))
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            case.body[name] = _filled(house, name, value, data)


def _filled(house: House, name: str, value: Any, data: st.DataObject) -> Any:
    known = tuple(house.known(name)) if name.endswith(("_id", "_ids")) else ()
    if known and data.draw(st.booleans()):
        one = data.draw(rows(known))
        return [one] if isinstance(value, list) else one
    if isinstance(value, str) and not data.draw(st.integers(0, 3)):
        return data.draw(ODD)
    return value
