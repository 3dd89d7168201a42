"""A reader of a lesson asks the cities that wrote it. The caller commits."""

from dataclasses import dataclass
from hashlib import sha256

from exchange.directory.models import Person
from exchange.errors import NotAllowed
from exchange.exchanges.models import PartnerRole
from exchange.lessons.models import Note
from exchange.messages.actions import write
from exchange.messages.kinds import LESSON_QUESTION

# Those who saw and those who showed; associations and funders are not asked by strangers.
ASKED = (PartnerRole.host, PartnerRole.learner, PartnerRole.mentor, PartnerRole.reviewer)


def whom_to_ask(note: Note) -> list[Person]:
    """The contacts of the cities of a lesson, each once; the author when none is named."""
    contacts = [partner.answers for partner in note.exchange.with_role(*ASKED)]
    found = {person.id: person for person in contacts if person and not person.disabled_at}
    if not found and note.author and not note.author.disabled_at:
        return [note.author]
    return list(found.values())


@dataclass(frozen=True)
class Asker:
    """Who asks, as they say."""

    name: str
    email: str
    place: str = ""


def ask(note: Note, question: str, asker: Asker, *, link: str) -> int:
    """Write the question to the contacts of the cities; return to how many.

    They answer to the address of who asks: theirs is shown to nobody. The same question from the
    same address is written once.

    :raises NotAllowed: ``nobody_to_ask``.
    """
    readers = whom_to_ask(note)
    if not readers:
        raise NotAllowed("nobody_to_ask")
    said = sha256(f"{asker.email}\n{question}".encode()).hexdigest()[:16]
    known = {"asker": asker.name, "asker_email": asker.email, "asker_place": asker.place}
    facts = {**known, "text": question, "title": note.title}
    for reader in readers:
        write(
            LESSON_QUESTION.name,
            reader,
            facts=facts,
            link=link,
            subject=("note", note.id),
            dedupe_key=f"lesson_question:{note.id}:{reader.id}:{said}",
        )
    return len(readers)
