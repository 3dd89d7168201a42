"""The OpenAPI document and the page to browse it: /api/v1/openapi.json and /api/v1/docs.

The operations come from the resources themselves. What is the same for all of them is added here
in one place: the errors, the page of a list, the step, and who may (from the permission table).
"""

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Blueprint, Flask, current_app, make_response, render_template, send_from_directory

from exchange.api.described import LateApi
from exchange.api.document_parts import ERRORS, RESPONSES, SCHEMAS
from exchange.edge import access
from exchange.errors import NotFound
from exchange.permissions import PERMISSIONS
from exchange.predicates import anyone

resources = Blueprint("api_document", __name__, url_prefix="/api/v1")

VIEWER = Path(flask_swagger_ui.__file__).parent / "dist"
VIEWER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
ABOUT = (
    "Peer-learning exchanges between local governments. A token of your account page goes into the "
    "header `Authorization: Bearer …`; you may do here what you may do on the pages, and no more. "
    "Lists take `page`, `size` and `sort`. A row moves by `POST …/steps` with the move, and the "
    "state you saw as `expected_state`. A POST with the header `Idempotency-Key` is done once, "
    "however often it is sent within two days. Texts come in the language of `Accept-Language`."
)
LICENSE = {"name": "Apache 2.0", "identifier": "Apache-2.0"}
METHODS = ("get", "post", "put", "patch", "delete")
Document = dict[str, Any]


def remember(app: Flask, api: LateApi) -> None:
    """Keep the specification of ``api``; the document is made from it when it is asked for."""
    app.extensions["exchange_api"] = api


@resources.get("/openapi.json")
@access("api.read")
def openapi() -> Document:
    """The OpenAPI document."""
    return document(current_app)


@resources.get("/docs")
@access("api.read")
def page() -> Any:
    """The document as a page. Its viewer writes styles into its elements, hence its own policy."""
    answer = make_response(render_template("api_document/show.html"))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return answer


@resources.get("/docs/<name>")
@access("api.read")
def viewer(name: str) -> Any:
    """A file of the viewer; it lies in the installed package, so nothing comes from elsewhere."""
    if name not in VIEWER_FILES:
        raise NotFound("not_found")
    return send_from_directory(VIEWER, name, max_age=86_400)


def document(app: Flask) -> Document:
    """The whole document of ``app``'s API."""
    made = deepcopy(app.extensions["exchange_api"].described().to_dict())
    views = _views(app)
    for path, item in made["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(item[method], path, method, views[path, method])
    for path, item in made["paths"].items():
        if "get" in item:
            _describe_list(item["get"], made["paths"].get(f"{path}/{{id}}", {}))
    made["components"]["responses"] = RESPONSES
    made["components"]["schemas"].pop("PaginationMetadata", None)
    made["components"]["schemas"].update(SCHEMAS)
    return made


def _views(app: Flask) -> dict[tuple[str, str], tuple[str, Callable[..., Any]]]:
    """(path, method) → (name, function) of every operation."""
    found = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        view = app.view_functions[rule.endpoint]
        for method in METHODS:
            function = getattr(getattr(view, "view_class", None), method, view)
            found[path, method] = (f"{rule.endpoint.replace('.', '_')}_{method}", function)
    return found


def _complete(
    operation: Document, path: str, method: str, view: tuple[str, Callable[..., Any]]
) -> None:
    name, function = view
    operation["operationId"] = name
    permission = getattr(function, "permission", "")
    rule = PERMISSIONS.get(permission)
    if rule is not None:
        text = operation.get("description", "")
        operation["description"] = f"{text}\n\nWho may: {rule.sentence}".strip()
        if anyone in rule.any_of:
            operation["security"] = [{}, {"token": []}]
    responses = operation.setdefault("responses", {})
    responses.pop("default", None)
    asks = bool(operation.get("requestBody") or operation.get("parameters"))
    reads = {"400"} if "requestBody" in operation else set()
    for status, named in ERRORS.items():
        if status in _possible(path, method, asks) | reads:
            responses[status] = {"$ref": f"#/components/responses/{named}"}
    if not any(status.startswith("2") for status in responses):
        responses.update(_usual_success(path, method))


def _possible(path: str, method: str, asks: bool) -> set[str]:
    """The statuses of the errors that can come."""
    found = {"401", "403"}
    if "{" in path:
        found.add("404")
    if method != "get":
        found.add("409")
    if asks or method != "get":
        found.add("422")
    return found


def _usual_success(path: str, method: str) -> Document:
    if path.endswith(("/steps", "/override")) and method == "post":
        return {
            "201": _json("The step that was written.", {"$ref": "#/components/schemas/StepOut"})
        }
    if method == "get" and not path.endswith("}"):
        return {"200": _json("A page of the list.", {"$ref": "#/components/schemas/Page"})}
    return {"200": _json("Done.", {"type": "object"})}


def _json(text: str, schema: Document) -> Document:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _describe_list(operation: Document, one: Document) -> None:
    """The items of a list look like what is shown at the address of one of them."""
    schema = _schema_of(operation)
    item = _schema_of(one.get("get", {}))
    if schema == {"$ref": "#/components/schemas/Page"} and item:
        listed = {"properties": {"items": {"type": "array", "items": item}}}
        content = operation["responses"]["200"]["content"]["application/json"]
        content["schema"] = {"allOf": [schema, listed]}


def _schema_of(operation: Document) -> Document | None:
    answer = operation.get("responses", {}).get("200", {})
    found: Document | None = answer.get("content", {}).get("application/json", {}).get("schema")
    return found
