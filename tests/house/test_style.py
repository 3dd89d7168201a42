"""The style sheet: small, in three layers, in logical directions, readable in light and in dark."""

import gzip
import re

import pytest

from exchange.labels.kinds import STATE_KINDS
from tests.house.source import ROOT
from workflows.registry import WORKFLOWS

STATIC = ROOT / "exchange" / "static"
SHEET = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(encoding="utf-8"), flags=re.S)
RULES = re.findall(r"([^{};]+)\{([^{}]*)\}", SHEET)
DECLARATIONS = [
    tuple(part.strip() for part in one.split(":", 1))
    for _selector, body in RULES
    for one in body.split(";")
    if ":" in one
]
SIDED = re.compile(
    r"^(margin|padding|border|inset)-(left|right|top|bottom)|^(left|right|top|bottom|width|height|"
    r"min-width|max-width|min-height|max-height)$|^border-(top|bottom)-(left|right)"
)
AA = 4.5


def test_it_is_small_enough_for_a_slow_line(app):
    packed = app.test_client().get("/static/app.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) <= 8 * 1024
    packed.close()
    assert len(gzip.compress((STATIC / "app.js").read_bytes(), 9)) <= 2.25 * 1024


def test_it_has_three_layers_and_nothing_beside_them():
    assert SHEET.strip().startswith("@layer base, comp, util;")
    assert re.findall(r"@layer (\w+) \{", SHEET) == ["base", "comp", "util"]
    outside = re.sub(r"@layer base, comp, util;", "", SHEET)
    depth, loose = 0, ""
    for letter in outside:
        depth += (letter == "{") - (letter == "}")
        loose += letter if depth == 0 and letter not in "{}" else ""
    assert re.sub(r"@layer (base|comp|util) ", "", loose).strip() == ""


def test_directions_are_logical():
    """Arabic is written from the right: nothing may say left or right, or four sides at once."""
    assert len(DECLARATIONS) > 400
    for name, value in DECLARATIONS:
        assert not SIDED.search(name), f"{name}: {value}"
        if name in ("text-align", "float", "clear"):
            assert value in ("start", "end", "center", "inline-start", "inline-end"), value
        if name in ("margin", "padding", "inset", "border-width"):
            sides = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", value).split()
            assert len(sides) < 4, f"{name}: {value} names the left and the right side"


def _colours():
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w+, #\w+)\)", SHEET))
    return {name: [_rgb(one.strip()) for one in both.split(",")] for name, both in pairs.items()}


def _rgb(code):
    digits = code.lstrip("#")
    full = digits if len(digits) > 4 else "".join(2 * d for d in digits)
    return [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]


def _light(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one, other):
    bright, dark = sorted((_light(one), _light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(scheme):
    colours = {name: both[scheme] for name, both in _colours().items()}
    grounds = ("ground", "paper", "soft", "good-soft", "warn-soft", "turn-soft", "info-soft")
    pairs = [(words, ground) for words in ("ink", "muted", "brand") for ground in grounds]
    pairs += [(kind, g) for kind in ("good", "warn", "turn") for g in ("paper", "ground", "soft")]
    pairs += [(kind, f"{kind}-soft") for kind in ("good", "warn", "turn")]
    pairs += [("on-brand", "brand"), ("on-brand", "brand-deep")]
    poor = {p: round(r, 2) for p in pairs if (r := _contrast(*map(colours.get, p))) < AA}
    assert not poor
    for ground in ("ground", "paper"):  # the line of a box to write in
        assert _contrast(colours["edge"], colours[ground]) >= 3


def test_every_kind_of_state_is_a_state():
    known = {state.value for workflow in WORKFLOWS.values() for state in workflow.states}
    assert set(STATE_KINDS) <= known
