"""The API as a document, its page, and oneself in it."""

import re

import pytest
from openapi_spec_validator import validate

from exchange.api.document import VIEWER_FILES
from exchange.extensions import db
from tests import factories


@pytest.fixture
def document(browser):
    return browser.as_().get("/api/v1/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield path, method, item[method]


def test_the_whole_document_is_valid_openapi(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    names = []
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"].endswith("."), where
        assert "Who may: " in operation["description"], where
        assert {"401", "403"} <= set(operation["responses"]), where
        assert any(status.startswith("2") for status in operation["responses"]), where
        assert ("{" in path) == ("404" in operation["responses"]), where
        assert ("requestBody" not in operation) or "422" in operation["responses"], where
        names.append(operation["operationId"])
    assert len(names) == len(set(names)) > 20


def test_what_may_be_empty_in_a_row_is_said_to_be_so(document):
    models = {mapper.class_.__name__: mapper for mapper in db.Model.registry.mappers}
    wrong = []
    for name, schema in document["components"]["schemas"].items():
        mapper = models.get(name.removesuffix("Out"))
        columns = mapper.columns if mapper and name.endswith("Out") else {}
        for field, described in schema.get("properties", {}).items():
            column = columns.get(field)
            may_be_empty = getattr(column, "nullable", False) and "type" in described
            if may_be_empty and "null" not in described["type"]:
                wrong.append(f"{name}.{field}")
    assert not wrong


def test_a_list_is_described_as_what_it_gives(document, browser):
    schema = document["paths"]["/api/v1/needs"]["get"]["responses"]["200"]["content"]
    page = schema["application/json"]["schema"]["allOf"]
    assert page[1]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/NeedOut"}
    factories.need()
    got = browser.api(factories.person()).get("/api/v1/needs").json
    assert set(got) == set(document["components"]["schemas"]["Page"]["required"])
    known = document["components"]["schemas"]["NeedOut"]["properties"]
    assert set(got["items"][0]) == set(known)


def test_errors_look_as_the_document_says(document, browser):
    need = factories.need()
    reader, stranger = browser.api(factories.person()), browser.as_()
    answers = {
        401: stranger.get("/api/v1/needs"),
        403: reader.patch(f"/api/v1/needs/{need.id}", json={"title": "X"}),
        404: reader.get("/api/v1/needs/999999"),
        409: browser.api(factories.officer()).post(
            f"/api/v1/needs/{need.id}/steps",
            json={"trigger": "withdraw", "note": "x", "expected_state": "draft"},
        ),
        422: browser.api(factories.officer()).post("/api/v1/needs", json={"nothing": 1}),
    }
    known = set(document["components"]["schemas"]["Error"]["properties"]["error"]["properties"])
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {"code", "message"} <= set(answer.json["error"])
    assert {"fields"} <= known & set(answers[422].json["error"])


def test_the_page_needs_nothing_from_elsewhere_and_runs_no_inline_script(browser):
    page = browser.as_()
    answer = page.get("/api/v1/docs")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy
    addresses = re.findall(r'(?:src|data-document)="([^"]+)"', answer.text)
    addresses += re.findall(r'<link [^>]*href="([^"]+)"', answer.text)
    assert len(addresses) == 5
    for address in addresses:
        assert address.startswith("/")
        with page.get(address) as file:
            assert file.status_code == 200
    assert not re.search(r"<script(?![^>]* src=)", answer.text)
    assert not re.search(r"\son\w+=", answer.text)


def test_only_the_files_of_the_viewer_are_served(browser):
    page = browser.as_()
    for name in ("index.css", "LICENSE", "..%2f__init__.py"):
        assert page.get(f"/api/v1/docs/{name}").status_code == 404
    for name in VIEWER_FILES:
        with page.get(f"/api/v1/docs/{name}") as file:
            assert file.status_code == 200


def test_a_cookie_opens_nothing_in_the_api(browser):
    assert browser.as_(factories.administrator()).get("/api/v1/me").status_code == 401


def test_me_shows_and_changes_who_asks(browser):
    city = factories.organisation("Nampula")
    person = factories.person("Ana", of=city)
    client = browser.api(person)
    me = client.get("/api/v1/me").json
    assert (me["name"], me["email"]) == ("Ana", person.email)
    assert me["affiliations"][0]["organisation"]["name"] == "Nampula"
    assert me["affiliations"][0]["role"] == "coordinator"
    changed = client.patch("/api/v1/me", json={"language": "fr"})
    assert (changed.status_code, changed.json["language"]) == (200, "fr")
    assert client.patch("/api/v1/me", json={"language": "tlh"}).status_code == 422
    assert client.patch("/api/v1/me", json={"staff_role": "officer"}).status_code == 422
    db.session.refresh(person)
    assert (person.language, person.staff_role) == ("fr", None)


def test_tokens_are_listed_without_secrets_and_revoked(browser):
    person = factories.person()
    client = browser.api(person)
    (token,) = client.get("/api/v1/me/tokens").json
    assert set(token) == {"id", "name", "scopes", "created_at", "used_at"}
    other = browser.api(factories.person())
    assert other.delete(f"/api/v1/me/tokens/{token['id']}").status_code == 404
    assert client.delete(f"/api/v1/me/tokens/{token['id']}").status_code == 204
    assert client.get("/api/v1/me/tokens").status_code == 401


def test_a_token_cannot_make_another_one(browser):
    client = browser.api(factories.person())
    assert client.post("/api/v1/me/tokens", json={"name": "x"}).status_code == 405


def test_nonsense_in_the_header_is_nobody(browser, app):
    client = app.test_client()
    for header in ("Bearer", "Basic abc", "Bearer nothing"):
        answer = client.get("/api/v1/me", headers={"Authorization": header})
        assert answer.status_code == 401
