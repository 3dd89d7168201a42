"""What a harvester asks of us, read by the rules of OAI-PMH 2.0. Pure.

http://www.openarchives.org/OAI/openarchivesprotocol.html: sections 2.5 (sets), 3.3 (dates), 3.5
(answers in parts) and 3.6 (errors).
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

FORMAT = "oai_dc"


class Verb(StrEnum):
    """The six questions."""

    identify = "Identify"
    formats = "ListMetadataFormats"
    sets = "ListSets"
    identifiers = "ListIdentifiers"
    records = "ListRecords"
    record = "GetRecord"


class Kind(StrEnum):
    """What we give: the names are part of identifiers, and their order is that of answers."""

    note = "note"
    practice = "practice"


# verb → (arguments that it needs, arguments that it may have)
TAKES: dict[Verb, tuple[frozenset[str], frozenset[str]]] = {
    Verb.identify: (frozenset(), frozenset()),
    Verb.formats: (frozenset(), frozenset({"identifier"})),
    Verb.sets: (frozenset(), frozenset()),
    Verb.identifiers: (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    Verb.records: (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    Verb.record: (frozenset({"metadataPrefix", "identifier"}), frozenset()),
}
IN_PARTS = (Verb.sets, Verb.identifiers, Verb.records)
WORD = r"[A-Za-z0-9\-_.!~*'()]+"
# What the schema of answers lets us repeat of a question.
REPEATED = {
    "verb": re.compile("|".join(Verb)),
    "metadataPrefix": re.compile(WORD),
    "set": re.compile(f"{WORD}(:{WORD})*"),
    "identifier": re.compile(r"[\w:/.\-]{1,300}", re.ASCII),
    "from": re.compile(r"[0-9TZ:\-]{10,20}"),
    "until": re.compile(r"[0-9TZ:\-]{10,20}"),
    "resumptionToken": re.compile(r"[A-Za-z0-9_=\-]{1,2000}"),
}
DAY, SECOND = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Problem(StrEnum):
    """The codes of errors that we answer with (section 3.6)."""

    bad_argument = "badArgument"
    bad_token = "badResumptionToken"  # noqa: S105 - the name of an error
    bad_verb = "badVerb"
    bad_format = "cannotDisseminateFormat"
    unknown = "idDoesNotExist"
    nothing = "noRecordsMatch"


class Refused(ValueError):
    """We cannot answer; ``repeat`` is what the answer may repeat of the question."""

    def __init__(self, problem: Problem, words: str, repeat: Mapping[str, str]) -> None:
        super().__init__(words)
        self.problem, self.words, self.repeat = problem, words, dict(repeat)


@dataclass(frozen=True)
class Place:
    """The last record of an answer: those that follow come after it."""

    moment: datetime
    kind: Kind
    id: int


@dataclass(frozen=True)
class Window:
    """Which records: changed from ``since`` on and before ``before``, of a set, after a place.

    ``cursor`` is how many came before, ``size`` how many there were when it was begun.
    """

    since: datetime | None = None
    before: datetime | None = None
    of_set: str = ""
    after: Place | None = None
    cursor: int = 0
    size: int | None = None

    def following(self, last: Place, given: int, size: int) -> "Window":
        """What comes after an answer with ``given`` records."""
        return replace(self, after=last, cursor=self.cursor + given, size=size)


@dataclass(frozen=True)
class Asked:
    """A question that can be answered."""

    verb: Verb
    repeat: dict[str, str]
    identifier: str | None = None
    window: Window = field(default_factory=Window)


def read(pairs: Iterable[tuple[str, str]]) -> Asked:
    """The question in the arguments of an address or of a form.

    :raises Refused: it is none, with the code that the protocol gives the reason.
    """
    given = list(pairs)
    found = dict(given)
    if found.get("verb") not in set(Verb) or _repeated("verb", given):
        raise Refused(Problem.bad_verb, "Ask with one verb of OAI-PMH 2.0.", {})
    verb = Verb(found.pop("verb"))
    if len(given) != len(found) + 1:
        raise Refused(Problem.bad_argument, "An argument is given twice.", {})
    repeat = {k: v for k, v in {"verb": str(verb), **found}.items() if _fits(k, v)}
    if "resumptionToken" in found and verb in IN_PARTS:
        if len(found) > 1:
            raise Refused(Problem.bad_argument, "resumptionToken stands alone.", {})
        return Asked(verb, repeat, window=_continued(verb, found["resumptionToken"], repeat))
    _require_known(verb, found)
    if found.get("metadataPrefix", FORMAT) != FORMAT:
        raise Refused(Problem.bad_format, f"We give {FORMAT}.", repeat)
    return Asked(verb, repeat, found.get("identifier"), _window(found))


def token_of(window: Window) -> str:
    """What a harvester sends back to get the records that follow."""
    last = window.after
    facts = [
        window.since and window.since.isoformat(),
        window.before and window.before.isoformat(),
        window.of_set,
        last and [last.moment.isoformat(), last.kind, last.id],
        window.cursor,
        window.size,
    ]
    text = json.dumps(facts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()


def _repeated(name: str, given: list[tuple[str, str]]) -> bool:
    return sum(key == name for key, _value in given) > 1


def _fits(name: str, value: str) -> bool:
    return name in REPEATED and REPEATED[name].fullmatch(value) is not None


def _require_known(verb: Verb, found: Mapping[str, str]) -> None:
    needed, possible = TAKES[verb]
    missing, foreign = needed - found.keys(), found.keys() - needed - possible
    words = [f"{name} is missing." for name in sorted(missing)]
    # Names that we do not know are not repeated: they are anybody's words.
    words += [f"{verb} takes no such argument."] if foreign else []
    if words:
        raise Refused(Problem.bad_argument, " ".join(words), {})


def _window(found: Mapping[str, str]) -> Window:
    since, until = found.get("from"), found.get("until")
    if since and until and len(since) != len(until):
        raise Refused(Problem.bad_argument, "from and until are of two granularities.", {})
    begins = _moment("from", since) if since is not None else None
    ends = _moment("until", until) if until is not None else None
    if begins and ends and begins > ends:
        raise Refused(Problem.bad_argument, "from is later than until.", {})
    if ends and until:
        try:
            ends += timedelta(days=1) if DAY.fullmatch(until) else timedelta(seconds=1)
        except OverflowError:
            ends = None
    of_set = found.get("set", "")
    if "set" in found and not _fits("set", of_set):
        raise Refused(Problem.bad_argument, "set is no setSpec.", {})
    return Window(begins, ends, of_set)


def _moment(name: str, text: str) -> datetime:
    if DAY.fullmatch(text) or SECOND.fullmatch(text):
        try:
            found = datetime.fromisoformat(text.removesuffix("Z"))
            return found.replace(tzinfo=UTC)
        except ValueError:
            pass
    words = f"{name} is no date: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."
    raise Refused(Problem.bad_argument, words, {})


def _continued(verb: Verb, token: str, repeat: Mapping[str, str]) -> Window:
    """The window of a token of ours; lists of sets come whole, so none of theirs is good."""
    try:
        if verb == Verb.sets:
            raise ValueError(token)
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        since, before, of_set, (moment, kind, row_id), cursor, size = json.loads(raw)
        place = Place(_utc(moment), Kind(kind), row_id)
        numbers = (row_id, cursor, size)
        if not all(type(one) is int and 0 <= one < 2**31 for one in numbers):
            raise ValueError(token)
        if of_set and not _fits("set", of_set):
            raise ValueError(token)
        begins, ends = (one and _utc(one) for one in (since, before))
        return Window(begins, ends, of_set, place, cursor, size)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        words = "That is no token of ours, or no longer."
        raise Refused(Problem.bad_token, words, repeat) from None


def _utc(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)
