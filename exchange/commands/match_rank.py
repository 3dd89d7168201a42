"""What `exchange match rank` does."""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key
from exchange.matching.files.filing import Asked, Filed, Line
from exchange.matching.files.lines import FileProblem
from exchange.matching.files.reading import read_needs, read_offers
from exchange.matching.text.choose import encoder_from
from exchange.matching.text.problems import EncoderProblem

# Fewer needs than this are ranked before anybody could read a bar.
WORTH_A_BAR = 500
# Of the settings this command reads one alone: it needs no folder and no database.
KEY = "EXCHANGE_TEXT_ENCODER_KEY"
WORDS = {
    "no_candidates": "no offer fits and has enough in common",
    "places_given_to_others": "the places of its offers went to needs that gain more",
    "stopped_early": "the time was over",
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of the command, as they were given."""

    needs: Path
    offers: Path
    mode: str
    top: int
    explain: bool
    configuration: Path | None
    encoder: str
    output: Path


def rank(options: Options) -> None:
    """Read, rank, write; what is wrong in a file is one line.

    :raises click.ClickException: with what is wrong, where, and the way out.
    """
    try:
        needs, offers = read_needs(options.needs), read_offers(options.offers)
        settings = configuration(options.configuration)
        encoder = encoder_from(options.encoder, key=os.environ.get(KEY, ""))
    except (FileProblem, EncoderProblem) as problem:
        raise click.ClickException(str(problem)) from None
    for note in (*needs.notes, *offers.notes):
        click.echo(note, err=True)
    filed = Filed(needs.facts, offers.facts, settings, encoder)
    asked = Asked(options.top, options.explain)
    reasons: Mapping[Key, str] = {}
    with _written(options.output) as file:
        if options.mode == "rank":
            listed = _write(file, _with_bar(filed.ranked(asked), len(filed.needs)))
        else:
            lines, reasons = filed.assigned(asked)
            listed = _write(file, lines)
    _say_fallback(filed.market.index.texts.encoder)
    _say_unlisted(filed, listed, reasons, explain=options.explain)


def configuration(file: Path | None) -> Configuration:
    """The settings of a file of JSON; what it does not name is as usual.

    :raises FileProblem: a setting that is not known or not a whole number from 0, or weights that
        are not together 10000.
    """
    if file is None:
        return Configuration()
    try:
        values = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise FileProblem(file, None, f"this is no JSON: {problem}") from None
    usual = Configuration()
    if not isinstance(values, dict):
        raise FileProblem(file, None, 'write one object, as {"floor": 1500}')
    weights = values.get("weights", {})
    if not isinstance(weights, dict):
        raise FileProblem(file, None, 'weights: write an object, as {"same_words": 2000}')
    _check(file, {k: v for k, v in values.items() if k != "weights"}, usual.as_dict())
    _check(file, weights, usual.weights)
    return Configuration.from_dict({**values, "weights": {**usual.weights, **weights}})


def _check(file: Path, values: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in known:
            raise FileProblem(file, None, f"{name} is no setting; there are {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
            raise FileProblem(file, None, f"{name} is {value!r}; write a whole number from 0")


@contextmanager
def _written(output: Path) -> Iterator[TextIO]:
    """The file to write to: it takes its name when all is written, so that no half is left."""
    if str(output) == "-":
        yield sys.stdout
        return
    try:
        handle, beside = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as problem:
        said = f"{output}: cannot be written: {problem.strerror}; choose another --output"
        raise click.ClickException(said) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
        Path(beside).chmod(0o644)
        Path(beside).replace(output)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _write(file: TextIO, lines: Iterable[Line]) -> set[Key]:
    """Write the lines; return the needs that have one at or above the floor."""
    listed = set()
    for line in lines:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        if "below_floor" not in line:
            listed.add(line["need"])
    return listed


def _with_bar(lines: Iterator[Line], length: int) -> Iterator[Line]:
    if length < WORTH_A_BAR:
        yield from lines
        return
    bar: Any
    with click.progressbar(length=length, label="Ranking", file=sys.stderr) as bar:
        need = None
        for line in lines:
            if line["need"] != need:
                need = line["need"]
                bar.update(1)
            yield line
        bar.update(length - bar.pos)


def _say_fallback(encoder: Any) -> None:
    if reason := getattr(encoder, "fell_back", ""):
        click.echo(f"the built-in encoder compared the texts: {reason}", err=True)


def _say_unlisted(
    filed: Filed, listed: set[Key], reasons: Mapping[Key, str], *, explain: bool
) -> None:
    """Needs without an offer that reaches the floor: how many, and with --explain why."""
    without = [need.id for need in filed.needs if need.id not in listed]
    if without:
        more = "" if explain else "; --explain says why"
        click.echo(f"{len(without)} of {len(filed.needs)} needs have no match{more}", err=True)
    for need in without if explain else ():
        why = WORDS.get(reasons.get(need, ""), "")
        removed = ", ".join(f"{many} {code}" for code, many in filed.why_not(need).items())
        said = "; ".join(part for part in (why, f"removed: {removed}" if removed else "") if part)
        click.echo(f"  {need}: {said}", err=True)
