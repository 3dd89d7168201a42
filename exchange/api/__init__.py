"""The REST face: one file a noun, registered here; the OpenAPI document is made from it."""

from importlib import import_module
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from flask_wtf import CSRFProtect

from exchange.api import auth, document, receipts
from exchange.api.described import LateApi

NOUNS = (
    "me",
    "privacy",
    "tokens",
    "needs",
    "offers",
    "matches",
    "programmes",
    "runs",
    "wishes",
    "matching_settings",
    "matching_quality",
    "why",
    "tags",
    "organisations",
    "people",
    "expertise",
    "vocabularies",
    "forums",
    "forum_guests",
    "forum_items",
    "recommendations",
    "modules",
    "topics",
    "agendas",
    "mechanisms",
    "mechanism_pairs",
    "outside_events",
    "strategies",
    "challenges",
    "ledger",
    "balance",
    "workspaces",
    "methods",
    "labs",
    "partnerships",
    "public_partnerships",
    "exchanges",
    "exchange_parts",
    "remarks",
    "proposals",
    "visits",
    "visit_dates",
    "notes",
    "note_papers",
    "note_translations",
    "practices",
    "reuse",
    "lesson_sheets",
    "road_map",
    "follow_ups",
    "messages",
    "mail_holds",
    "reminders",
    "reminder_rules",
    "dashboard",
    "learning",
    "work_done",
    "contribution",
    "congresses",
    "imports",
    "exports",
    "search",
    "views",
    "webhooks",
    "log",
)


def register(app: Flask, csrf: CSRFProtect) -> None:
    """Add every resource under /api/v1, and its document."""
    app.config.update(
        API_TITLE="Peer Exchange",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": document.ABOUT, "license": document.LICENSE},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    auth.register(app)
    receipts.register(app)
    api = LateApi(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(_schema_name)})
    for noun in NOUNS:
        resources = import_module(f"exchange.api.{noun}").resources
        # No cookie is read under /api: a bearer token cannot be sent by somebody else's page.
        csrf.exempt(resources)
        api.register_blueprint(resources)
    document.remember(app, api)
    app.register_blueprint(document.resources)


def _schema_name(schema: Any) -> str:
    """``NeedSchema`` is "Need"; with every field optional "NeedChange", with some of them
    "NeedPart". Where two nouns use the same word the second says its noun: "VisitsAttendance".
    """
    kind: Any = resolve_schema_cls(schema)
    name = kind.__name__.removesuffix("Schema")
    if getattr(schema, "partial", False):
        name += "Change"
    if getattr(schema, "only", None) or getattr(schema, "exclude", None):
        name += "Part"
    if _named.setdefault(name, kind) is not kind:
        name = kind.__module__.split(".")[-2].title() + name
    return name


_named: dict[str, Any] = {}
