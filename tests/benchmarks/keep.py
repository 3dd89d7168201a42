"""The projects of keep.eu as needs and offers in four languages, read from where they lie.

Pairs whose answer is known are made of them: a project's name, a sentence taken out of its text,
its text in another language, or a need that we wrote by hand (``keep_needs.csv``), and the English
text of the project. keep.eu lets its data be reused with credit (www.keep.eu).
"""

import csv
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.text.words import GRAMMAR, words_of

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECTS = ROOT.parent / "shared" / "data" / "keep" / "projects_local_gov.json"
NEEDS = Path(__file__).parent / "keep_needs.csv"
ABSENT = f"the projects of keep.eu are not at {PROJECTS}"
LANGUAGES = ("en", "fr", "es", "pt")


@dataclass(frozen=True)
class Pairs:
    """Needs, the offer that is right for each, and all offers it may be taken for."""

    name: str
    needs: tuple[NeedFacts, ...]
    offers: tuple[OfferFacts, ...]
    right: tuple[str, ...]


@cache
def projects() -> tuple[dict[str, Any], ...]:
    """All projects; none where the file is not."""
    return tuple(json.loads(PROJECTS.read_text("utf-8"))) if PROJECTS.exists() else ()


def offers() -> tuple[OfferFacts, ...]:
    """The English text of each project, without its name."""
    return tuple(_offer(project, project["description"]["en"]) for project in projects())


def needs(language: str) -> tuple[NeedFacts, ...]:
    """The texts of the projects in a language: those that are in it indeed."""
    found = ((p, p["description"][language]) for p in projects() if language in p["description"])
    return tuple(_need(p["id"], text, language) for p, text in found if _is_in(text, language))


def all_pairs() -> list[Pairs]:
    """Every kind of pairs; the kinds say whether the glossary was written with them in view."""
    found = [names(), sentences()]
    found += [descriptions(language) for language in LANGUAGES[1:]]
    found += [first_sentences(language) for language in LANGUAGES[1:]]
    found += [by_hand(part, language) for part in ("tune", "check") for language in LANGUAGES]
    return [pairs for pairs in found if pairs.needs]


def names() -> Pairs:
    """The name of each project finds its text."""
    return _pairs("name", [_need(p["id"], p["name"], "en") for p in projects()], offers())


def sentences() -> Pairs:
    """A sentence finds the rest of the text it was taken from."""
    draw, asked, left = random.Random(3), [], []  # noqa: S311  # not a secret
    for project in projects():
        text = project["description"]["en"]
        parts = _sentences(text)
        if len(parts) > 2:
            taken = draw.randrange(len(parts))
            asked.append(_need(project["id"], parts[taken][:220], "en"))
            text = " ".join(parts[:taken] + parts[taken + 1 :])
        left.append(_offer(project, text))
    return _pairs("sentence", asked, left)


def descriptions(language: str) -> Pairs:
    """A text in another language finds the English one of the same project."""
    return _pairs(f"text, {language}", needs(language), offers())


def first_sentences(language: str) -> Pairs:
    """The first sentence of a text in another language finds the English text."""
    found = [(need, _sentences(need.text)) for need in needs(language)]
    asked = [_need(str(need.id), parts[0][:250], language) for need, parts in found if parts]
    return _pairs(f"first sentence, {language}", asked, offers())


def by_hand(part: str, language: str) -> Pairs:
    """Needs of one line that we wrote: of ``tune`` the glossary was written with them in view, of
    ``check`` they came after its first half."""
    with NEEDS.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["part"], r["language"]) == (part, language)]
    known = {str(project["id"])[-4:]: project["id"] for project in projects()}
    asked = [_need(known[r["project"]], r["need"], language) for r in rows if r["project"] in known]
    return _pairs(f"need by hand, {part}, {language}", asked, offers())


def _pairs(name: str, asked: Sequence[NeedFacts], offered: Sequence[OfferFacts]) -> Pairs:
    numbered = tuple(
        NeedFacts(id=f"{need.id}-{number}", text=need.text, language=need.language)
        for number, need in enumerate(asked)
    )
    return Pairs(name, numbered, tuple(offered), tuple(str(need.id) for need in asked))


def _need(key: str, text: str, language: str) -> NeedFacts:
    return NeedFacts(id=key, text=text, language=language)


def _offer(project: dict[str, Any], text: str) -> OfferFacts:
    return OfferFacts(id=project["id"], text=text, language="en")


def _sentences(text: str) -> list[str]:
    parts = (part.strip() for part in re.split(r"(?<=[.!?;])\s+|\n+", text))
    return [part for part in parts if len(part) > 30]


def _is_in(text: str, language: str) -> bool:
    """Some texts of keep.eu are filed under a language that they are not in."""
    words = words_of(text)
    return len(words) > 5 and sum(word in GRAMMAR[language] for word in words) > len(words) / 4
