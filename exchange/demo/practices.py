"""Practices of the demonstration: what the notes of its two real stories show, and who collects."""

from sqlalchemy import select

from exchange.demo.closing import EXAMPLE
from exchange.demo.network import Network
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.practices import actions, reusing
from exchange.practices.models import Observatory, Practice
from workflows.note import NoteState

# Observatories of the network (domain file 2): who they are, nothing of what they hold.
OBSERVATORIES = (
    ("iopd", "International Observatory on Participatory Democracy", "https://oidp.net"),
    ("odc", "Observatory of Decentralised Cooperation", "https://www.observ-ocd.org"),
    ("metropolis-use", "use – urban sustainability exchange", "https://use.metropolis.org"),
)


def load_practices(network: Network) -> None:
    """Write the observatories, and a published practice for each note that is out."""
    for code, name, website in OBSERVATORIES:
        if not db.session.scalar(select(Observatory.id).where(Observatory.code == code)):
            db.session.add(Observatory(code=code, name=name, website=website, demo=True))
    taken = select(Practice.origin_id).where(Practice.origin_id.is_not(None))
    query = select(Note).join(Exchange).where(Exchange.demo, Note.state == NoteState.published)
    for note in db.session.scalars(query.where(Note.id.not_in(taken)).order_by(Note.id)):
        practice = actions.from_note(note, actor=network.officer)
        for trigger in ("propose", "publish"):
            actions.advance_practice(practice, trigger, actor=network.officer)
    _example(network)


def _example(network: Network) -> None:
    """One city that takes the oldest practice up; it says of itself that it is an example."""
    oldest = select(Practice).where(Practice.demo).order_by(Practice.id).limit(1)
    practice = db.session.scalars(oldest).first()
    if practice is None or reusing.adoptions_of(practice):
        return
    city = network.organisations["bogor"]
    words = {"adapted": EXAMPLE["en"], "changed": EXAMPLE["en"], "language": "en"}
    data = {"organisation_id": city.id, **words}
    adoption = reusing.adopt(practice, data, actor=network.officer)
    reusing.advance_adoption(adoption, "begin", actor=network.officer)
