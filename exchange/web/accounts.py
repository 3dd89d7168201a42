"""What staff do with somebody's account."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.accounts import people, second_factor
from exchange.accounts.schemas import AccountSchema, StaffAccountSchema
from exchange.directory.models import Person
from exchange.edge import access
from exchange.transaction import transaction
from exchange.web import entering
from exchange.web.forms import Form
from exchange.web.invitations import mail_invitation

pages = Blueprint("accounts", __name__, url_prefix="/people")


@pages.route("/<int:id>/account", methods=["GET", "POST"])
@access("person.edit", Person)
def show(person: Person) -> Any:
    """The account of a person: change it, close it, invite again."""
    may_make_staff = policy.allowed(edge.actor(), "person.make_staff")
    form = Form(StaffAccountSchema() if may_make_staff else AccountSchema(), person)
    if request.method == "POST":  # another address is another key
        entering.must_be_fresh()
    done = form.submit(lambda data: people.edit_person(person, data, actor=edge.signed_in()))
    if done is None:
        factor = second_factor.of(person)
        page = render_template("account/of_person.html", form=form, person=person, factor=factor)
        return page, form.status
    flash(_("Saved."))
    return _back(person)


@pages.post("/<int:id>/account/disable")
@access("person.edit", Person)
def disable(person: Person) -> Any:
    """Close an account."""
    with transaction():
        people.disable(person, actor=edge.signed_in())
    flash(_("The account is closed, and signed out everywhere."))
    return _back(person)


@pages.post("/<int:id>/account/enable")
@access("person.edit", Person)
def enable(person: Person) -> Any:
    """Open a closed account again."""
    with transaction():
        people.enable(person)
    flash(_("The account is open again."))
    return _back(person)


@pages.post("/<int:id>/account/invite")
@access("person.edit", Person)
def invite(person: Person) -> Any:
    """Mail a fresh invitation to somebody who has not used the first."""
    with transaction():
        mail_invitation(person, people.invite_again(person), {})
    flash(_("The invitation is on its way to %(email)s.", email=person.email))
    return _back(person)


@pages.post("/<int:id>/account/second-step/remove")
@access("person.reset_factor", Person)
def reset_factor(person: Person) -> Any:
    """Take away the second step of somebody who has lost their telephone and their codes."""
    entering.must_be_fresh()
    with transaction():
        second_factor.remove(person)
        entering.notify(person, "factor_reset")
    flash(_("The second step is taken away; %(name)s is told by mail.", name=person.name))
    return _back(person)


def _back(person: Person) -> Any:
    return redirect(url_for("accounts.show", id=person.id))
