"""Ends of the chain, kept in a file beside the database and told to the log: what is removed at the
end of the trail leaves no hole, but it cannot reach an anchor that was carried away."""

from pathlib import Path

from exchange.audit.chain import last_link

FILE = "audit-anchors.txt"


def keep(folder: Path) -> tuple[int, str]:
    """Add the present end of the chain to the file in ``folder``; returns it."""
    anchor = last_link()
    if anchor[0]:
        with (folder / FILE).open("a", encoding="ascii") as file:
            file.write(line(anchor) + "\n")
    return anchor


def read(path: Path) -> dict[int, str]:
    """The anchors of a file; none where there is no file.

    :raises ValueError: a line that is no anchor.
    """
    lines = path.read_text(encoding="ascii").split() if path.exists() else []
    return dict(parsed(one) for one in lines)


def line(anchor: tuple[int, str]) -> str:
    """An anchor as people write it down: position and hash."""
    return f"{anchor[0]}:{anchor[1]}"


def parsed(text: str) -> tuple[int, str]:
    """:raises ValueError: it is no anchor."""
    position, colon, digest = text.partition(":")
    if not colon or not position.isdigit() or len(digest) != 64:
        raise ValueError(f"no anchor: {text!r}")
    return int(position), digest
