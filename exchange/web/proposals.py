"""The proposal wizard: one subject a page, in any order, saved as it is typed."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, labels, policy
from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.directory.models import Role
from exchange.edge import access
from exchange.exchanges import proposals, queries
from exchange.exchanges.models import Exchange
from exchange.exchanges.proposal_schemas import (
    AnswersSchema,
    AutosaveSchema,
    ConsentSchema,
    StartSchema,
)
from exchange.exchanges.proposals import STEPS, ProposalStep
from exchange.keeping import edits
from exchange.web import autosave as autosaving
from exchange.web import merging
from exchange.web.filters import day
from exchange.web.forms import Form, FormField
from workflows.exchange import RULES, ExchangeState

pages = Blueprint("proposals", __name__, url_prefix="/my/proposals")
# What a person writes in their own words, and their own language.
WRITTEN = ("text", "textarea")
ONE_STEP = f"any({','.join(ProposalStep)})"


@pages.route("/new", methods=["GET", "POST"])
@access("exchange.create")
def start() -> Any:
    """What a proposal is, and its working title: with that the draft begins."""
    needs = _chosen_needs()
    form = Form(StartSchema(), initial=_first_answers(needs))
    exchange = form.submit(_begin)
    if exchange is None:
        return render_template("proposals/start.html", form=form, needs=needs), form.status
    flash(_("Your draft is kept. You can stop any time and go on later."))
    return redirect(url_for("proposals.show", id=exchange.id))


def _begin(data: dict[str, Any]) -> Exchange:
    wanted = data.get("need_ids") or []
    needs = [need for need in queries.linkable_needs(edge.actor()) if need.id in wanted]
    return proposals.start(
        data["proposer_id"],
        data["title"],
        needs,
        language=edge.current_language(),
        actor=edge.signed_in(),
    )


def _chosen_needs() -> list[Need]:
    """The needs that were ticked on the desk, or that the page came from."""
    asked = request.values.getlist("need_ids")
    return [need for need in queries.linkable_needs(edge.actor()) if str(need.id) in asked]


def _first_answers(needs: list[Need]) -> dict[str, Any]:
    """What is known already is not asked again."""
    own = edge.signed_in().organisation_ids(Role.coordinator)
    return {
        "title": needs[0].title if needs else "",
        "proposer_id": own.pop() if len(own) == 1 else "",
        "need_ids": [str(need.id) for need in needs],
    }


@pages.get("/<int:id>")
@access("exchange.edit", Exchange)
def show(exchange: Exchange) -> Any:
    """The tasks of a proposal, each with its state, and who else writes it."""
    if not proposals.is_open(exchange):
        return _sent_already(exchange)
    found, me = edits.editors(exchange), edge.actor()
    return render_template(
        "proposals/show.html",
        exchange=exchange,
        tasks=_tasks(exchange),
        others=[edit for edit in found if edit.person != me],
        mine=next((edit for edit in found if edit.person == me), None),
        asked=proposals.asked_for(exchange),
    )


def _tasks(exchange: Exchange) -> list[dict[str, Any]]:
    lacks = {step for step, _field in proposals.missing(exchange)}
    wrong = dict(proposals.problems(exchange))
    tasks = [
        {
            "label": labels.PROPOSAL_STEPS[step],
            "href": url_for("proposals.subject", id=exchange.id, step=step),
            "state": _state(exchange, step, lacks, wrong),
            "note": labels.error(wrong[step]) if step in wrong else "",
        }
        for step in ProposalStep
    ]
    check = url_for("proposals.check", id=exchange.id)
    return [*tasks, {"label": _("Check and send"), "href": check, "state": "todo", "note": ""}]


def _state(
    exchange: Exchange, step: ProposalStep, lacks: set[ProposalStep], wrong: dict[ProposalStep, str]
) -> str:
    if step in wrong:
        return "review"
    if step not in lacks:
        return "done"
    values = AnswersSchema(exchange=exchange, only=STEPS[step]).dump(exchange)
    usual = {"kind", "title", "language"}
    return "begun" if any(v for name, v in values.items() if name not in usual) else "todo"


def _sent_already(exchange: Exchange) -> Any:
    flash(_("This proposal has been sent. It is no longer a draft."))
    return redirect(url_for("exchanges.show", id=exchange.id))


@pages.route(f"/<int:id>/<{ONE_STEP}:step>", methods=["GET", "POST"])
@access("exchange.edit", Exchange)
def subject(exchange: Exchange, step: str) -> Any:
    """One subject of the proposal."""
    if not proposals.is_open(exchange):
        return _sent_already(exchange)
    now = ProposalStep(step)
    form = Form(AnswersSchema(exchange=exchange, only=STEPS[now]), exchange)
    if form.submit(lambda data: _save(exchange, data)) is None:
        return _step_page(exchange, now, form)
    if request.form.get("then") == "leave":
        flash(_("Saved. Go on whenever you like."))
        return redirect(url_for("my.show"))
    return redirect(_after(exchange, now))


def _save(exchange: Exchange, data: dict[str, Any]) -> bool:
    proposals.write(exchange, data, actor=edge.signed_in())
    return True


def _step_page(exchange: Exchange, now: ProposalStep, form: Form) -> Any:
    page = render_template(
        "proposals/step.html",
        exchange=exchange,
        step=now,
        number=list(ProposalStep).index(now) + 1,
        form=form,
        edit=next(iter(edits.editors(exchange)), None),
    )
    return page, form.status


def _after(exchange: Exchange, now: ProposalStep) -> str:
    """The next subject; after the last one, the check."""
    way = list(ProposalStep)
    rest = way[way.index(now) + 1 :]
    if not rest:
        return url_for("proposals.check", id=exchange.id)
    return url_for("proposals.subject", id=exchange.id, step=rest[0])


@pages.post("/<int:id>/autosave")
@access("exchange.edit", Exchange)
def autosave(exchange: Exchange) -> Any:
    """Save what a page has typed since it last asked."""
    asked = AutosaveSchema().load(request.get_json())
    return autosaving.save(exchange, asked)


@pages.route("/<int:id>/check", methods=["GET", "POST"])
@access("exchange.edit", Exchange)
def check(exchange: Exchange) -> Any:
    """All answers, what is still missing, consent; then send."""
    if not proposals.is_open(exchange):
        return _sent_already(exchange)
    trigger = proposals.sending(exchange)
    form = Form(ConsentSchema())
    if form.sent is not None:
        policy.require(edge.actor(), f"exchange.{trigger}", exchange)
    sent = form.submit(
        lambda data: proposals.send(exchange, consent=data["consent"], actor=edge.signed_in())
    )
    if sent is not None:
        return redirect(url_for("proposals.sent", id=exchange.id))
    facts = {"missing": _missing(exchange), "sending": trigger, "answers": _answers(exchange)}
    page = render_template("proposals/check.html", exchange=exchange, form=form, **facts)
    return page, form.status


def _missing(exchange: Exchange) -> list[tuple[str, str, str]]:
    """What is missing or wrong: where it is mended, which field, what to say."""
    asked = [
        (_address(exchange, at, name), str(labels.FIELDS[name]), _("This is needed."))
        for at, name in proposals.missing(exchange)
    ]
    wrong = [
        (_address(exchange, at), str(labels.PROPOSAL_STEPS[at]), str(labels.error(code)))
        for at, code in proposals.problems(exchange)
    ]
    return asked + wrong


def _address(exchange: Exchange, at: ProposalStep, field: str | None = None) -> str:
    return url_for("proposals.subject", id=exchange.id, step=at, _anchor=field)


def _answers(exchange: Exchange) -> dict[ProposalStep, list[tuple[str, str, str, bool]]]:
    """Every answer in words, step by step: the field, its label, the answer, whether it is text."""
    found: dict[ProposalStep, list[tuple[str, str, str, bool]]] = {}
    for at, names in STEPS.items():
        form = Form(AnswersSchema(exchange=exchange, only=names), exchange)
        found[at] = [_answer(form[name], form.values.get(name)) for name in names]
    return found


def _answer(drawn: FormField, value: Any) -> tuple[str, str, str, bool]:
    words = day(date.fromisoformat(value)) if drawn.widget == "date" and value else None
    words = words or merging.in_words(drawn, value)
    return drawn.name, drawn.label, words, drawn.widget in WRITTEN


@pages.get("/<int:id>/sent")
@access("exchange.edit", Exchange)
def sent(exchange: Exchange) -> Any:
    """That it has arrived, and what happens next, with the days."""
    if proposals.is_open(exchange):
        return redirect(url_for("proposals.show", id=exchange.id))
    return render_template("proposals/sent.html", exchange=exchange, coming=_coming(exchange))


def _coming(exchange: Exchange) -> list[tuple[str, date | None]]:
    """What happens next, and by which day at the latest."""
    answer = exchange.due_on or today()
    opened = answer + timedelta(days=RULES[ExchangeState.eligible].days or 0)
    found = opened + timedelta(days=RULES[ExchangeState.matching].days or 0)
    return [
        (_("The CGLU-UCLG team reads it, and says yes, no, or asks for more."), answer),
        (_("The search for a partner begins."), opened),
        (_("A partner is proposed to you; both sides say yes or no."), found),
        (_("You agree on the days of the visit together."), None),
    ]
