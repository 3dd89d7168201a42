"""The Learning Forum of 12 November 2019: its programme, and an example of a cohort."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.forums.capture import capture, compare
from exchange.forums.items import ItemKind, Met
from exchange.forums.models import Attendance, Forum, ForumSession


def load_forum(network: Network) -> None:
    """Write the edition, unless it is there."""
    data = read("forum")
    edition = data["edition"]
    if db.session.scalars(select(Forum.id).where(Forum.code == edition["key"])).first():
        return
    forum = Forum(
        code=edition["key"],
        titles=_words(edition, "title"),
        place=edition["place"],
        starts_on=edition["date"],
        ends_on=edition["date"],
        time_zone=edition["time_zone"],
        outcomes=[_words(row, "title") for row in data["outcome"]],
        rules=_words(edition, "rules"),
        is_public=True,
        demo=True,
    )
    parts = {row["key"]: row for row in data["part"]}
    forum.sessions = [_session(row, parts, edition, network) for row in data["session"]]
    forum.attendances = [
        Attendance(organisation=network.organisations[row["organisation"]])
        for row in data["participant"]
    ]
    db.session.add(forum)
    db.session.flush()
    for row in data["participant"]:
        _expectation(forum, row, network)


def _expectation(forum: Forum, row: Mapping[str, Any], network: Network) -> None:
    facts = {
        "kind": ItemKind.expectation,
        "text": row["expectation"],
        "organisation_id": network.organisations[row["organisation"]].id,
        "key": f"demo-{row['organisation']}",
    }
    item = capture(forum, facts, language=row["language"], actor=network.officer)
    item.person = None  # an organisation's words, nobody's in person
    if row.get("verdict"):
        compare(item, {"verdict": Met(row["verdict"])})


def _session(
    row: Mapping[str, Any],
    parts: Mapping[str, Any],
    edition: Mapping[str, Any],
    network: Network,
) -> ForumSession:
    points = {code: "\n".join(row[f"points_{code}"]) for code in ("en", "fr")}
    return ForumSession(
        day=edition["date"],
        starts_at=row["start"],
        ends_at=row["end"],
        part=_part(parts[row["part"]]) if row["part"] else {},
        titles=_words(row, "title"),
        texts={code: text for code, text in points.items() if text},
        is_break=row["kind"] != "session",
        speakers=[network.organisations[key] for key in row["speakers"]],
    )


def _part(row: Mapping[str, Any]) -> dict[str, str]:
    titles = _words(row, "title")
    return {**titles, "fr": f"{row['label_fr']} : {titles['fr']}"}


def _words(row: Mapping[str, Any], name: str) -> dict[str, str]:
    return {"fr": row[f"{name}_fr"], "en": row[f"{name}_en"]}
