"""The one password of the role accounts: random for each installation, for its owner's eyes."""

import os
import secrets
from pathlib import Path

from sqlalchemy import select

from exchange.accounts import passwords
from exchange.config import load
from exchange.demo.read import read
from exchange.directory.models import Person
from exchange.extensions import db


def kept_in() -> Path:
    """The file that keeps the password between two starts; only its owner may read it."""
    return load().var / "demonstration_password"


def password() -> str:
    """The password, made at the first call."""
    path = kept_in()
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        made = secrets.token_urlsafe(12)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(made + "\n")
    return made


def password_hash() -> str:
    """The hash for accounts that are made now; theirs are equal, because one hash takes a while."""
    wanted = password()
    for kept in db.session.scalars(select(Person.password_hash).where(Person.demo).limit(1)):
        if kept and passwords.matches(kept, wanted):
            return kept
    return passwords.hashed(wanted)


def sign_ins() -> list[tuple[str, str, str]]:
    """(who, e-mail, password) of the accounts that still have the password of the file."""
    rows = db.session.scalars(select(Person).where(Person.demo, Person.disabled_at.is_(None)))
    people = {person.email: person for person in rows}
    if not people or not kept_in().exists():
        return []
    wanted = password()
    good = {h: passwords.matches(h, wanted) for h in {p.password_hash for p in people.values()}}
    order = [row["email"] for row in read("role_accounts")["account"]]
    listed = [people[email] for email in order if email in people]
    return [(p.name, p.email, wanted) for p in listed if good[p.password_hash]]


def accounts() -> list[tuple[str, str]]:
    """(who, e-mail) of the accounts of the demonstration that may sign in, one for each role."""
    rows = db.session.scalars(select(Person).where(Person.demo, Person.disabled_at.is_(None)))
    names = {person.email: person.name for person in rows}
    order = [row["email"] for row in read("role_accounts")["account"]] if names else []
    return [(names[email], email) for email in order if email in names]


def forget() -> None:
    """Remove the file."""
    kept_in().unlink(missing_ok=True)
