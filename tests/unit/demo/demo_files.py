"""Reads the files of the demonstration and the codes they refer to, for the tests here."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import exchange.demo
import exchange.vocabularies

DATA = Path(exchange.demo.__file__).parent / "data"
REFERENCE = Path(exchange.vocabularies.__file__).parent / "reference"


@cache
def load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def codes(name: str, column: str = "code") -> frozenset[str]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row[column] for row in csv.DictReader(file))


@cache
def organisations() -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in load("organisations")["organisation"]}


def catalogue() -> list[dict[str, Any]]:
    return [*load("needs")["need"], *load("offers")["offer"]]


def stories() -> list[dict[str, Any]]:
    return load("stories")["exchange"]


def live() -> list[dict[str, Any]]:
    return load("stories")["live"]


def unknown(wanted: list[str], known: Any) -> set[str]:
    return {key for key in wanted if key not in known}
