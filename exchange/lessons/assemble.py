"""What an exchange already holds, as the first draft of the twelve parts of its note.

The parts follow the published notes (domain file 1.5). Only facts are written here; the words for
codes come from ``words``, which the edge makes in the language of the note.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from exchange.exchanges.models import Exchange, PartnerRole
from exchange.lessons.models import Horizon, NotePart, RoadMapAction
from exchange.lessons.sheets import LessonQuestion, sheets_of
from exchange.visits.models import PreparationSheet as Sheet
from exchange.visits.models import SessionKind, SheetKind, VisitMode, VisitSession
from exchange.vocabularies.queries import terms_of

Words = Callable[[str], str]

TAGGED = (("themes", "theme"), ("sdg_targets", "sdg_target"), ("agendas", "agenda"))
TOLD = ("problem", "what_was_done", "result")
WORKING = tuple(k for k in SessionKind if k not in (SessionKind.pause, SessionKind.field_visit))


def held(sign: str, language: str) -> str:
    """A colon or semicolon as ``language`` sets it: in French it keeps a space to its word."""
    return f"\N{NO-BREAK SPACE}{sign}" if language == "fr" else sign


def plain(code: str) -> str:
    """The name of a code as words: ``technical_partner`` is "Technical partner"."""
    return str(code).replace("_", " ").capitalize()


@dataclass(frozen=True)
class Assembly:
    """An exchange, told in ``language``; a method a part, empty where nothing is known."""

    exchange: Exchange
    language: str
    words: Words = plain

    def all_parts(self) -> dict[str, str]:
        """The parts that the exchange can already fill; the author completes them."""
        parts = {part.value: self.part(part) for part in NotePart}
        return {part: text for part, text in parts.items() if text}

    def part(self, part: NotePart) -> str:
        """One part. The foreword and the recommendations are nobody's but the authors'."""
        make = getattr(self, f"_{part}", None)
        return str(make()) if make else ""

    def _heading(self) -> str:
        visit = self.exchange.current_visit
        if visit is None:
            return ""
        place = visit.place or (self.words(visit.mode) if visit.mode == VisitMode.online else "")
        return ", ".join(filter(None, (place, self._month(visit.starts_on))))

    def _credits(self) -> str:
        named = (
            (role, [p.organisation.name for p in self.exchange.with_role(role)])
            for role in PartnerRole
        )
        return "\n".join(self._fact(self.words(role), names) for role, names in named if names)

    def _introduction(self) -> str:
        return _paragraphs(visit.description for visit in self.exchange.visits)

    def _context(self) -> str:
        return _paragraphs((self.exchange.purpose, self.exchange.concept_note))

    def _practices(self) -> str:
        brought = (p for visit in self.exchange.visits for p in visit.participants if p.sheet)
        return _paragraphs(
            self._card(p.sheet, p.organisation.name)
            for p in brought
            if p.sheet and p.sheet.kind == SheetKind.practice
        )

    def _card(self, sheet: Sheet, city: str) -> str:
        told = ((name, getattr(sheet, name)) for name in TOLD)
        facts = (f"**{self.words(name)}**{self._colon} {text}" for name, text in told if text)
        return _paragraphs((f"# {sheet.title} ({city})", *facts))

    def _field_visits(self) -> str:
        return _paragraphs(
            _paragraphs((f"# {seen.title}", _commas(seen.place, self._day(seen.day))))
            for seen in self._sessions(SessionKind.field_visit)
        )

    def _method(self) -> str:
        formats = _commas(*(term.label(self.language) for term in self.exchange.tagged("format")))
        return _paragraphs((formats, _bullets(s.title for s in self._sessions(*WORKING))))

    def _reflections(self) -> str:
        """What the cities signed, then what people wrote in their evaluations."""
        return _paragraphs((self._signed(), self._evaluated()))

    def _signed(self) -> str:
        """The signed words of each city, question by question."""
        signed = [one for one in sheets_of(self.exchange).values() if one.signed_on]
        cards = []
        for question in LessonQuestion:
            said = [(one.organisation.name, one.answers.get(question, "")) for one in signed]
            if any(text for _name, text in said):
                lines = [f"**{name}**{self._colon} {text}" for name, text in said if text]
                cards += [f"# {self.words(question)}", *lines]
        return _paragraphs(cards)

    def _evaluated(self) -> str:
        """What people wrote in their evaluations, under each question and without any name."""
        said = [e.answers for visit in self.exchange.visits for e in visit.evaluations]
        questions = [q for q in terms_of("evaluation_question") if q.facts.get("kind") == "text"]
        cards = []
        for question in questions if said else ():
            texts = [str(answers.get(question.code) or "").strip() for answers in said]
            if any(texts):
                cards += [f"# {question.label(self.language)}", _bullets(filter(None, texts))]
        return _paragraphs(cards)

    def _road_map(self) -> str:
        cards = []
        for horizon in Horizon:
            lines = [
                self._action(action)
                for action in self.exchange.road_map_actions
                if action.horizon == horizon
            ]
            if lines:
                cards += [f"# {self.words(horizon)}", _bullets(lines)]
        return _paragraphs(cards)

    def _action(self, action: RoadMapAction) -> str:
        owner = action.owner.name if action.owner else ""
        told = _commas(owner, self._day(action.due_on))
        return f"{action.text} ({told})" if told else action.text

    def _tags(self) -> str:
        lines = []
        for field, vocabulary in TAGGED:
            number = "{} " if vocabulary == "sdg_target" else ""
            terms = self.exchange.tagged(vocabulary)
            labels = [number.format(term.code) + term.label(self.language) for term in terms]
            if labels:
                lines.append(self._fact(self.words(field), labels))
        return "\n".join(lines)

    def _sessions(self, *kinds: SessionKind) -> list[VisitSession]:
        return [
            session
            for visit in self.exchange.visits
            for session in visit.sessions
            if session.kind in kinds
        ]

    def _fact(self, name: str, values: Iterable[str]) -> str:
        between = held(";", self.language) + " "
        return f"- **{name}**{self._colon} {between.join(values)}"

    @property
    def _colon(self) -> str:
        return held(":", self.language)

    @property
    def _locale(self) -> Locale:
        """How ``language`` writes dates; as English does when Babel does not know it."""
        try:
            return Locale.parse(self.language)
        except (UnknownLocaleError, ValueError):
            return Locale("en")

    def _day(self, value: date | None) -> str:
        return format_date(value, "long", locale=self._locale) if value else ""

    def _month(self, value: date | None) -> str:
        return format_skeleton("yMMMM", value, locale=self._locale) if value else ""


def _commas(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join("- " + text.replace("\n", "\n  ") for text in texts)


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text and text.strip())
