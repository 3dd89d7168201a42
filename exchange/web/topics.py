"""The backlog of learning modules: topics, the needs that ask for them, and what became of them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.catalogue.models import Need
from exchange.edge import access
from exchange.lessons.models import Note
from exchange.listing import page_of
from exchange.modules import queries, topics
from exchange.modules.models import ModuleTopic
from exchange.modules.schemas import DemandFilter, TopicEditSchema, TopicFilter, TopicSchema
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web import tagging
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum, terms
from exchange.web.tagging import Suggestions
from workflows.module_topic import TopicState

pages = Blueprint("topics", __name__)


@pages.get("/modules/topics")
@access("module_topic.see")
def index() -> Any:
    """The backlog, what most needs ask for first."""
    chosen = filters(TopicFilter())
    query = queries.topics(policy.scoped(ModuleTopic, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.MOST_WANTED, **chosen}, queries.TOPIC_SORTS)
    selects = [
        ("theme", terms("theme")),
        ("agenda", terms("agenda")),
        ("state", of_enum(TopicState)),
    ]
    return render_template("topics/list.html", page=page, chosen=chosen, selects=selects)


@pages.route("/modules/topics/new", methods=["GET", "POST"])
@access("module_topic.propose")
def create() -> Any:
    """Propose a topic."""
    form = Form(TopicSchema(), initial={"language": edge.current_language()})
    if tagging.is_asked():
        return _form(form, None, tagging.suggested(form))
    row = form.submit(topics.propose)
    if row is None:
        return _form(form, None)
    flash(_("Saved."))
    return redirect(url_for("topics.show", id=row.id))


@pages.get("/modules/topics/<int:id>")
@access("module_topic.see", ModuleTopic)
def show(topic: ModuleTopic) -> Any:
    """A topic: where it comes from, how many needs ask for it, what became of it."""
    steps = steps_of("module_topic", topic.id)
    return render_template("topics/show.html", topic=topic, steps=steps)


@pages.get("/modules/topics/<int:id>/needs")
@access("module_topic.see", ModuleTopic)
def needs(topic: ModuleTopic) -> Any:
    """The open needs that the demand for a topic counts."""
    chosen = filters(DemandFilter())
    query = queries.needs_of(policy.scoped(Need, edge.actor()), topic, chosen)
    page = page_of(query, {"sort": "-since", **chosen}, queries.NEED_SORTS)
    return render_template("topics/needs.html", topic=topic, page=page, chosen=chosen)


@pages.route("/modules/topics/<int:id>/edit", methods=["GET", "POST"])
@access("module_topic.edit", ModuleTopic)
def edit(topic: ModuleTopic) -> Any:
    """Change a topic: its words, its tags, the module that shall take it up."""
    form = Form(TopicEditSchema(), topic)
    if tagging.is_asked():
        return _form(form, topic, tagging.suggested(form))
    if form.submit(lambda data: topics.edit(topic, data)) is None:
        return _form(form, topic)
    flash(_("Saved."))
    return redirect(url_for("topics.show", id=topic.id))


def _form(form: Form, topic: ModuleTopic | None, tags: list[Suggestions] | None = None) -> Any:
    return render_template("topics/edit.html", form=form, topic=topic, tags=tags), form.status


@pages.post("/modules/topics/<int:id>/move")
@access("module_topic.see", ModuleTopic)
def step(topic: ModuleTopic) -> Any:
    """Move a topic one step; once it has become a module, the module is shown."""
    move("module_topic", topic, topics.advance_topic, request.form)
    if topic.state == TopicState.in_module and topic.module_id:
        return redirect(url_for("modules.show", id=topic.module_id))
    return redirect(url_for("topics.show", id=topic.id))


@pages.post("/notes/<int:id>/topic")
@access("module_topic.take_from_note", Note)
def from_note(note: Note) -> Any:
    """Propose a published note as a topic; the one that it was before, if any."""
    with transaction():
        row_id = topics.from_note(note).id
    return redirect(url_for("topics.show", id=row_id))
