"""Running examples, one for each step of the way, moved there by the same actions as real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.demo import closing
from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import external_id, read
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange, ExchangeKind, PartnerRole
from exchange.matching import actions as matching
from exchange.matching.models import Answer, Side
from exchange.visits import actions as visits
from exchange.visits.evaluation import questions_for
from exchange.visits.models import Participant, ParticipantRole, SessionKind, Visit

# The examples were written for this day. Their visits move along by whole weeks, so that "visited"
# lies in the past and "confirmed" in the future whenever the demonstration is loaded.
WRITTEN_FOR = date(2026, 11, 23)
INCOMPLETE = {
    "en": "Please say who takes part and who maintains what is built.",
    "fr": "Merci de préciser qui participe et qui entretient les ouvrages.",
    "es": "Indiquen, por favor, quiénes participan y quién mantiene las obras.",
    "pt": "Digam, por favor, quem participa e quem mantém as obras.",
}


@dataclass
class Example:
    """A row of the file with what it refers to."""

    row: Mapping[str, Any]
    network: Network
    needs: Mapping[str, Need]
    offers: Mapping[str, Offer]
    exchange: Exchange

    def move(self, trigger: str, note: str = "") -> None:
        """Move the exchange one step, as the officer would."""
        actions.advance(self.exchange, trigger, actor=self.network.officer, note=note)

    @property
    def visit(self) -> Visit:
        """The visit that was planned."""
        return cast("Visit", self.exchange.current_visit)


def load_live(network: Network, needs: Mapping[str, Need], offers: Mapping[str, Offer]) -> None:
    """Write the examples that are not there yet and move each to its state."""
    known = known_exchanges()
    for row in read("stories")["live"]:
        if row["key"] not in known:
            exchange = _draft(row, network, needs)
            _drive(Example(row, network, needs, offers, exchange))


def _draft(row: Mapping[str, Any], network: Network, needs: Mapping[str, Need]) -> Exchange:
    ids = {key: network.organisations[key].id for key in (row["proposer"], *row["learners"])}
    data = {
        "title": row["title"],
        "purpose": row["purpose"],
        "kind": ExchangeKind(row["kind"]),
        "language": row["language"],
        "themes": row["themes"],
        "formats": row.get("formats", []),
        "proposer_id": ids[row["proposer"]],
        "need_ids": [needs[key].id for key in row["needs"]],
    }
    made = actions.create(data, actor=network.officer)
    made.external_id, made.demo, made.contact = (
        external_id(row["key"]),
        True,
        network.contact(row["proposer"]),
    )
    _name_partners(made, row, network)
    return made


def _name_partners(exchange: Exchange, row: Mapping[str, Any], network: Network) -> None:
    wanted = [(key, PartnerRole.learner) for key in row["learners"]]
    if row["host"]:
        wanted.append((row["host"], PartnerRole.host))
    if row["proposer"] not in (*row["learners"], row["host"]):
        wanted.append((row["proposer"], PartnerRole.association))
    there = {(partner.organisation_id, partner.role) for partner in exchange.partners}
    for key, role in wanted:
        organisation = network.organisations[key]
        if (organisation.id, role) not in there:
            actions.add_partner(exchange, organisation.id, role, actor=network.officer)


def _drive(example: Example) -> None:
    """Take the stages in order until the exchange stands where the file says."""
    if example.row["state"] == "more_information":
        example.move("submit")
        example.move("ask_information", INCOMPLETE[example.row["language"]])
        return
    for stage in STAGES:
        if example.exchange.state == example.row["state"]:
            return
        stage(example)


def _open_matching(example: Example) -> None:
    """Who found a partner without the matcher agrees at once."""
    if example.row["needs"]:
        example.move("open_matching")
    else:
        _commit_all(example)
        example.move("agree_partners")


def _propose(example: Example) -> None:
    officer = example.network.officer
    for need, offer in zip(example.row["needs"], example.row["offers"], strict=False):
        match = matching.create_by_officer(
            example.needs[need], example.offers[offer], actor=officer, note=example.row["purpose"]
        )
        match.exchange = example.exchange
        matching.propose(match, actor=officer)


def _agree(example: Example) -> None:
    for match in example.exchange.matches:
        for side in Side:
            matching.answer(match, side, Answer.accepted, actor=example.network.officer)


def _commit_all(example: Example) -> None:
    for partner in example.exchange.partners:
        actions.commit_partner(partner, actor=example.network.officer)


def _prepare(example: Example) -> None:
    note = {"concept_note": example.row["purpose"], "concept_note_agreed_on": today()}
    actions.write_concept_note(example.exchange, note, actor=example.network.officer)
    example.move("start_preparation")


def _confirm(example: Example) -> None:
    visit = _plan(example)
    for partner in example.exchange.with_role(PartnerRole.learner, PartnerRole.host):
        _nominate(example, visit, partner)
    example.move("confirm_visit")


def _plan(example: Example) -> Visit:
    row, officer = example.row, example.network.officer
    moved = timedelta(weeks=(today() - WRITTEN_FOR).days // 7)
    data = {
        "title": row["title"],
        "starts_on": row["visit_starts_on"] + moved,
        "ends_on": row["visit_ends_on"] + moved,
        "place": row["visit_place"],
        "time_zone": row["visit_time_zone"],
    }
    visit = visits.plan_visit(example.exchange, data, actor=officer)
    for day, kind in (
        (data["starts_on"], SessionKind.opening),
        (data["ends_on"], SessionKind.action_planning),
    ):
        session = {"day": day, "kind": kind, "title": row["title"], **closing.HOURS}
        visits.add_session(visit, session, actor=officer)
    return visit


def _nominate(example: Example, visit: Visit, partner: Any) -> None:
    """A delegate is a role, not a person; the domain of the address receives no mail."""
    is_host = partner.role == PartnerRole.host
    data = {
        "organisation_id": partner.organisation_id,
        "name": f"{closing.DELEGATE[example.row['language']]}, {partner.organisation.name}"[:200],
        "email": f"delegate{partner.organisation_id}@demo.peer-exchange.example",
        "language": example.row["language"],
        "role": ParticipantRole.host if is_host else ParticipantRole.participant,
    }
    participant = visits.nominate(visit, data, actor=example.network.officer)
    visits.advance_participant(participant, "confirm", actor=example.network.officer)


def _hold(example: Example) -> None:
    came = [participant.id for participant in example.visit.participants]
    visits.record_attendance(example.visit, came, actor=example.network.officer)


def _evaluate(example: Example) -> None:
    """Where the way goes on, everybody has answered; where it ends here, they are still asked."""
    visits.open_evaluation(example.visit, actor=example.network.officer)
    if example.row["state"] != example.exchange.state:
        for participant in example.visit.participants:
            visits.submit_evaluation(participant, _answers(participant), participant.language)


def _answers(participant: Participant) -> dict[str, int]:
    """Answers from 3 to 5 to what has a scale: numbers of an example, of nobody."""
    asked = [one for one in questions_for(participant) if one.facts.get("kind") == "scale"]
    return {one.code: 3 + (one.position + participant.id) % 3 for one in asked}


def _write(example: Example) -> None:
    if "picture" in example.row:
        closing.sign_lessons(example.exchange, example.network, example.row["picture"])
    closing.begin_note(example.exchange, example.network)


def _review(example: Example) -> None:
    closing.hand_in_note(example.exchange, example.network)


def _publish(example: Example) -> None:
    closing.publish_note(example.exchange, example.network)


def _disseminate(example: Example) -> None:
    closing.disseminate(example.exchange, example.network)


STAGES: tuple[Callable[[Example], None], ...] = (
    lambda example: example.move("submit"),
    lambda example: example.move("find_eligible"),
    _open_matching,
    _propose,
    _agree,
    _prepare,
    _confirm,
    _hold,
    _evaluate,
    _write,
    _review,
    _publish,
    _disseminate,
)
