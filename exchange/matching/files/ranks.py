"""The lines that `exchange match rank` writes and `exchange match evaluate` reads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from exchange.matching.files.lines import FileProblem, column, csv_lines, json_lines

NEED_HEADINGS = ("need", "need_id")
OFFER_HEADINGS = ("offer", "offer_id")


def read_truth(file: Path) -> Mapping[str, frozenset[str]]:
    """The right offers of each need, from a CSV file with the columns ``need`` and ``offer``.

    A need may stand in several rows.

    :raises FileProblem: a column that is missing, an empty cell, or no row at all.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for number, row in csv_lines(file):
        need = row[column(file, row, *NEED_HEADINGS)]
        offer = row[column(file, row, *OFFER_HEADINGS)]
        if not need or not offer:
            empty = "offer" if need else "need"
            said = f"the cell {empty} is empty; write an id or remove the row"
            raise FileProblem(file, number, said)
        found[need].add(offer)
    if not found:
        raise FileProblem(file, None, "there is no row under the headings; write need,offer pairs")
    return {need: frozenset(offers) for need, offers in found.items()}


def read_ranks(file: Path) -> Mapping[str, Sequence[str]]:
    """The offers of each need, best first, from the lines ``need, offer, rank``.

    :raises FileProblem: a field that is missing, a rank that is no whole number from 1, or the same
        rank twice for a need.
    """
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for number, line in json_lines(file):
        for name in ("need", "offer", "rank"):
            if line.get(name) in (None, ""):
                raise FileProblem(file, number, f"the field {name} is missing")
        need, rank = str(line["need"]), line["rank"]
        if isinstance(rank, bool) or not isinstance(rank, int) or rank < 1:
            said = f"rank is {rank!r}; it must be a whole number from 1"
            raise FileProblem(file, number, said)
        if rank in found[need]:
            raise FileProblem(file, number, f"need {need} has rank {rank} twice")
        found[need][rank] = str(line["offer"])
    return {need: [offers[rank] for rank in sorted(offers)] for need, offers in found.items()}
