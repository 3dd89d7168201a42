"""The pages of follow-ups: for whoever holds a link, and for those who have signed in."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, labels, policy
from exchange.clock import today
from exchange.edge import access, settings
from exchange.errors import NotFound
from exchange.lessons import actions, queries
from exchange.lessons.models import FollowUp, UsedIt
from exchange.lessons.schemas import FollowUpAnswerSchema, FollowUpFilter, LinkAnswerSchema
from exchange.limits import limiter
from exchange.listing import page_of
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.vocabularies.queries import terms_of
from exchange.web.forms import Form, FormField, filters
from exchange.web.moves import move
from workflows.follow_up import FollowUpState

pages = Blueprint("follow_ups", __name__)


@pages.route("/f/<secret>", methods=["GET", "POST"])
@limiter.limit("60/minute")
@access("follow_up.answer_by_link")
def by_link(secret: str) -> Any:
    """The five questions for whoever holds the link: answered once, without signing in."""
    link = queries.link_of(secret)
    if link is None:
        raise NotFound("not_found", noun="follow_up", id=0)
    follow_up = link.follow_up
    if link.expires_on < today():
        return _private(render_template("follow_ups/expired.html")), 410
    if follow_up.state == FollowUpState.answered:
        return _private(_page("follow_ups/thanks.html", follow_up))
    form = Form(LinkAnswerSchema())
    done = form.submit(lambda data: actions.answer(follow_up, *_told(data)))
    if done is None:
        return _private(_page("follow_ups/answer.html", follow_up, form=form)), form.status
    return redirect(url_for("follow_ups.by_link", secret=secret), 303)


@pages.get("/follow-ups")
@access("follow_up.see_list")
def index() -> Any:
    """The follow-ups of the exchanges that the reader takes part in; for staff all."""
    chosen = filters(FollowUpFilter())
    query = queries.follow_ups_listed(policy.scoped(FollowUp, edge.actor()), chosen, edge.actor())
    page = page_of(query, chosen, queries.FOLLOW_UP_SORTS)
    return render_template("follow_ups/list.html", page=page, chosen=chosen)


@pages.get("/follow-ups/<int:id>")
@access("follow_up.see", FollowUp)
def show(follow_up: FollowUp) -> Any:
    """One follow-up: what was asked and what was answered."""
    steps = steps_of("follow_up", follow_up.id)
    return _page("follow_ups/show.html", follow_up, steps=steps)


@pages.route("/follow-ups/<int:id>/answer", methods=["GET", "POST"])
@access("follow_up.answer", FollowUp)
def answer(follow_up: FollowUp) -> Any:
    """Answer as a coordinator of the partner, or as staff on its behalf."""
    if follow_up.state == FollowUpState.answered:
        return redirect(url_for("follow_ups.show", id=follow_up.id))
    form, person = Form(FollowUpAnswerSchema()), edge.signed_in()
    done = form.submit(
        lambda data: actions.answer(follow_up, _spoken(data), person.name, actor=person)
    )
    if done is None:
        return _page("follow_ups/answer.html", follow_up, form=form), form.status
    flash(_("Thank you. Your answers are kept."))
    return redirect(url_for("follow_ups.show", id=follow_up.id))


@pages.post("/follow-ups/<int:id>/link")
@access("follow_up.make_link", FollowUp)
def make_link(follow_up: FollowUp) -> Any:
    """A fresh link to send to the partner; it is shown this once."""
    with transaction():
        path = url_for("follow_ups.by_link", secret=actions.ask(follow_up, actor=edge.actor()))
    link = settings().public_url.rstrip("/") + path
    return _page("follow_ups/link.html", follow_up, link=link)


@pages.post("/follow-ups/<int:id>/move")
@access("follow_up.see", FollowUp)
def step(follow_up: FollowUp) -> Any:
    """Count a follow-up as unanswered."""
    move("follow_up", follow_up, actions.advance_follow_up, request.form)
    return redirect(url_for("follow_ups.show", id=follow_up.id))


def _page(template: str, follow_up: FollowUp, **facts: Any) -> str:
    language = edge.current_language()
    questions = {t.code: t.label(language) for t in terms_of("follow_up_question")}
    form = facts.get("form")
    return render_template(
        template,
        follow_up=follow_up,
        told=_answers(follow_up, questions),
        owned=queries.actions_owned(follow_up),
        fields=[_asked(field, questions) for field in form] if form else [],
        **facts,
    )


def _asked(field: FormField, questions: dict[str, str]) -> FormField:
    """The field, asked in the words of the vocabulary."""
    field.label = questions.get(field.name, field.label)
    return field


def _answers(follow_up: FollowUp, questions: dict[str, str]) -> list[tuple[str, str, str]]:
    """What was answered: the question, the words, and their language when they are the city's."""
    told = dict(follow_up.answers or {})
    language = str(told.pop("language", ""))
    words = str(labels.choice(UsedIt(told.pop("used_it")))) if told else ""
    first = [(questions["used_it"], words, "")] if words else []
    return first + [
        (q, str(told[code]), language) for code, q in questions.items() if told.get(code)
    ]


def _spoken(data: dict[str, Any]) -> dict[str, Any]:
    """Answers with the language they were most likely written in: the reader's."""
    return {**data, "language": edge.current_language()}


def _told(data: dict[str, Any]) -> tuple[dict[str, Any], str]:
    facts = dict(data)
    by = facts.pop("answered_by", "")
    return _spoken(facts), by


def _private(body: str) -> Any:
    """An answer that nobody keeps and no search engine lists."""
    answer = make_response(body)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
