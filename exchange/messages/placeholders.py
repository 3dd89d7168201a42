"""Words of staff with placeholders: ``{{ title }}``, and nothing else that a template can do."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from exchange.config import CHECKOUT
from exchange.errors import Invalid

_SANDBOX = ImmutableSandboxedEnvironment(autoescape=False)
_SANDBOX.globals.clear()
_PARSER = ImmutableSandboxedEnvironment(extensions=["jinja2.ext.i18n"])
# What templates use besides facts.
_TOOLS = {
    "_",
    "gettext",
    "ngettext",
    "day",
    "short_day",
    "moment",
    "why",
    "link",
    "kind",
    "opening",
} | {"match_id", "level", "items"}
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


@cache
def known(kind: str) -> tuple[str, ...]:
    """The placeholders of a kind: what its own templates name."""
    folder = CHECKOUT / "templates" / "email" / kind
    found = {"name"}
    for path in folder.iterdir():
        found |= find_undeclared_variables(_PARSER.parse(path.read_text(encoding="utf-8")))
    return tuple(sorted(found - _TOOLS))


def check(field: str, text: str, names: Iterable[str]) -> None:
    """Refuse what is no placeholder of ``names``.

    :raises Invalid: ``unknown_placeholder`` with its ``name``; ``bad_placeholder``.
    """
    try:
        tree = _SANDBOX.parse(text)
    except TemplateSyntaxError:
        raise Invalid(field, "bad_placeholder") from None
    if any(not isinstance(node, _ALLOWED) for node in (tree, *tree.find_all(nodes.Node))):
        raise Invalid(field, "bad_placeholder")
    listed = list(names)
    for name in sorted(find_undeclared_variables(tree)):
        if name not in listed:
            raise Invalid(field, "unknown_placeholder", name=name, known=", ".join(listed))


def fill(text: str, context: Mapping[str, Any]) -> str:
    """``text`` with its placeholders filled; a fact that this mail lacks is left out."""
    named = {name: _shown(value, context) for name, value in context.items()}
    try:
        return _SANDBOX.from_string(text).render(named).strip()
    except TemplateError:  # it was checked when it was written: the sandbox has the last word
        return re.sub(r"{[{%#].*?[}%#]}", "", text).strip()


def _shown(value: Any, context: Mapping[str, Any]) -> Any:
    if isinstance(value, datetime):
        return context["moment"](value)
    if isinstance(value, date):
        return context["day"](value)
    if value is None or callable(value) or isinstance(value, (list, dict)):
        return ""
    return str(value)
