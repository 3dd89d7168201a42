"""Two real stories in full: visits, notes, road maps, follow-ups, and what grew of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from exchange import steps
from exchange.demo.history import RECORDED, known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import external_id, read
from exchange.directory.models import Person
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange, ExchangeKind, Partner, PartnerRole, Phase
from exchange.extensions import db
from exchange.lessons.follow_ups import PERIODS
from exchange.lessons.models import (
    ChangeKind,
    CostOrder,
    FollowUp,
    Horizon,
    Note,
    RecordedChange,
    RoadMapAction,
    Transferability,
)
from exchange.visits.models import SessionKind, Visit, VisitMode, VisitSession
from workflows.exchange import ExchangeState
from workflows.follow_up import FOLLOW_UP, FollowUpState
from workflows.note import NOTE, NoteState

Row = Mapping[str, Any]
_LEVELS = {
    "en": {"local": "Local", "national": "National", "global": "Global"},
    "es": {"local": "Local", "national": "Nacional", "global": "Mundial"},
    "pt": {"local": "Local", "national": "Nacional", "global": "Mundial"},
}


def load_stories(network: Network) -> None:
    """Write the stories that are not there yet, each closed as far as the public record tells."""
    data, known = read("stories"), known_exchanges()
    for row in data["exchange"]:
        if row["key"] in known:
            continue
        grown = [module for module in data["module"] if row["key"] in module["grew_from"]]
        exchange = _record(row, network, changed=bool(grown))
        exchange.recorded_changes = [_change(module, network) for module in grown]
        _fill(exchange, row, network)
        _note(exchange, row, network)
        _follow_ups(exchange)


def _record(row: Row, network: Network, *, changed: bool) -> Exchange:
    data = {
        "external_id": external_id(row["key"]),
        "title": row["title"],
        "purpose": row["purpose"],
        "kind": ExchangeKind(row["kind"]),
        "language": row["language"],
        "proposer_id": network.organisations[row["proposer"]].id,
        "owner_id": network.officer.id,
        "starts_on": row["from"],
        "ends_on": row["until"],
        "programme": row["programme"],
        "source_url": row["sources"][0],
        "themes": row["themes"],
        "sdg_targets": row["sdg_targets"],
        "agendas": row["agendas"],
        "formats": sorted({visit["format"] for visit in row["visit"]}),
        "demo": True,
    }
    closed = (ExchangeState.closed_without_change, ExchangeState.closed_with_change)[changed]
    made = actions.record_past(data, closed, RECORDED, actor=network.people["administrator"])
    made.contact = network.contact(row["proposer"])
    return made


def _fill(made: Exchange, row: Row, network: Network) -> None:
    made.partners = [_partner(one, row, network) for one in row["partner"]]
    made.phases = [_phase(one) for one in row.get("phase", [])]
    made.visits = [_visit(one, network) for one in row["visit"]]
    made.road_map_actions = [_action(one, network) for one in row["action"]]
    sheet = dict(row["transferability"])
    made.transferability = Transferability(cost_order=CostOrder(sheet.pop("cost_order")), **sheet)
    db.session.flush()


def _partner(one: Row, row: Row, network: Network) -> Partner:
    return Partner(
        organisation=network.organisations[one["organisation"]],
        contact=network.contact(one["organisation"]),
        role=PartnerRole(one["role"]),
        committed_on=row["from"],
    )


def _phase(one: Row) -> Phase:
    return Phase(
        title=one["title"],
        objective=one["objective"],
        starts_on=one["from"],
        ends_on=one["until"],
    )


def _visit(one: Row, network: Network) -> Visit:
    visit = Visit(
        number=one["number"],
        title=one["title"],
        mode=VisitMode(one["mode"]),
        starts_on=one["starts_on"],
        ends_on=one["ends_on"],
        time_zone=one["time_zone"],
        place=one["place"],
        attendance_recorded_on=one["ends_on"],
    )
    visit.sessions = [
        VisitSession(
            day=slot["day"],
            starts_at=slot["start"],
            ends_at=slot["end"],
            kind=SessionKind(slot["kind"]),
            title=slot["title"],
            speaker=network.organisations[slot["speaker"]],
        )
        for slot in one["session"]
    ]
    return visit


def _action(one: Row, network: Network) -> RoadMapAction:
    return RoadMapAction(
        horizon=Horizon(one["horizon"]),
        text=one["text"],
        owner=network.organisations[one["owner"]],
        due_on=one["due"],
    )


def _change(module: Row, network: Network) -> RecordedChange:
    return RecordedChange(
        organisation=network.organisations[module["partners"][0]],
        kind=ChangeKind.practice,
        text=f"{module['code']}: {module['title']}",
        evidence_url=module["source"],
        recorded_on=date(module["year"], 12, 31),
    )


def _note(exchange: Exchange, row: Row, network: Network) -> None:
    source = row["note"]
    note = Note(
        exchange=exchange,
        number=_free_number(source["number"]),
        slug=f"pln-{source['number']}-{row['key']}",
        title=source["title"],
        language=source["language"],
        parts={**source["parts"], **_assembled(row, network)},
        author=_person(source["author"], network),
        reviewer=_person(source["reviewer"], network),
        published_on=source["published_on"],
        state=NoteState.published,
    )
    db.session.add(note)
    db.session.flush()
    moved = (NoteState.in_review, NoteState.published)
    steps.record(NOTE, note, "publish", moved, actor=None, note=RECORDED, overrode=True)


def _free_number(number: int) -> int | None:
    """The note keeps its number unless a note of the network has it already."""
    taken = db.session.scalars(select(Note.id).where(Note.number == number)).first()
    return None if taken else number


def _person(key: str, network: Network) -> Person | None:
    return network.officer if key == "uclg" else network.contact(key)


def _assembled(row: Row, network: Network) -> dict[str, str]:
    """The parts that the file holds as rows, as lists; and where all of it was read."""
    levels = _LEVELS[row["note"]["language"]]
    recommended = [f"- **{levels[one['level']]}**: {one['text']}" for one in row["recommendation"]]
    planned = [
        f"- {one['text']} ({network.organisations[one['owner']].name}, {one['due']:%Y-%m})"
        for one in row["action"]
    ]
    credit = row["note"]["parts"]["credits"]
    sources = [f"- <{source}>" for source in row["sources"]]
    return {
        "credits": "\n".join([credit, "", *sources]),
        "recommendations": "\n".join(recommended),
        "road_map": "\n".join(planned),
    }


def _follow_ups(exchange: Exchange) -> None:
    """No answers are public: each learner counts as "no answer", as it is counted everywhere."""
    ended = max(visit.ends_on for visit in exchange.visits if visit.ends_on)
    for partner in exchange.with_role(PartnerRole.learner):
        for months, days in PERIODS.items():
            row = FollowUp(
                organisation=partner.organisation,
                months=months,
                due_on=ended + timedelta(days=days),
                state=FollowUpState.unanswered,
            )
            exchange.follow_ups.append(row)
    db.session.flush()
    moved = (FollowUpState.asked, FollowUpState.unanswered)
    for row in exchange.follow_ups:
        steps.record(
            FOLLOW_UP, row, "count_unanswered", moved, actor=None, note=RECORDED, overrode=True
        )
