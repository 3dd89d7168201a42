"""A PDF that everybody can read: tagged, in its language, with what people typed as it is."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from exchange.pdf import Document, Heading, Items, Paragraph, Picture, Run, Table, render

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def jpeg():
    kept = BytesIO()
    Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
    return kept.getvalue()


def made(*blocks, title="Déchets à São Paulo", language="fr"):
    whole = Document(title, language, blocks, WHEN, authors=["Aïcha Ñame"], footer="NAP 34")
    return PdfReader(BytesIO(render(whole)))


def tags(reader):
    """Every element of the structure tree in reading order: (tag, alternative text, language)."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict) and "/S" in node:
            found.append((str(node["/S"]), node.get("/Alt"), node.get("/Lang")))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.root_object["/StructTreeRoot"]["/K"])
    return found


def words(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_that_it_is_tagged_and_in_which_language_and_what_it_is_called():
    reader = made(Paragraph("Été à Nampula"))
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.root_object["/Lang"] == "fr"
    assert reader.metadata.title == "Déchets à São Paulo"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in reader.root_object["/Metadata"].get_data().decode()
    assert "Été à Nampula" in words(reader)


def test_headings_lists_tables_and_pictures_are_in_the_structure_tree():
    reader = made(
        Heading("Contexte"),
        Paragraph([Run("Un "), Run("texte", strong=True), Run("lien", url="https://uclg.org/")]),
        Heading("Trop bas", level=4),
        Items(["un", "deux"]),
        Items(["premier"], ordered=True),
        Table(["Ville", "Pays"], [["Nampula", "Mozambique"]]),
        Picture(jpeg(), "Un marché couvert", "Photo : ville de Nampula"),
        Paragraph("What others said", language="en"),
    )
    found = tags(reader)
    names = [name for name, _, _ in found]
    assert {"/L", "/LI", "/Table", "/TH", "/Figure", "/Link"} <= set(names)
    assert [name for name in names if name.startswith("/H")] == ["/H1", "/H2"]
    assert "Un marché couvert" in [alt for _, alt, _ in found]
    assert "en" in [language for _, _, language in found]


@pytest.mark.parametrize(
    "typed",
    ['#read("/etc/passwd")', "$ x^2 $ *strong* _em_ = Heading", "\\ ] } ) // /* `raw`", "#panic()"],
)
def test_what_people_type_stays_text(typed):
    reader = made(Heading(typed), Paragraph(typed), Items([typed]), title=typed)
    assert reader.metadata.title == typed
    assert words(reader).count(" ".join(typed.split())) >= 4


def test_the_same_document_gives_the_same_bytes():
    whole = Document("Titre", "fr", [Paragraph("Texte")], WHEN)
    assert render(whole) == render(whole)


def test_a_letter_without_a_font_costs_the_promise_not_the_document():
    reader = made(Paragraph("Ville \ue123 \U000f1234 fin"))
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "fin" in words(reader)
