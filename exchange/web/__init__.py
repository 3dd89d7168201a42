"""The HTML face: one file a noun, registered here."""

from importlib import import_module

from flask import Flask

from exchange.web import errors, filters, sessions

NOUNS = ("home", "account", "needs")


def register(app: Flask) -> None:
    """Add every page, what templates may use, and what to say when something goes wrong."""
    sessions.register(app)
    filters.register(app)
    errors.register(app)
    for noun in NOUNS:
        app.register_blueprint(import_module(f"exchange.web.{noun}").pages)
