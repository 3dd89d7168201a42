"""README and the documents stay true: the diagram, the map, the commands."""

import re

from tests.house.source import ROOT
from workflows.diagram import mermaid

EVERYWHERE = ("decline", "cancel", "hold", "resume")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_diagram_is_fresh():
    """Mend with: python -m tests.house.test_readme"""
    block = README.split("<!-- begin diagram -->")[1].split("<!-- end diagram -->")[0].strip()
    assert block == fresh_diagram()


def fresh_diagram() -> str:
    """The block as it should be."""
    return f"```mermaid\n{mermaid('exchange', without=EVERYWHERE)}```"


def test_the_map_names_every_noun_and_only_folders_that_exist():
    named = set(re.findall(r"`exchange/([a-z]+)`", README))
    there = {p.parent.name for p in (ROOT / "exchange").glob("*/models.py")}
    assert there <= named, f"the map forgets {there - named}"
    for folder in named:
        assert (ROOT / "exchange" / folder).exists(), folder


def test_every_link_leads_somewhere():
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{document}: {target}"


def test_every_make_target_that_the_documents_name_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for command in re.findall(r"^make ([a-z -]+?)(?: +#|$)", text, flags=re.M):
            assert set(command.split()) - {""} <= targets, f"{document}: make {command}"


if __name__ == "__main__":
    head, rest = README.split("<!-- begin diagram -->")
    tail = rest.split("<!-- end diagram -->")[1]
    middle = f"<!-- begin diagram -->\n{fresh_diagram()}\n<!-- end diagram -->"
    (ROOT / "README.md").write_text(f"{head}{middle}{tail}", encoding="utf-8")
