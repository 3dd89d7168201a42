"""Inviting people, and what they are in an organisation."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from exchange import edge
from exchange.accounts import actions, joining, links, people
from exchange.accounts.models import Invitation, LinkKind
from exchange.accounts.schemas import InvitationSchema, StaffInvitationSchema
from exchange.clock import now
from exchange.directory.models import Affiliation, Organisation, Person, Role
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.errors import Invalid, NotFound
from exchange.extensions import db
from exchange.messages.actions import write
from exchange.predicates import staff
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("invitations", __name__)


@pages.get("/organisations/<int:id>/people")
@access("person.invite", Organisation)
def team(organisation: Organisation) -> Any:
    """The people of an organisation, with what they may do."""
    query = (
        select(Affiliation)
        .join(Person)
        .where(Affiliation.organisation_id == organisation.id)
        .order_by(Affiliation.role, Person.name)
        .options(contains_eager(Affiliation.person))
    )
    found = list(db.session.scalars(query))
    asked = joining.open_for(organisation)
    shown(*(one.person for one in found), *asked)
    return render_template(
        "account/team.html",
        organisation=organisation,
        team=found,
        roles=Role,
        asked=asked,
    )


@pages.route("/organisations/<int:id>/invite", methods=["GET", "POST"])
@access("person.invite", Organisation)
def invite(organisation: Organisation) -> Any:
    """Invite somebody to an organisation."""
    form = Form(InvitationSchema(), initial={"language": edge.current_language()})
    said = form.submit(lambda data: _invite(organisation, data))
    if said is None:
        page = render_template("account/invite.html", form=form, organisation=organisation)
        return page, form.status
    flash(said)
    return redirect(url_for("invitations.team", id=organisation.id))


def _invite(organisation: Organisation, data: Mapping[str, Any]) -> str:
    """Staff, who see every address, give the role at once; others ask whoever is not theirs yet,
    and learn nothing of the address. What is said then is returned.
    """
    actor = edge.signed_in()
    if not staff(actor, None) and not joining.belongs(organisation, data["email"]):
        row, secret = joining.invite(organisation, data, actor=actor)
        _mail_joining(row, secret)
        return _on_its_way(row.email)
    person, link = people.invite_to(organisation, data, actor=actor)
    if link:
        mail_invitation(person, link, {"organisation": organisation.name})
    return _invited(person)


def _mail_joining(row: Invitation, secret: str) -> None:
    names = {"organisation": row.organisation.name, "inviter": row.inviter.name}
    facts = {**names, "due_on": row.expires_at.date()}
    link = f"/join/{secret}?lang={row.language}"
    write("joining", row, facts=facts, link=link)


@pages.post("/organisations/<int:id>/invitations/<int:invitation_id>/withdraw")
@access("person.invite", Organisation)
def withdraw(organisation: Organisation, invitation_id: int) -> Any:
    """Ask somebody no more."""
    with transaction():
        joining.withdraw(organisation, invitation_id)
    flash(_("Withdrawn."))
    return redirect(url_for("invitations.team", id=organisation.id))


@pages.route("/people/invite", methods=["GET", "POST"])
@access("person.make_staff")
def invite_staff() -> Any:
    """Invite somebody to the world secretariat or a section."""
    form = Form(StaffInvitationSchema(), initial={"language": edge.current_language()})
    person = form.submit(_invite_staff)
    if person is None:
        page = render_template("account/invite.html", form=form, organisation=None)
        return page, form.status
    flash(_invited(person))
    return redirect(url_for("accounts.show", id=person.id))


def _invite_staff(data: Mapping[str, Any]) -> Person:
    person, secret = people.invite_staff(data)
    if secret:
        mail_invitation(person, secret, {})
    return person


@pages.post("/organisations/<int:id>/people/<int:person_id>")
@access("person.invite", Organisation)
def role(organisation: Organisation, person_id: int) -> Any:
    """Change what somebody is in an organisation, or end their belonging to it."""
    wanted = request.form.get("role", "")
    if wanted not in (*Role, "none"):
        raise Invalid("role", "bad_value")
    affiliation = _affiliation(organisation, person_id)
    with transaction():
        if wanted == "none":
            people.remove(affiliation, actor=edge.signed_in())
        else:
            people.set_role(affiliation, Role(wanted), actor=edge.signed_in())
    flash(_("Saved."))
    return redirect(url_for("invitations.team", id=organisation.id))


def _affiliation(organisation: Organisation, person_id: int) -> Affiliation:
    query = select(Affiliation).where(
        Affiliation.organisation_id == organisation.id, Affiliation.person_id == person_id
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound("not_found")
    return found


def mail_invitation(person: Person, secret: str, facts: Mapping[str, str]) -> None:
    """Mail the link of an invitation, in the transaction that made it."""
    write(
        "invitation",
        person,
        facts={
            **facts,
            "inviter": edge.signed_in().name,
            "due_on": (now() + actions.LINK_LASTS[LinkKind.invitation]).date(),
        },
        link=links.path(LinkKind.invitation, secret, person.language),
    )


def _invited(person: Person) -> str:
    if person.password_hash:
        words = _("%(name)s has an account already; the new role counts at once.", name=person.name)
        return str(words)
    return _on_its_way(person.email)


def _on_its_way(email: str) -> str:
    return str(_("The invitation is on its way to %(email)s.", email=email))
