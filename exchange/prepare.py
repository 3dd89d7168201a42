"""The preparation of `exchange up`, in a process of its own: migrate, load, tell the sign-ins."""

import sys

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, select

from exchange import prepared
from exchange.app import create_app
from exchange.config import ConfigError, Settings, load
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.transaction import transaction
from exchange.vocabularies.reference import load_reference


def prepare(app: Flask, settings: Settings) -> None:
    """Bring the database to the present code; a new one gets the demonstration too."""
    with app.app_context():
        new = is_new()
        say("making the database" if new else "looking after the database")
        upgrade(directory=app.extensions["migrate"].directory)
        with transaction():
            load_reference(cities_from=settings.cities_from)
        wanted = settings.demo and (new or not prepared.was_ever(settings)) and is_empty()
        if wanted:
            load_demonstration()
        prepared.remember(settings, welcome() if settings.demo else "")
        db.engine.dispose()


def is_new() -> bool:
    """Has no migration ever run here?"""
    return not inspect(db.engine).has_table("alembic_version")


def is_empty() -> bool:
    """Is there no organisation? A start that broke off half-way left none."""
    return db.session.scalar(select(Organisation.id).limit(1)) is None


def load_demonstration() -> None:
    """Load it, all or nothing. It comes only once: who removed it does not want it back."""
    import exchange.demo.actions as demo  # late: a server without it never reads it

    say("loading the demonstration")
    with transaction():
        demo.load()


def welcome() -> str:
    """One sign-in for each kind of user of the demonstration, a line each."""
    import exchange.demo.actions as demo  # late: a server without it never reads it

    lines = [f"  {who:<34} {email}  {password}" for who, email, password in demo.sign_ins()]
    return "\n".join(["Sign in as:", *lines]) if lines else ""


def say(line: str) -> None:
    """Tell what takes its time."""
    sys.stdout.write(f"{'up':<9} | {line}\n")
    sys.stdout.flush()


def main() -> int:
    """Prepare; what a person can put right is one line and exit code 2."""
    try:
        settings = load()
        prepare(create_app(), settings)
    except ConfigError as problem:
        sys.stderr.write(f"exchange: {problem}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
