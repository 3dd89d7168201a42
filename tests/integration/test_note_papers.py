"""What goes out with a note: PDF, citation, credits, cover."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from exchange.extensions import db
from exchange.lessons import crediting, photos, sheets
from exchange.lessons.crediting import CreditRole
from exchange.lessons.models import NotePart
from tests import factories
from tests.factories import lessons

PARTS = {
    NotePart.practices: "# Découverte\n\n- *un* **marché**\n- [lien](https://uclg.org/)\n\n> cité",
    NotePart.method: '| Ville | Pays |\n|---|---|\n| Nampula | Mozambique |\n\n1. #read("x")',
}


@pytest.fixture
def story(app):
    return lessons.evaluated()


def photo(story):
    """A photo of a signed sheet; call it before the note is in review."""
    sheet = sheets.sheet_for(story.exchange, story.learner, language="fr")
    sent = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(sent, "JPEG")
    data = {"description": "Un marché à Nampula", "credit": "Ana", "consent": True}
    row = photos.add(sheet, sent.getvalue(), data)
    sheet.signed_on = story.exchange.visits[0].ends_on
    db.session.commit()
    return row


@pytest.fixture
def note(story):
    picture = photo(story)
    row = lessons.published(story, parts=PARTS)
    named = {"name": "Ana Ñ", "role": CreditRole.writing, "organisation": "Nampula"}
    crediting.credit(row, {**named, "consent": True}, actor=story.officer)
    crediting.choose_cover(row, picture.id, actor=story.officer)
    db.session.commit()
    return row


def words(data):
    reader = PdfReader(BytesIO(data))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_anybody_takes_the_pdf_from_the_address_that_stays(app, note):
    answer = app.test_client().get(f"/lessons/pln-{note.number}/{note.language}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader, text = words(answer.data)
    assert reader.root_object["/Lang"] == note.language
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in reader.root_object["/Metadata"].get_data().decode()
    for told in ("Découverte", "Mozambique", '#read("x")', "Ana Ñ", "Un marché à Nampula"):
        assert told in text, told
    assert f"/lessons/pln-{note.number}" in text
    again = app.test_client().get(
        f"/lessons/pln-{note.number}/{note.language}.pdf",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert (again.status_code, again.data) == (304, b"")


def test_another_text_is_another_paper(app, note, story):
    address = f"/lessons/pln-{note.number}/{note.language}.pdf"
    before = app.test_client().get(address).headers["ETag"]
    crediting.remove(crediting.credits_of(note)[0])
    db.session.commit()
    assert app.test_client().get(address).headers["ETag"] != before


def test_a_draft_and_a_language_that_is_not_there_have_no_paper(app, story, note):
    assert app.test_client().get(f"/lessons/pln-{note.number}/xx.pdf").status_code == 404
    assert app.test_client().get(f"/lessons/pln-{note.number + 1}/en.pdf").status_code == 404
    assert app.test_client().get(f"/lessons/pln-{note.number}/citation.doc").status_code == 404


def test_programs_that_keep_references_take_the_citation(app, note):
    base = f"/lessons/pln-{note.number}/citation"
    bib, ris = app.test_client().get(f"{base}.bib").text, app.test_client().get(f"{base}.ris").text
    assert "author = {{Ana Ñ}}" in bib
    assert f"number = {{{note.number}}}" in bib
    assert ris.startswith("TY  - RPRT\r\nAU  - Ana Ñ\r\n")
    assert ris.endswith("ER  - \r\n")
    line = app.test_client().get(f"{base}.txt").text
    assert line.startswith("Ana Ñ (")
    page = app.test_client().get(f"/en/lessons/{note.slug}").text
    assert "How to cite this note" in page
    assert "Un marché à Nampula" in page
    assert f"/lessons/pln-{note.number}/{note.language}.pdf" in page
    # The address that stays leads to the page.
    assert (
        app.test_client().get(f"/lessons/pln-{note.number}", follow_redirects=True).status_code
        == 200
    )


def test_a_reader_cites_in_their_own_language_and_programs_in_one(app, note):
    client, slug = app.test_client(), f"pln-{note.number}"
    series = f"Note d’apprentissage entre pairs {note.number}"
    line = client.get(f"/lessons/{slug}/citation.txt?lang=fr").text
    assert f". {series}. Cités et gouvernements locaux unis. http" in line
    assert note.title in line, "the title is that of the note"
    assert series in client.get(f"/fr/lessons/{note.slug}").text
    spanish = {"Accept-Language": "es"}
    told = client.get(f"/api/v1/notes/{note.id}/citation", headers=spanish).json
    assert f"Nota de aprendizaje entre pares {note.number}. Ciudades y" in told["text"]
    assert "T2  - Peer-Learning Note" in told["ris"]


def test_where_nobody_is_named_the_partners_are_the_authors(app, note):
    crediting.remove(crediting.credits_of(note)[0])
    db.session.commit()
    line = app.test_client().get(f"/lessons/pln-{note.number}/citation.txt").text
    assert line.startswith("Surabaya; Nampula (")


def test_partners_name_who_made_the_note_and_choose_the_cover(browser, story):
    note = lessons.written(story)
    picture = photo(story)
    page = browser.as_(story.author)
    address = f"/notes/{note.id}/credits"
    sent = {"name": "Bo", "role": "photos", "organisation": "Lyon"}
    refused = page.post(address, data=sent)
    assert refused.status_code == 422
    assert "Nobody is named without agreeing" in refused.text
    assert 'value="Bo"' in refused.text
    page.post(address, data={**sent, "consent": "yes"})
    page.post(f"/notes/{note.id}/cover", data={"photo_id": picture.id})
    shown = page.get(address).text
    assert "Bo, Lyon" in shown
    assert "On the cover" in shown
    row = crediting.credits_of(note)[0]
    page.post(f"/notes/{note.id}/credits/{row.id}/delete")
    page.post(f"/notes/{note.id}/cover")
    assert (crediting.credits_of(note), crediting.cover_of(note)) == ([], None)
    stranger = browser.as_(factories.person("Zed"))
    assert stranger.get(address).status_code == 404
    db.session.commit()


def test_a_photo_of_another_exchange_is_no_cover(app, story):
    note = lessons.written(story)
    with pytest.raises(crediting.Invalid) as refused:
        crediting.choose_cover(note, 999, actor=story.author)
    assert refused.value.code == "cover_not_out"
