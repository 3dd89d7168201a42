"""The living style page: every part of a page in every state, for those who build and test them.

Not there in production. What is shown is made here and belongs to nobody.
"""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from exchange import edge, labels
from exchange.accounts.schemas import SignInSchema
from exchange.clock import now, today
from exchange.edge import access
from exchange.listing import Page
from exchange.web.forms import Form, FormField
from exchange.web.option import Option
from exchange.web.options import of_enum
from workflows.exchange import ExchangeState
from workflows.registry import WORKFLOWS

pages = Blueprint("styleguide", __name__)


@pages.get("/styleguide")
@access("home.see")
def show() -> Any:
    """Every component of ``templates/components``, in the reader's language."""
    if edge.settings().production:
        abort(404)
    return render_template(
        "styleguide/show.html",
        parts=parts(),
        workflows=WORKFLOWS,
        fields=_fields(),
        wrong=_wrong_form(),
        steps=_steps(),
        tasks=_tasks(),
        history_rows=_history(),
        page=Page([None] * 25, 2, 25, 1234),
        at=now(),
    )


def parts() -> dict[str, tuple[str, ...]]:
    """The components by the file of the style page that shows them."""
    return {
        "styleguide/_words.html": (
            "tag",
            "tile",
            "card",
            "banner",
            "cut",
            "empty",
            "written",
            "tasks",
        ),
        "styleguide/_flow.html": ("stepper", "timeline", "steps", "moves"),
        "styleguide/_forms.html": ("field", "form", "filter", "pager", "export", "views"),
        "styleguide/_pictures.html": ("charts", "share"),
    }


def _steps() -> list[dict[str, str]]:
    states = ("done", "done", "current", "todo", "todo")
    named = zip(labels.PHASES.values(), states, strict=False)
    return [
        {"label": str(words), "state": state, "href": "#stepper" if state == "done" else ""}
        | ({"note": _("Waiting for %(who)s", who="Lyon")} if state == "current" else {})
        for words, state in named
    ]


def _tasks() -> list[dict[str, str]]:
    states = ("done", "begun", "review", "todo")
    fields = ("title", "themes", "budget_note", "available_from")
    return [
        {"label": str(labels.FIELDS[field]), "href": "#tasks", "state": state}
        for field, state in zip(fields, states, strict=True)
    ]


def _history() -> list[Any]:
    made = {"happened_at": now(), "overrode": False, "note": "", "actor": None}
    return [
        SimpleNamespace(**made | {"trigger": "submit", "to_state": ExchangeState.submitted}),
        SimpleNamespace(
            **made | {"trigger": "cancel", "to_state": ExchangeState.cancelled, "note": "…"}
        ),
    ]


def _wrong_form() -> Form:
    form = Form(SignInSchema(), source=MultiDict({"email": "nampula", "password": ""}))
    form.validate()
    return form


def _fields() -> list[FormField]:
    options = [Option("", "–"), *of_enum(WORKFLOWS["need"].states)]
    widgets: list[tuple[str, str, Any]] = [
        ("text", "title", "Maputo"),
        ("email", "email", ""),
        ("password", "password", ""),
        ("textarea", "text", ""),
        ("select", "state", options[1].value),
        ("search", "organisation_id", ""),
        ("date", "available_from", today().isoformat()),
        ("number", "guests", 4),
        ("checkbox", "interpretation", "yes"),
        ("checkboxes", "formats", [options[1].value]),
        ("targets", "sdg_targets", [options[1].value]),
    ]
    return [
        FormField(
            name=f"{name}-{wrong}",
            label=str(labels.FIELDS[name]),
            help="" if widget == "email" else _("Help stands between the name and the box."),
            widget=widget,
            value=value,
            required=wrong == "ok",
            options=options,
            errors=[] if wrong == "ok" else [_("This is needed.")],
        )
        for widget, name, value in widgets
        for wrong in ("ok", "wrong")
    ]
