"""The settings of the matcher on a page: weights, bonuses, times; every version stays readable."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.errors import Invalid
from exchange.listing import page_of
from exchange.matching import settings
from exchange.matching.core.configuration import BEST, WEIGHTS, Configuration
from exchange.matching.models import Settings
from exchange.runs.previewing import Preview, preview
from exchange.schemas import Filter, LongText, Schema, Text, Whole
from exchange.transaction import looking
from exchange.web.errors import sentence
from exchange.web.forms import Form, filters
from exchange.web.words import names_of

pages = Blueprint("matching_settings", __name__, url_prefix="/matching/settings")

MOST = 50
# One field for each weight and each setting: labels/settings.py has their words.
WEIGHT_FIELDS = {f"weight_{rule}": rule for rule in WEIGHTS}
NUMBER_FIELDS = {f"set_{name}": name for name in settings.BOUNDS}
SettingsForm: Any = Schema.from_dict(
    {
        **{field: Whole(most=BEST, required=True) for field in WEIGHT_FIELDS},
        **{
            field: Whole(
                least=settings.BOUNDS[name][0], most=settings.BOUNDS[name][1], required=True
            )
            for field, name in NUMBER_FIELDS.items()
        },
        "note": LongText(longest=2000, load_default="", metadata={"words": "settings_note"}),
        "seen": Text(longest=16, load_default=""),
    },
    name="SettingsForm",
)


@pages.route("", methods=["GET", "POST"])
@access("matching_settings.edit")
def edit() -> Any:
    """Change the settings, or see first what they would change."""
    form = Form(SettingsForm(), initial=_as_form(settings.current()))
    if request.form.get("do") == "preview":
        return _page(form, _preview(form)), form.status
    if form.submit(_save) is None:
        return _page(form), form.status
    flash(_("Saved. They hold from the next need, offer or run on."))
    return redirect(url_for("matching_settings.edit"))


@pages.get("/versions")
@access("matching_settings.see")
def versions() -> Any:
    """Every version of the settings: who, when, why."""
    chosen = filters(Filter(only=["page", "size"]))
    query = settings.versions(policy.scoped(Settings, edge.actor()))
    page = page_of(query, {"sort": "-newest", **chosen}, settings.SORTS)
    return render_template("matching/versions.html", page=page, current=settings.current().hash)


def _page(form: Form, found: Preview | None = None) -> str:
    weights = [form[name] for name in WEIGHT_FIELDS]
    return render_template(
        "matching/settings.html",
        form=form,
        weights=weights,
        numbers=[form[name] for name in NUMBER_FIELDS],
        total=sum(int(one.value) for one in weights if str(one.value).isdecimal()),
        best=BEST,
        preview=found,
        most=MOST,
        sections=names_of("section") if found else {},
    )


def _save(data: Mapping[str, Any]) -> Settings:
    with _at_the_field():
        return settings.save(
            _values(data), actor=edge.signed_in(), note=data["note"], expected_hash=data["seen"]
        )


def _preview(form: Form) -> Preview | None:
    """What the settings as typed would change of the last run; None when they cannot be taken."""
    form.again = True
    if not form.validate():
        return None
    try:
        with _at_the_field(), looking():
            return preview(_values(form.data))
    except Invalid as problem:
        form.errors[problem.field] = [sentence(problem)]
        return None


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form as the settings know them."""
    weights = {rule: data[field] for field, rule in WEIGHT_FIELDS.items()}
    return {**{name: data[field] for field, name in NUMBER_FIELDS.items()}, "weights": weights}


def _as_form(configuration: Configuration) -> dict[str, Any]:
    known = configuration.as_dict()
    weights = {field: known["weights"].get(rule, 0) for field, rule in WEIGHT_FIELDS.items()}
    numbers = {field: known[name] for field, name in NUMBER_FIELDS.items()}
    return {**weights, **numbers, "seen": configuration.hash}


@contextmanager
def _at_the_field() -> Iterator[None]:
    """A refusal of a setting stands at the field of the form."""
    try:
        yield
    except Invalid as problem:
        fields = {f"weights.{rule}": field for field, rule in WEIGHT_FIELDS.items()}
        fields |= {name: field for field, name in NUMBER_FIELDS.items()}
        problem.field = fields.get(problem.field, problem.field)
        raise
