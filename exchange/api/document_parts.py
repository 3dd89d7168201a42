"""What all operations of the API share, as OpenAPI: the error, the page, the step."""

from typing import Any

Part = dict[str, Any]


def _text(description: str) -> Part:
    return {"type": "string", "description": description}


def _number(description: str) -> Part:
    return {"type": "integer", "description": description}


def _error(description: str) -> Part:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


# status → name of its response
ERRORS = {
    "400": "Unreadable",
    "401": "NotSignedIn",
    "403": "NotAllowed",
    "404": "NotFound",
    "409": "MovedOn",
    "422": "Invalid",
}

RESPONSES: Part = {
    "Unreadable": _error("What was sent is no JSON, or no form, at all."),
    "NotSignedIn": _error(
        "No token, or one that is unknown, revoked, or of a closed account (`sign_in_first`)."
    ),
    "NotAllowed": _error(
        "You may see this but not do that (`not_allowed`), or the token may only read "
        "(`scope_missing`)."
    ),
    "NotFound": _error("There is no such thing, or none that you may know of (`not_found`)."),
    "MovedOn": _error(
        "The world has changed since you looked (`moved_on`), or the table of the workflow does "
        "not allow the move now (`transition_refused`, with `state`, `reasons` and `available`)."
    ),
    "Invalid": _error("A value cannot be taken; `fields` says which and why."),
}

_REASON: Part = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": _text("Name of the missing fact."), "message": _text("In words.")},
}

_ERROR: Part = {
    "type": "object",
    "description": "Every error has this body.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": _text("A fixed word for programs."),
                "message": _text("A sentence in the language of `Accept-Language` or `?lang=`."),
                "fields": {
                    "type": "object",
                    "description": "Name of the field → what is wrong with it.",
                    "additionalProperties": True,
                },
                "state": _text("Where the row stands now."),
                "reasons": {"type": "array", "items": _REASON},
                "available": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "The moves that the table knows from this state.",
                },
                "request_id": _text("To be quoted when the fault is ours (status 500)."),
            },
            "additionalProperties": True,
        }
    },
}

_PAGE: Part = {
    "type": "object",
    "required": ["items", "page", "size", "pages", "total"],
    "properties": {
        "items": {"type": "array", "items": {}},
        "page": _number("Number of this page, from 1."),
        "size": _number("Rows a page."),
        "pages": _number("How many pages there are."),
        "total": _number("How many rows there are."),
    },
}

_STEP: Part = {
    "type": "object",
    "properties": {
        "trigger": _text("The move that was made."),
        "from_state": _text("Where the row stood."),
        "state": _text("Where it stands now."),
        "note": _text("What its maker wrote."),
        "overrode": {"type": "boolean", "description": "An administrator went round the table."},
        "happened_at": {"type": "string", "format": "date-time"},
        "actor_id": {"type": ["integer", "null"], "description": "Empty: the program itself."},
        "available": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The moves you may make next.",
        },
    },
}

SCHEMAS: Part = {"Error": _ERROR, "Page": _PAGE, "StepOut": _STEP}
