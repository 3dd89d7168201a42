"""exchange user"""

from typing import Any

import click
from marshmallow import ValidationError

from exchange.accounts import links, people
from exchange.accounts.actions import LINK_LASTS
from exchange.accounts.models import LinkKind
from exchange.accounts.schemas import InvitationSchema, StaffInvitationSchema
from exchange.clock import now
from exchange.commands.context import with_app
from exchange.config import LANGUAGES
from exchange.directory.models import Organisation, Person, Role, StaffRole
from exchange.directory.queries import named_like
from exchange.extensions import db
from exchange.messages.actions import write
from exchange.messages.compose import absolute
from exchange.schemas import Schema
from exchange.transaction import transaction


@click.group()
def user() -> None:
    """Invite people."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="How the person is called.")
@click.option("--language", default="en", type=click.Choice(LANGUAGES), show_default=True)
@click.option("--staff-role", type=click.Choice([*StaffRole]), help="A role in the secretariat.")
@click.option("--section", help="The section of a section officer, like AFRICA.")
@click.option("--organisation", help="Number or name of the organisation the person speaks for.")
@click.option("--role", default="coordinator", type=click.Choice([*Role]), show_default=True)
@with_app
def invite(email: str, organisation: str | None, **facts: Any) -> None:
    """Invite EMAIL: print the link by which a password is chosen, and mail it."""
    if bool(organisation) == bool(facts["staff_role"]):
        raise click.UsageError("give either --staff-role or --organisation")
    with transaction():
        if organisation:
            secret, person = _to_organisation(organisation, email, facts)
        else:
            secret, person = _to_staff(email, facts)
        link = links.path(LinkKind.invitation, secret, person.language) if secret else None
        if link:
            _mail(person, link)
    if link is None:
        click.echo("This person has an account already; the new role counts at once.")
    else:
        click.echo(f"Works once, for {LINK_LASTS[LinkKind.invitation].days} days: {absolute(link)}")


def _to_organisation(wanted: str, email: str, facts: dict[str, Any]) -> tuple[str | None, Person]:
    data = _checked(InvitationSchema(), email, facts, ("name", "language", "role"))
    person, secret = people.invite_to(_organisation(wanted), data, actor=None)
    return secret, person


def _to_staff(email: str, facts: dict[str, Any]) -> tuple[str | None, Person]:
    facts["section_code"] = facts["section"] or ""
    names = ("name", "language", "staff_role", "section_code")
    person, secret = people.invite_staff(_checked(StaffInvitationSchema(), email, facts, names))
    return secret, person


def _checked(
    schema: Schema, email: str, facts: dict[str, Any], names: tuple[str, ...]
) -> dict[str, Any]:
    try:
        data: dict[str, Any] = schema.load({"email": email, **{n: facts[n] for n in names}})
    except ValidationError as problem:
        name, messages = next(iter(problem.normalized_messages().items()))
        raise click.UsageError(f"{name}: {' '.join(map(str, messages))}") from None
    return data


def _organisation(wanted: str) -> Organisation:
    if wanted.isdecimal():
        found = [o for o in [db.session.get(Organisation, int(wanted))] if o]
    else:
        found = list(db.session.scalars(named_like(wanted).limit(5)))
        found = [o for o in found if o.name == wanted] or found
    if len(found) != 1:
        known = ", ".join(f"{o.id} {o.name}" for o in found) or "none"
        raise click.UsageError(f"--organisation {wanted}: one is needed, found {known}")
    return found[0]


def _mail(person: Person, link: str) -> None:
    due_on = (now() + LINK_LASTS[LinkKind.invitation]).date()
    write("invitation", person, facts={"due_on": due_on}, link=link)
