"""The routes, from the routing table, and the address of each for each set of rows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from exchange.messages.tokens import Purpose, make
from exchange.models import WORKFLOW_MODELS
from workflows.registry import WORKFLOWS

Keys = dict[str, Any]
# The rows that another word of an address names, by the table that holds them.
TABLES = {
    "attendance_id": "attendance",
    "credit_id": "note_credit",
    "exchange_id": "exchange",
    "guest_id": "forum_guest",
    "offer_id": "offer",
    "organisation_id": "organisation",
    "person_id": "person",
    "question_id": "match_question",
    "session_id": "forum_session",
}
PARTS = (
    ("budget", "budget_line"),
    ("partner", "partner"),
    ("commit", "partner"),
    ("phase", "phase"),
)
# What stands for a word of the address that names no row.
WORDS: dict[str, Any] = {
    "extension": "csv",
    "filename": "app.css",
    "into": "need",
    "lang": "en",
    "language": "fr",
    "name": "none.js",
    "noun": "exchanges",
    "number": 0,
    "part": "heading",
    "passage": "title",
    "step": "who",
    "vocabulary": "theme",
}
KINDS = {
    "note_papers.citation": "bib",
    "partnerships.add": "phases",
    "partnerships.add_to_pair": "activities",
    "partnerships.edit_part": "activities",
}
MAILS = {
    "mail_links.answer": Purpose.answer,
    "mail_links.leave": Purpose.leave,
    "mail_links.show": Purpose.read,
}
# Their number is that of a row.
NUMBERED = {
    "history.show": "need",
    "privacy.withdraw_credit": "note_credit",
    "api_privacy.MyPhoto": "photo",
    "participants.answer_photo": "photo",
    "participants.photo": "photo",
    "privacy.agree_photo": "photo",
    "privacy.withdraw_photo": "photo",
}
# What their form or their query names: the table of a row, or a word.
SENT = {
    "browse.keep": {"noun": "need", "id": "need"},
    "browse.suggest": {"for": "need", "need_id": "need"},
    "matches.create": {"need_id": "need"},
    "wishes.create": {"need_id": "need", "offer_id": "offer"},
}
# What a write must say before it can be asked whether it may be made.
_SHEET, _ANSWER = {"organisation_id": "organisation"}, {"answer": "accepted"}
BODIES = {
    "POST /api/v1/exchanges/<int:id>/lesson-sheets": _SHEET,
    "POST /api/v1/matches/<int:id>/answers": _ANSWER,
    "POST /matches/<int:id>/answer": _ANSWER,
    "POST /api/v1/practices/<int:id>/adoptions": {**_SHEET, "language": "en"},
    "PUT /api/v1/partnerships/reviews/<int:id>/pairs/<int:pair_id>": {"language": "en"},
}


class Route(NamedTuple):
    """One method of one address."""

    rule: Rule
    method: str
    model: Any

    @property
    def line(self) -> str:
        """As it stands in the table of answers."""
        return f"{self.method} {self.rule.rule}"

    @property
    def is_of_a_row(self) -> bool:
        """Whether the address names a row, so that it matters whose it is."""
        named = self.rule.arguments - set(WORDS) - {"kind"}
        return bool(named) or self.rule.endpoint in {*NUMBERED, *SENT}

    @property
    def is_api(self) -> bool:
        """Whether it belongs to the REST face."""
        return self.rule.rule.startswith("/api/")


def routes(app: Flask) -> Iterator[Route]:
    """Every method of every rule, in the order of the addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            target = getattr(getattr(view, "view_class", None), method.lower(), view)
            yield Route(rule, method, getattr(target, "model", None))


def address(route: Route, keys: Keys) -> str:
    """The address of a route for one set of rows."""
    values = {name: value_of(route, name, keys) for name in route.rule.arguments}
    built = route.rule.build(values)
    assert built is not None, route.line
    return built[1]


def body(route: Route, keys: Keys) -> dict[str, Any]:
    """What is sent: what names a row, for a move the first trigger of its table, else nothing."""
    if named := BODIES.get(route.line) or SENT.get(route.rule.endpoint):
        return {name: keys[what] if name.endswith("id") else what for name, what in named.items()}
    name = next((n for n, model in WORKFLOW_MODELS.items() if model is route.model), "")
    moves = (
        route.rule.rule.endswith(("/move", "/steps", "/drop")) and name and route.method == "POST"
    )
    return {"trigger": next(iter(WORKFLOWS[name].triggers))} if moves else {}


def _table_of(route: Route) -> str:
    """Which row stands for ``id``; a workspace is that of an association."""
    if "workspaces." in route.rule.endpoint:
        return "association"
    return route.model.__tablename__ if route.model else "practice"


def value_of(route: Route, name: str, keys: Keys) -> Any:
    """What stands for one word of an address."""
    endpoint = route.rule.endpoint
    special = {
        "id": _table_of(route),
        "part_id": next((table for word, table in PARTS if word in endpoint.lower()), ""),
        "pair_id": "matching_run_pair" if endpoint == "runs.pair" else "pair",
        "number": "pair_activity" if endpoint == "partnerships.edit_part" else "",
    }
    table = special.get(name) or TABLES.get(name, "")
    if table:
        return keys[table]
    if name == "secret":
        return keys["secrets"].get(endpoint) or keys["secrets"]["participants"]
    if name == "token":
        return make(MAILS[endpoint], keys["weekly" if "leave" in endpoint else "mail"])
    chosen = {"kind": KINDS.get(endpoint, "match_to_answer")}
    if endpoint.startswith("note_papers.") or endpoint == "notes.read":
        chosen["language"] = "en"
    if endpoint.startswith("labs."):
        chosen["kind"] = "partners"
    if endpoint == "home.language":
        chosen["code"] = "fr"
    if "public_partnerships." in endpoint:
        chosen["code"] = keys["partnership_code"]
    if endpoint in NUMBERED:
        chosen |= {"noun": NUMBERED[endpoint], "number": keys[NUMBERED[endpoint]]}
    chosen |= {"code": chosen.get("code") or keys["code"]}
    return chosen.get(name) or WORDS.get(name, keys.get(name))
