"""The HTML face: one file a noun, registered here."""

from importlib import import_module

from flask import Flask

from exchange.web import (
    compression,
    entering,
    filters,
    fingerprints,
    headers,
    kept,
    opened,
    prefixes,
    receipts,
    second_factor,
    sessions,
    single_sign_on,
)

NOUNS = (
    "home",
    "machines",
    "operations",
    "styleguide",
    "help",
    "kept",
    "account",
    "accounts",
    "second_factor",
    "single_sign_on",
    "invitations",
    "joining",
    "passwords",
    "privacy",
    "needs",
    "offers",
    "matches",
    "city",
    "browse",
    "programmes",
    "matching",
    "runs",
    "wishes",
    "matching_settings",
    "matching_quality",
    "why",
    "organisations",
    "people",
    "expertise",
    "vocabularies",
    "forums",
    "agenda",
    "door",
    "room",
    "forum_items",
    "triage",
    "recommendations",
    "modules",
    "topics",
    "agendas",
    "strategies",
    "methods",
    "labs",
    "partnerships",
    "consultations",
    "challenges",
    "ledger",
    "balance",
    "workspaces",
    "mechanisms",
    "mechanism_pairs",
    "outside_events",
    "pictures",
    "exchanges",
    "exchange_page",
    "board",
    "moving",
    "reviewing",
    "bulk",
    "inbox",
    "log",
    "history",
    "views",
    "exchange_parts",
    "my",
    "proposals",
    "visits",
    "visit_dates",
    "participants",
    "notes",
    "lesson_sheets",
    "road_map",
    "follow_ups",
    "messages",
    "mail_links",
    "outbox",
    "mail_holds",
    "replies",
    "reminders",
    "reminder_rules",
    "dashboard",
    "reports",
    "learning_paper",
    "work_done",
    "contribution",
    "congresses",
    "imports",
    "exports",
    "search",
    "public",
    "asking",
    "public_partnerships",
    "note_languages",
    "note_translations",
    "note_papers",
    "practices",
    "observatories",
    "oai",
    "webhooks",
    "reuse",
)


def register(app: Flask) -> None:
    """Add every page and what templates may use."""
    compression.register(app)  # the first here has the last word on an answer
    fingerprints.register(app)
    kept.register(app)
    sessions.register(app)
    second_factor.register(app)
    entering.register(app)
    headers.register(app)
    single_sign_on.register(app)
    receipts.register(app)
    filters.register(app)
    prefixes.register(app)
    opened.register(app)
    for noun in NOUNS:
        app.register_blueprint(import_module(f"exchange.web.{noun}").pages)
