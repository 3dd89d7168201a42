"""The rules of reminders, for staff: which kinds are sent, on which days, and what they do."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.clock import now
from exchange.edge import access
from exchange.errors import Invalid, NotFound
from exchange.reminders import answers, queries, reach, rules
from exchange.reminders.models import Word
from exchange.reminders.schemas import RuleSchema
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("reminder_rules", __name__, url_prefix="/reminders")


@pages.get("/rules")
@access("reminder.see")
def index() -> Any:
    """Every kind: when it is sent, what ends it, what share was answered."""
    rates = {rate.kind: rate for rate in queries.rates()}
    facts = {"rules": rules.rules(), "letters": rules.letters(), "mails": queries.mails()}
    return render_template("reminders/rules.html", rates=rates, **facts)


@pages.route("/rules/<kind>", methods=["GET", "POST"])
@access("reminder.edit_rules")
def edit(kind: str) -> Any:
    """Switch a kind off, change its days; what would be sent at once is asked before."""
    rule = rules.any_rule(kind)
    if rule is None:
        raise NotFound("not_found", noun="reminder_rule", id=0)
    days = ", ".join(str(day) for day in rule.kind.days)
    form = Form(
        RuleSchema(exclude=() if rule.kind.days else ("days",)),
        initial={"active": rule.active, "days": days, "held": rule.held},
    )
    facts: dict[str, Any] = {"rule": rule, "form": form, "history": rules.history(kind)}
    if form.validate():
        people = _would_mail(kind, form)
        if people and request.form.get("confirmed") != str(people):
            return render_template("reminders/rule.html", people=people, **facts)
    if form.errors or form.submit(lambda data: _decide(kind, data)) is None:
        return render_template("reminders/rule.html", people=0, **facts), form.status
    flash(_("Saved. The plan follows within minutes."))
    return redirect(url_for("reminder_rules.index"))


def _decide(kind: str, data: dict[str, Any]) -> Any:
    return rules.decide(
        kind,
        active=data["active"],
        days=rules.days_for(kind, data.get("days", "")),
        held=data["held"],
        seen_version=int(request.form.get("seen_version") or 0),
        actor=edge.signed_in(),
    )


def _would_mail(kind: str, form: Form) -> int:
    """How many people would be written to within minutes."""
    try:
        days = rules.days_for(kind, form.data.get("days", ""))
    except Invalid:
        return 0  # the field says what is wrong with it
    return reach.would_mail(kind, days, at=now()) if form.data["active"] else 0


@pages.get("/answers")
@access("reminder.settle")
def words() -> Any:
    """What people answered to reminders that waits for staff."""
    return render_template("reminders/answers.html", words=queries.open_words())


@pages.post("/answers/<int:id>/settle")
@access("reminder.settle", Word)
def settle(word: Word) -> Any:
    """It is dealt with."""
    with transaction():
        answers.settle(word, actor=edge.signed_in())
    flash(_("Done."))
    return redirect(url_for("reminder_rules.words"))
