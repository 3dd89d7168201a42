"""The forum, the stories, the running examples and the accounts refer to what exists."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exchange.directory.models import OrganisationKind, Role, StaffRole
from exchange.exchanges.models import ExchangeKind, PartnerRole
from exchange.lessons.models import CostOrder, Horizon, NotePart
from exchange.visits.models import SessionKind, VisitMode
from tests.unit.demo.demo_files import codes, live, load, organisations, stories, unknown
from workflows.exchange import ExchangeState

# The forum


def test_the_forum_has_the_timetable_of_the_programme() -> None:
    timetable = [
        (f"{row['start']:%H:%M}", f"{row['end']:%H:%M}", row["kind"], row["part"])
        for row in load("forum")["session"]
    ]
    assert timetable == [
        ("08:30", "09:00", "arrival", ""),
        ("09:00", "09:20", "session", "part-1"),
        ("09:20", "09:55", "session", "part-1"),
        ("10:00", "11:00", "session", "part-2"),
        ("11:00", "11:40", "session", "part-2"),
        ("11:40", "13:00", "session", "part-2"),
        ("13:00", "15:00", "break", ""),
        ("15:00", "16:00", "session", "part-3"),
        ("16:00", "17:00", "session", "part-3"),
        ("17:00", "18:00", "session", "part-3"),
    ]


def test_the_forum_met_in_durban_with_four_outcomes() -> None:
    forum = load("forum")
    assert forum["edition"]["date"] == date(2019, 11, 12)
    noon = datetime(2019, 11, 12, 12, tzinfo=ZoneInfo(forum["edition"]["time_zone"]))
    assert f"{noon:%z}" == "+0200"
    assert len(forum["outcome"]) == 4
    assert len(forum["participant"]) >= 25


def test_the_forum_refers_to_what_exists() -> None:
    forum = load("forum")
    parts = {row["key"] for row in forum["part"]} | {""}
    assert {row["part"] for row in forum["session"]} == parts
    for row in forum["session"]:
        assert not unknown(row["speakers"], organisations())
        assert len(row["points_fr"]) == len(row["points_en"])
    assert not unknown([row["organisation"] for row in forum["participant"]], organisations())


def test_the_lost_accents_are_back() -> None:
    outcomes = [row["title_fr"] for row in load("forum")["outcome"]]
    assert [title.split()[0] for title in outcomes] == [
        "Évaluer",
        "Inspirer",
        "Proposer",
        "Élaborer",
    ]


# Stories


@pytest.mark.parametrize("story", stories(), ids=lambda row: row["key"])
def test_a_story_refers_to_what_exists(story: dict[str, Any]) -> None:
    assert story["kind"] in set(ExchangeKind)
    named = [row["organisation"] for row in story["partner"]]
    named += [story["proposer"], story["note"]["author"], story["note"]["reviewer"]]
    named += [row["owner"] for row in story["action"]]
    named += [row["speaker"] for visit in story["visit"] for row in visit["session"]]
    assert not unknown(named, organisations())
    assert len({row["organisation"] for row in story["partner"]}) == len(story["partner"])
    assert {row["role"] for row in story["partner"]} <= set(PartnerRole)
    for field in ("themes", "sdg_targets", "agendas"):
        assert not unknown(story[field], codes(field)), field
    chain = {row["key"] for table in ("exchange", "module") for row in load("stories")[table]}
    assert not unknown(story["leads_to"], chain)


@pytest.mark.parametrize("story", stories(), ids=lambda row: row["key"])
def test_a_story_has_its_note_road_map_and_sheet(story: dict[str, Any]) -> None:
    assert list(story["note"]["parts"]) == list(NotePart)
    assert all(story["note"]["parts"].values())
    assert [row["level"] for row in story["recommendation"]] == ["local", "national", "global"]
    assert {row["horizon"] for row in story["action"]} == set(Horizon)
    assert story["transferability"]["cost_order"] in set(CostOrder)
    assert all(row["due"] > story["visit"][0]["ends_on"] for row in story["action"])


@pytest.mark.parametrize("story", stories(), ids=lambda row: row["key"])
def test_sessions_lie_within_their_visit(story: dict[str, Any]) -> None:
    for visit in story["visit"]:
        assert story["from"] <= visit["starts_on"] <= visit["ends_on"] <= story["until"]
        assert visit["mode"] in set(VisitMode)
        assert visit["format"] in codes("formats")
        assert ZoneInfo(visit["time_zone"])
        for row in visit["session"]:
            assert visit["starts_on"] <= row["day"] <= visit["ends_on"]
            assert row["start"] < row["end"]
            assert row["kind"] in set(SessionKind)


def test_modules_grew_from_stories() -> None:
    keys = {row["key"] for row in stories()}
    for row in load("stories")["module"]:
        assert row["grew_from"]
        assert not unknown(row["grew_from"], keys)
        assert not unknown([*row["partners"], *row["funders"]], organisations())


@pytest.mark.parametrize("row", live(), ids=lambda row: row["key"])
def test_a_running_example_refers_to_what_exists(row: dict[str, Any]) -> None:
    assert row["state"] in set(ExchangeState)
    assert row["kind"] in set(ExchangeKind)
    hosts = [row["host"]] if row["host"] else []
    assert not unknown([row["proposer"], *row["learners"], *hosts], organisations())
    assert not unknown(row["themes"], codes("themes"))
    needs = {need["key"]: need["organisation"] for need in load("needs")["need"]}
    offers = {offer["key"]: offer["organisation"] for offer in load("offers")["offer"]}
    assert {needs[key] for key in row["needs"]} <= set(row["learners"])
    assert {offers[key] for key in row["offers"]} <= {row["host"]}


def test_running_examples_stand_in_different_states() -> None:
    counts = Counter(row["state"] for row in live())
    assert len(counts) == len(live()) >= 8


def test_a_running_visit_has_dates_and_a_place() -> None:
    visits = [row for row in live() if "visit_starts_on" in row]
    assert len(visits) == 8
    for row in visits:
        assert row["visit_starts_on"] <= row["visit_ends_on"]
        assert row["visit_place"]
        assert ZoneInfo(row["visit_time_zone"])


# Accounts


def test_accounts_are_roles_at_an_address_that_cannot_receive() -> None:
    for row in load("role_accounts")["account"]:
        assert row["email"].endswith("@demo.peer-exchange.example")
        assert row["email"] == row["email"].lower()
        assert not unknown([row["organisation"]], organisations())
        assert row["language"] in codes("languages")
        assert ZoneInfo(row["time_zone"])
        assert bool(row["role"]) != bool(row["staff_role"]), row["key"]
        assert (row["staff_role"] == StaffRole.section_officer) == bool(row["section"])


def test_there_is_an_account_for_each_kind_of_user() -> None:
    accounts = load("role_accounts")["account"]
    assert {row["staff_role"] for row in accounts if row["staff_role"]} == set(StaffRole)
    kinds = {
        (organisations()[row["organisation"]]["kind"], row["role"])
        for row in accounts
        if row["role"]
    }
    assert kinds == {
        (OrganisationKind.association, Role.coordinator),
        (OrganisationKind.local_government, Role.coordinator),
        (OrganisationKind.local_government, Role.member),
    }
